import { NextRequest } from 'next/server';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { proxy } from '../proxy.ts';

const origin = 'http://localhost:3000';
const session = vi.hoisted(() => ({ actor: null as unknown }));
vi.mock('./env.ts', () => ({ env: () => ({ MEDLOOM_URL: 'http://localhost:3000' }), logLevel: () => 'silent' }));
vi.mock('./session/readActor.ts', () => ({ readActor: async () => session.actor }));

const { endpoint, jsonEndpoint, publicEndpoint, readBody } = await import('./endpoint.ts');

const context = { params: Promise.resolve({}) };
const echo = publicEndpoint(async ({ request }) => new Response(await readBody(request, 1024)));
const post = (body: BodyInit, headers: Record<string, string> = { origin }) => {
  // `duplex` is what fetch wants for a body of unknown length; the DOM's types do not know it.
  const init = { method: 'POST', body, headers, duplex: 'half' };
  return echo(new Request(`${origin}/api/echo`, init), context);
};

/** Ten megabytes, piece by piece; counts how much was taken. */
function tenMegabytes() {
  const taken = { bytes: 0 };
  const piece = new Uint8Array(64 * 1024).fill(120);
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (taken.bytes >= 10 * 1024 * 1024) return controller.close();
      taken.bytes += piece.length;
      controller.enqueue(piece);
    },
  });
  return { stream, taken };
}

describe('a body', () => {
  it('is read whole up to the limit', async () => {
    expect(await (await post('x'.repeat(1024))).text()).toHaveLength(1024);
  });

  it('of 10 MB is refused with a clear message', async () => {
    const response = await post('x'.repeat(10 * 1024 * 1024));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'TOO_LARGE', message: expect.stringContaining('larger') });
  });

  it('whose length nobody told is given up soon after the limit', async () => {
    const { stream, taken } = tenMegabytes();
    expect((await post(stream)).status).toBe(413);
    expect(taken.bytes).toBeLessThan(512 * 1024);
  });

  it('whose length was told too small is measured all the same', async () => {
    const { stream } = tenMegabytes();
    expect((await post(stream, { origin, 'content-length': '10' })).status).toBe(413);
  });
});

describe('a service behind a route', () => {
  const route = jsonEndpoint(z.object({ to: z.string().max(5) }), async (actor, { to }) => ({ actor, to }));
  const ask = (body: string, headers: Record<string, string> = { origin }) =>
    route(new Request(`${origin}/api/echo`, { method: 'POST', body, headers }), context);
  const code = async (answer: Promise<Response>) => (await (await answer).json()).code;

  it('is given what was sent in its shape, and who sent it', async () => {
    session.actor = 'somebody';
    const response = await ask('{"to":"you"}');
    expect(await response.json()).toEqual({ actor: 'somebody', to: 'you' });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('is asked nothing by strangers, from elsewhere, in another shape or at length', async () => {
    session.actor = null;
    expect(await code(ask('{"to":"you"}'))).toBe('UNAUTHENTICATED');
    session.actor = 'somebody';
    expect(await code(ask('{"to":"you"}', { origin: 'https://elsewhere.example' }))).toBe('FORBIDDEN');
    for (const body of ['', '{', '[]', '{"to":7}', '{"to":"too long"}'])
      expect(await code(ask(body))).toBe('INVALID_INPUT');
    expect(await code(ask(`{"to":"${'x'.repeat(600_000)}"}`))).toBe('TOO_LARGE');
    session.actor = null;
  });
});

describe('the proxy', () => {
  const ask = (headers: Record<string, string>) =>
    proxy(new NextRequest(`${origin}/doctor`, { method: 'POST', headers }));

  it('refuses a form of 10 MB before anything reads it, in words that the page can show', async () => {
    const response = ask({ 'content-length': String(10 * 1024 * 1024) });
    expect(response.status).toBe(413);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toMatch(/larger than the portal accepts.*Nothing was changed/);
  });

  it('lets others through, with a policy whose nonce is new each time', () => {
    const policies = [ask({}), ask({})].map(({ headers }) => headers.get('content-security-policy') ?? '');
    for (const policy of policies) {
      expect(policy).toMatch(/script-src 'self' 'nonce-[\w+/=]{24}' 'strict-dynamic'/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
    }
    expect(new Set(policies).size).toBe(2);
  });
});

describe('an endpoint', () => {
  it.each<Record<string, string>>([
    {},
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:3001' },
  ])('refuses what another site sends: %j', async (headers) => {
    expect((await post('x', { ...headers })).status).toBe(403);
  });

  it('is for people who are signed in', async () => {
    const own = endpoint(async ({ actor }) => Response.json(actor.role));
    const get = () => own(new Request(`${origin}/api/own`), context);
    session.actor = null;
    expect((await get()).status).toBe(401);
    session.actor = { role: 'patient' };
    expect(await (await get()).json()).toBe('patient');
  });

  it('answers a fault without its inside', async () => {
    const failing = publicEndpoint(async () => {
      throw new Error('/srv/medloom/keys: permission denied');
    });
    const response = await failing(new Request(`${origin}/api/failing`), context);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('/srv');
  });
});
