import { describe, expect, it } from 'vitest';
import type { FundEvent } from '../gateways/ethereum/fundEvents.ts';
import { byPeriod } from './report.ts';

/** What the fund has told, in days from the first of a period of thirty. */
const day = 86_400;
const first = 680 * 30 * day;
const at = (days: number) => first + days * day;
const rules = (days: number, length: number): FundEvent => ({ at: at(days), kind: 'rules', period: length * day });
const of =
  (kind: 'granted' | 'paid' | 'ended') =>
  (days: number, claim: string, amount: bigint): FundEvent => ({
    ...{ at: at(days), kind, claim, amount },
  });
const [granted, paid, ended] = [of('granted'), of('paid'), of('ended')];
const told = (events: readonly FundEvent[], length: number) =>
  byPeriod(events, length * day).map(({ from, until, granted: all, paid: sum }) => [
    ...[(from - first) / day, (until - first) / day, all, sum],
  ]);

describe('the report by period', () => {
  it('is by the period’s own length, with what ended counted where it was granted', () => {
    const events = [rules(0, 30), granted(1, 'a', 100n), paid(2, 'a', 60n), granted(31, 'b', 50n), ended(33, 'a', 40n)];
    expect(told(events, 30)).toEqual([
      [0, 30, 60n, 60n],
      [30, 60, 50n, 0n],
    ]);
  });

  it('leaves former periods as they were where the length changes, and cuts the one in which it does', () => {
    const before = [rules(0, 30), granted(1, 'a', 100n), granted(32, 'b', 50n), paid(33, 'b', 50n)];
    const after = [
      rules(40, 7),
      granted(41, 'c', 30n),
      paid(41, 'c', 20n),
      granted(49, 'd', 10n),
      ended(50, 'a', 100n),
    ];
    const [oldest, cut, ...later] = told([...before, ...after], 7);
    expect(oldest).toEqual([0, 30, 0n, 0n]);
    expect(cut).toEqual([30, 40, 50n, 50n]);
    // Weeks are counted from 1970, too: the first begins with the rules, and ends where a week does.
    const week = (days: number) => (Math.floor(at(days) / (7 * day)) + 1) * 7 - first / day;
    expect(later).toEqual([
      [40, week(41), 30n, 20n],
      [week(49) - 7, week(49), 10n, 0n],
    ]);
    // Nothing is counted twice, and nothing lies in two.
    expect(told([...before, ...after], 7).map(([from]) => from)).toEqual([0, 30, 40, week(49) - 7]);
  });

  it('is not cut by rules that leave the length, and goes on where the length comes back', () => {
    expect(told([rules(0, 30), granted(1, 'a', 5n), rules(3, 30), granted(4, 'b', 6n)], 30)).toEqual([
      [0, 30, 11n, 0n],
    ]);
    const back = [
      rules(0, 30),
      granted(1, 'a', 5n),
      rules(2, 60),
      granted(3, 'b', 6n),
      rules(4, 30),
      granted(5, 'c', 7n),
    ];
    expect(told(back, 30)).toEqual([
      [0, 2, 5n, 0n],
      [2, 4, 6n, 0n],
      [4, 30, 7n, 0n],
    ]);
  });

  it('has what was given before there were rules, and nothing where there never were', () => {
    const gift: FundEvent = { at: at(1), kind: 'given', donor: '0x', amount: 9n };
    expect(byPeriod([gift, rules(2, 30)], 30 * day)).toMatchObject([{ from: first, given: 9n }]);
    expect(byPeriod([gift], 0)).toEqual([]);
  });
});
