import { describe, expect, it } from 'vitest';
import { barsOf, summaryOf } from './measures.ts';

const now = Date.parse('2026-11-26T12:00:30Z');
const point = (at: string, over = {}) => ({
  ...{ at, transactions: 3, invalid: 0, delayMs: 120, answerMs: 8, unanswered: 0 },
  ...over,
});

describe('bars', () => {
  it('cover an hour of minutes or a day of quarters, the newest last', () => {
    const hour = barsOf([point('2026-11-26T12:00:00.000Z')], 'transactions', 'hour', now);
    expect([hour.length, hour.at(-1)?.value, hour.at(-2)?.value]).toEqual([60, 3, 0]);
    expect(new Date(hour[0]?.at ?? 0).toISOString()).toBe('2026-11-26T11:01:00.000Z');
    const day = barsOf([point('2026-11-26T11:45:00.000Z')], 'transactions', 'day', now);
    expect([day.length, day.at(-1)?.value, day.at(-2)?.value]).toEqual([96, 0, 3]);
  });

  it('leave a gap where nothing was measured, and mark what was not answered', () => {
    const points = [point('2026-11-26T12:00:00.000Z', { answerMs: null, delayMs: null, unanswered: 2 })];
    expect(barsOf(points, 'delay', 'hour', now).at(-1)).toMatchObject({ value: null, unanswered: false });
    expect(barsOf(points, 'answer', 'hour', now).at(-1)).toMatchObject({ value: null, unanswered: true });
  });

  it('are summed for transactions and averaged for times', () => {
    const points = [point('2026-11-26T11:59:00.000Z'), point('2026-11-26T12:00:00.000Z', { delayMs: 80 })];
    expect(summaryOf(barsOf(points, 'transactions', 'hour', now), 'transactions')).toBe(6);
    expect(summaryOf(barsOf(points, 'delay', 'hour', now), 'delay')).toBe(100);
    expect(summaryOf(barsOf([], 'delay', 'hour', now), 'delay')).toBeNull();
    expect(summaryOf(barsOf([], 'transactions', 'hour', now), 'transactions')).toBeNull();
  });
});
