import { NextRequest } from 'next/server';
import { describe, expect, it } from 'vitest';
import { proxy } from './proxy.ts';

const request = (url: string, headers: Record<string, string> = {}) =>
  new NextRequest(url, { method: 'POST', headers });

describe('every answer', () => {
  it('has a content policy with a nonce of its own, without inline scripts or eval', () => {
    const policies = [0, 1].map(
      () => proxy(request('http://localhost:3000/')).headers.get('content-security-policy') ?? '',
    );
    const nonces = policies.map((policy) => /'nonce-([A-Za-z0-9+/=]{24})'/.exec(policy)?.[1]);
    expect(nonces[0]).toBeDefined();
    expect(nonces[0]).not.toBe(nonces[1]);
    const scripts = policies[0]?.split('; ').find((directive) => directive.startsWith('script-src')) ?? '';
    expect(scripts).toContain("'wasm-unsafe-eval'");
    expect(scripts).not.toMatch(/'unsafe-inline'|'unsafe-eval'/);
    expect(policies[0]).toContain("frame-ancestors 'none'");
    expect(policies[0]).not.toContain('upgrade-insecure-requests');
  });

  it('insists on https where it was asked so', () => {
    const answer = proxy(request('http://localhost:3000/', { 'x-forwarded-proto': 'https' }));
    expect(answer.headers.get('content-security-policy')).toContain('upgrade-insecure-requests');
  });
});

describe('a form of 10 MB', () => {
  it('is refused with words before anything reads it', async () => {
    const answer = proxy(request('http://localhost:3000/doctor', { 'content-length': String(10 * 1024 * 1024) }));
    expect(answer.status).toBe(413);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(await answer.text()).toContain('larger than the portal accepts');
  });

  it('is not mistaken for a small one', () => {
    expect(proxy(request('http://localhost:3000/doctor', { 'content-length': '2000000' })).status).toBe(200);
  });
});
