import { createHmac, randomUUID } from 'node:crypto';
import { encode } from 'next-auth/jwt';
import { describe, expect, it, vi } from 'vitest';

const secret = 'the session secret of this test, long enough';
vi.mock('#server/env.ts', () => ({ env: () => ({ NEXTAUTH_SECRET: secret, NEXTAUTH_URL: 'http://localhost:3000' }) }));

const { readSessionCookie } = await import('./cookie.ts');

const sid = randomUUID();
const base64Url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT that is only signed, as other libraries make them. */
function signedOnly(header: object, key: string): string {
  const text = `${base64Url(header)}.${base64Url({ sid, exp: 4_000_000_000 })}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

describe('the session cookie', () => {
  it('names the session when it is of this portal', async () => {
    expect(await readSessionCookie(await encode({ token: { sid }, secret }))).toBe(sid);
  });

  it('is nothing once it has run out', async () => {
    expect(await readSessionCookie(await encode({ token: { sid }, secret, maxAge: -60 }))).toBeUndefined();
  });

  it('is nothing without a session id, or with one that is none', async () => {
    expect(await readSessionCookie(await encode({ token: { sub: 'somebody' }, secret }))).toBeUndefined();
    expect(await readSessionCookie(await encode({ token: { sid: "' or 1=1" }, secret }))).toBeUndefined();
  });

  it.each<[string, () => string | Promise<string>]>([
    ['encrypted under another secret', () => encode({ token: { sid }, secret: 'another secret that is long enough' })],
    ['signed with the secret and not encrypted', () => signedOnly({ alg: 'HS256', typ: 'JWT' }, secret)],
    ['without any algorithm', () => `${base64Url({ alg: 'none' })}.${base64Url({ sid })}.`],
    ['a bare session id', () => sid],
    ['garbage', () => 'a.b.c.d.e'],
    ['very long', () => 'x'.repeat(1_000_000)],
  ])('is refused when forged: %s', async (_, forge) => {
    expect(await readSessionCookie(await forge())).toBeUndefined();
  });

  it('is refused when any part of it is altered', async () => {
    const parts = (await encode({ token: { sid }, secret })).split('.');
    for (const [at, part] of parts.entries()) {
      const first = part.startsWith('A') ? 'B' : 'A';
      const altered = parts.with(at, first + part.slice(1)).join('.');
      expect(await readSessionCookie(altered), `part ${at}`).toBeUndefined();
    }
  });

  it('is nothing when there is none', async () => {
    expect(await readSessionCookie(undefined)).toBeUndefined();
    expect(await readSessionCookie('')).toBeUndefined();
  });
});
