import { NextRequest } from 'next/server';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const seen = vi.hoisted(() => {
  process.env.LOG_LEVEL = 'silent';
  return { bodies: [] as string[] };
});
vi.mock('next-auth', () => ({
  default: () => async (request: Request) => {
    seen.bodies.push(await request.text());
    return new Response('ok');
  },
}));
vi.mock('#server/session/authOptions.ts', () => ({ authOptions: () => ({}) }));

const { POST } = await import('./route.ts');

const context = { params: Promise.resolve({ nextauth: ['callback', 'password'] }) };
const url = 'http://localhost:3000/api/auth/callback/password';
const post = (body: BodyInit) => {
  const init = { method: 'POST', body, duplex: 'half' } as const;
  return POST(new NextRequest(url, init), context);
};

describe('signing in', () => {
  beforeEach(() => {
    seen.bodies.length = 0;
  });

  it('hands the form on as it is', async () => {
    const form = 'csrfToken=abc&email=a%40b.example&signInSecret=xyz';
    expect((await post(form)).status).toBe(200);
    expect(seen.bodies).toEqual([form]);
  });

  it('refuses 10 MB before next-auth reads them, told or untold', async () => {
    const large = new Uint8Array(10 * 1024 * 1024);
    const stream = new Blob([large]).stream();
    for (const body of [large, stream]) {
      const response = await post(body);
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 'TOO_LARGE' });
    }
    expect(seen.bodies).toEqual([]);
  });
});
