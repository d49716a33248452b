import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { callerAddress } from './address.ts';
import { recordPeers } from './peer.ts';

const forwarded = (value: string) => new Headers({ 'x-forwarded-for': value });

describe('the address of a caller', () => {
  it('is the peer’s, or what the outermost of our proxies wrote, and never what stands before', () => {
    expect(callerAddress(forwarded('1.1.1.1, 2.2.2.2, 3.3.3.3'), 0)).toBe('3.3.3.3');
    expect(callerAddress(forwarded('1.1.1.1, 2.2.2.2, 3.3.3.3'), 1)).toBe('2.2.2.2');
    expect(callerAddress({ 'x-forwarded-for': '1.1.1.1,2.2.2.2' }, 0)).toBe('2.2.2.2');
  });

  it('is the farthest that is known where fewer proxies were passed, and unknown without any', () => {
    expect(callerAddress(forwarded('3.3.3.3'), 2)).toBe('3.3.3.3');
    expect(callerAddress(new Headers(), 0)).toBe('unknown');
    expect(callerAddress(undefined, 1)).toBe('unknown');
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0db8::5:6:7:8', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
  ])('takes %s for %s, so that nobody has more addresses than others', (address, counted) => {
    expect(callerAddress(forwarded(address), 0)).toBe(counted);
  });

  it('is not what a request says of itself', async () => {
    recordPeers();
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(callerAddress(request.headers, 0));
      response.end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    try {
      for (const said of ['198.51.100.1', '198.51.100.2, 198.51.100.3']) {
        await fetch(`http://127.0.0.1:${port}`, { headers: { 'x-forwarded-for': said } });
      }
      await fetch(`http://127.0.0.1:${port}`);
    } finally {
      await new Promise((closed) => server.close(closed));
    }
    expect(seen).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
  });
});
