import NextAuth from 'next-auth';
import { authOptions } from '#server/session/authOptions.ts';

type Context = { params: Promise<{ nextauth: string[] }> };

/** Sign-in and sign-out. The options need the settings, which a build has not got; so they are read with each request. */
function handler(request: Request, context: Context): Promise<Response> {
  return NextAuth(authOptions())(request, context);
}

export { handler as GET, handler as POST };
