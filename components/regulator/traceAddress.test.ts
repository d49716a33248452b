import { expect, it } from 'vitest';
import { daysOf, filterOf, queryOf } from './traceAddress.ts';

it('a filter stands in the address and is read from it again', () => {
  const filter = { days: 7, gtin: '09506000000019', site: '9506000000017' } as const;
  expect(filterOf(Object.fromEntries(new URLSearchParams(queryOf(filter))))).toEqual(filter);
  expect(queryOf(filterOf({}))).toBe('');
});

it('what an address says otherwise counts as not said', () => {
  expect(filterOf({ days: '12', gtin: 'x', site: ['1', '2'] })).toEqual({ days: 30 });
});

it('a week has seven days, today among them', () => {
  const now = Date.parse('2026-03-08T12:00:00Z');
  expect(daysOf({ days: 7 }, now)).toEqual({ from: '2026-03-02', to: '2026-03-08' });
});
