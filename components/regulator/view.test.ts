import { describe, expect, it } from 'vitest';
import { type LiveView, lastHour, totalOf, withChange } from './view.ts';

const empty: LiveView = { counts: [], series: [], events: [], health: [] };
const change = {
  transactionId: 'tx-1',
  channel: 'care-0',
  blockNumber: 4,
  contract: 'care',
  function: 'issue',
  state: 'active',
  at: '2026-03-14T12:00:30Z',
};

describe('live view', () => {
  it('counts a change once, however often it is told', () => {
    const once = withChange(empty, change);
    expect(withChange(once, change)).toBe(once);
    expect(totalOf(once.counts, 'issue')).toBe(1);
  });

  it('adds to the chain’s minute', () => {
    const two = withChange(withChange(empty, change), { ...change, transactionId: 'tx-2', at: '2026-03-14T12:00:59Z' });
    expect(two.series[0]?.minutes).toEqual([{ at: '2026-03-14T12:00:00.000Z', count: 2 }]);
    expect(two.events.map(({ transactionId }) => transactionId)).toEqual(['tx-2', 'tx-1']);
  });

  it('keeps chains apart', () => {
    const two = withChange(withChange(empty, change), { ...change, transactionId: 'tx-2', channel: 'care-1' });
    expect(two.counts).toHaveLength(2);
    expect(totalOf(two.counts, 'issue')).toBe(2);
  });

  it('fills an hour with zeros', () => {
    const hour = lastHour([{ at: '2026-03-14T11:59:00Z', count: 4 }], Date.parse('2026-03-14T12:00:10Z'));
    expect(hour).toHaveLength(60);
    expect(hour.at(-2)?.count).toBe(4);
    expect(hour.at(-1)?.count).toBe(0);
    expect(hour.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  });

  it('holds the newest fifty events', () => {
    let view = empty;
    for (let index = 0; index < 60; index += 1) view = withChange(view, { ...change, transactionId: `tx-${index}` });
    expect(view.events).toHaveLength(50);
    expect(view.events[0]?.transactionId).toBe('tx-59');
  });
});
