import type { AuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { env } from '#server/env.ts';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { callerAddress } from './address.ts';
import { sessionCookie } from './cookie.ts';
import { endSession, type SignedIn, sessionSeconds, signInWithPassword, signInWithWallet } from './service.ts';

declare module 'next-auth' {
  interface User {
    sessionId?: string;
  }
}
declare module 'next-auth/jwt' {
  interface JWT {
    sid?: string;
  }
}

/** next-auth's user for a sign-in; a refusal by rate limit or suspension reaches the page as its code, any other as nothing. */
async function userOf(signIn: Promise<SignedIn | undefined>) {
  try {
    const signedIn = await signIn;
    return signedIn === undefined ? null : { id: signedIn.personId, sessionId: signedIn.sessionId };
  } catch (error) {
    const { code } = asAppError(error);
    log().warn({ code }, 'sign-in failed');
    throw new Error(code);
  }
}

/** Sign-in with `password` {email, signInSecret} and `wallet` {message, signature}. The cookie names a database row. */
export function authOptions(): AuthOptions {
  return {
    secret: env().NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    cookies: { sessionToken: sessionCookie() },
    providers: [
      CredentialsProvider({
        id: 'password',
        name: 'E-mail and password',
        credentials: { email: {}, signInSecret: {} },
        authorize: (credentials, request) =>
          userOf(signInWithPassword({ address: callerAddress(request.headers) }, credentials)),
      }),
      CredentialsProvider({
        id: 'wallet',
        name: 'Wallet',
        credentials: { message: {}, signature: {} },
        authorize: (credentials, request) =>
          userOf(signInWithWallet({ address: callerAddress(request.headers) }, credentials)),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user?.sessionId === undefined ? token : { sub: user.id, sid: user.sessionId }),
      // The page learns who is signed in from the server's own queries; this endpoint tells only until when.
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: {
      signOut: async ({ token }) => {
        if (token?.sid !== undefined) await endSession(token.sid);
      },
    },
    logger: {
      error: (code) => log().error({ code }, 'next-auth'),
      warn: (code) => log().debug({ code }, 'next-auth'),
      debug: () => {},
    },
  };
}
