import { decode } from 'next-auth/jwt';
import { z } from 'zod';
import { env } from '#server/env.ts';

/** Over https the cookie's name binds it to this host, to the path `/` and to encryption. */
export function sessionCookie() {
  const secure = env().NEXTAUTH_URL.startsWith('https://');
  return {
    name: secure ? '__Host-medloom.session' : 'medloom.session',
    options: { httpOnly: true, sameSite: 'lax', path: '/', secure },
  } as const;
}

const claims = z.object({ sid: z.uuid() });

/** Session id in a cookie's value; undefined when it is forged, damaged or run out. */
export async function readSessionCookie(value: string | undefined): Promise<string | undefined> {
  if (value === undefined || value === '') return undefined;
  const token = await decode({ token: value, secret: env().NEXTAUTH_SECRET }).catch(() => null);
  return claims.safeParse(token).data?.sid;
}
