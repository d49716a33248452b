import { expect, it } from 'vitest';
import { alertAddressOf, alertQuery } from './alertAddress.ts';

it('what is listed and looked at stands in the address and is read from it again', () => {
  const address = alertAddressOf({ state: 'suspect', rule: 'excursion', alert: 'a'.repeat(32) });
  expect(alertQuery(address)).toBe(`state=suspect&rule=excursion&alert=${'a'.repeat(32)}`);
  expect(alertAddressOf(Object.fromEntries(new URLSearchParams(alertQuery(address))))).toEqual(address);
});

it('what an address says otherwise counts as not said', () => {
  expect(alertQuery(alertAddressOf({ state: 'x', rule: ['excursion'], alert: "'", cursor: 'now' }))).toBe('');
});
