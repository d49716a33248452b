import { expect, test } from 'vitest';
import type { AlertView } from './alertView.ts';
import { lastReading, levelOf, type WallPatient, worstFirst } from './wallPatient.ts';

const now = Date.UTC(2026, 5, 1, 12);
const alert = (level: AlertView['level'], state: AlertView['state'] = 'raised'): AlertView => ({
  ...{ id: `${level}-${state}`, level, state, raisedAt: new Date(now - 60_000).toISOString() },
});
const patient = (name: string, others: Partial<WallPatient> = {}): WallPatient => ({
  ...{ id: name, name, href: '#', alerts: [], limits: {}, newest: { heartRate: { at: now - 60_000, value: 70 } } },
  ...others,
});
const scored = (total: number): WallPatient['score'] => ({
  ...{ state: 'scored', total, band: 'low' },
  points: {
    respiratoryRate: 0,
    saturation: 0,
    oxygenFlow: 0,
    systolic: 0,
    heartRate: 0,
    consciousness: 0,
    temperature: 0,
  },
});

test('the worst comes first: open alerts, who is waited for, who is not known, then the score', () => {
  const names = worstFirst(
    [
      ...[patient('calm'), patient('calm but 4', { score: scored(4) }), patient('silent', { newest: {} })],
      ...[
        patient('notice', { alerts: [alert('notice')] }),
        patient('closed', { alerts: [alert('critical', 'closed')] }),
      ],
      patient('looked after', { alerts: [alert('critical', 'acknowledged')], score: scored(9) }),
      patient('waiting', { alerts: [alert('notice'), alert('critical', 'escalated')] }),
      ...[patient('sealed', { newest: {}, isSealed: true }), patient('urgent', { alerts: [alert('urgent')] })],
    ],
    now,
  ).map(({ name }) => name);
  expect(names).toEqual([
    ...['waiting', 'looked after', 'urgent', 'notice', 'silent', 'sealed', 'calm but 4', 'calm', 'closed'],
  ]);
});

test('in range is said only of what still stands', () => {
  expect(levelOf(patient('a'), now)).toBe('calm');
  expect(levelOf(patient('a'), now + 3_600_000)).toBe('unknown');
  const weighed = patient('a', { newest: { weight: { at: now - 7_200_000, value: 80 } } });
  expect(levelOf(weighed, now)).toBe('calm');
  const high = { heartRate: { high: 69, hysteresis: 1, forSeconds: 600 } };
  expect(levelOf(patient('a', { limits: high }), now)).toBe('outside');
  expect(levelOf(patient('a', { limits: high }), now + 3_600_000)).toBe('unknown');
  const { limits: _, ...unplanned } = patient('a');
  expect(levelOf(unplanned, now)).toBe('unjudged');
  expect(lastReading(weighed)).toBe(now - 7_200_000);
  expect(lastReading(patient('a', { newest: {} }))).toBeUndefined();
});
