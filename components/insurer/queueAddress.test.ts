import { expect, it } from 'vitest';
import { queueAddressOf, queueHref } from './queueAddress.ts';

it('is what waits for a person where an address says nothing, or nonsense', () => {
  for (const params of [{}, { show: 'everything', page: '0' }, { show: ['all', 'denied'], page: 'x' }]) {
    expect(queueAddressOf(params)).toEqual({ show: 'waiting', page: 1 });
  }
});

it('is written so that it reads the same', () => {
  expect(queueHref({ show: 'waiting', page: 1 })).toBe('/insurer');
  for (const asked of [
    { show: 'denied', page: 3 },
    { show: 'all', page: 1 },
    { show: 'waiting', page: 2 },
  ] as const) {
    const url = new URL(queueHref(asked), 'https://portal.example');
    expect(queueAddressOf(Object.fromEntries(url.searchParams))).toEqual(asked);
  }
});
