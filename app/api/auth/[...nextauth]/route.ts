import { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { publicAnswer, readBody } from '#server/endpoint.ts';
import { authOptions } from '#server/session/authOptions.ts';

type Context = { params: Promise<{ nextauth: string[] }> };

/** An e-mail with its secret, or a wallet's message with its signature, needs a fraction of this. */
const largestBody = 32 * 1024;

/** Sign-in and sign-out. The options need the settings, which a build has not got; so they are read with each request. */
export function GET(request: NextRequest, context: Context): Promise<Response> {
  return NextAuth(authOptions())(request, context);
}

/** The same with a body, which is measured first: next-auth itself would read one of any size, from anybody. */
export function POST(request: NextRequest, context: Context): Promise<Response> {
  return publicAnswer(request, async () => {
    const { url, headers } = request;
    const body = await readBody(request, largestBody);
    return NextAuth(authOptions())(new NextRequest(url, { method: 'POST', headers, body }), context);
  });
}
