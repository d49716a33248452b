import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import type { Actor } from '../people/schema.ts';
import { callerAddress } from './address.ts';
import type { Caller } from './attempt.ts';
import { readSessionCookie, sessionCookie } from './cookie.ts';
import { findActor } from './service.ts';

/** The signed-in person of the request being served, checked against the database; null when there is none. */
export const readActor = cache(async (): Promise<Actor | null> => {
  const jar = await cookies();
  const sessionId = await readSessionCookie(jar.get(sessionCookie().name)?.value);
  return sessionId === undefined ? null : findActor(sessionId);
});

/** Who sent the request being served. */
export async function readCaller(): Promise<Caller> {
  return { address: callerAddress(await headers()) };
}
