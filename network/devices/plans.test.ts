import { expect, it } from 'vitest';
import { type Plan, planTerms } from '#monitoring/plan.ts';
import { step, type Told } from '#monitoring/watch.ts';
import { firstState } from '#monitoring/watchState.ts';
import type { Episode } from './episodes.ts';
import { sound } from './faults.ts';
import { termsFor } from './plans.ts';
import { readingsBetween } from './sensors.ts';
import { type Wearer, wearers } from './wearers.ts';

const minute = 60_000;
const hour = 60 * minute;
const midnight = Date.parse('2027-02-01T00:00:00Z');
const clinicians = [`prac-${'a'.repeat(26)}`, `prac-${'b'.repeat(26)}`];

/** What is raised over a day by all of somebody's boxes. */
function dayOf(wearer: Wearer, episodes: readonly Episode[] = []): Told[] {
  const at = new Date(midnight).toISOString();
  const terms = termsFor(wearer, clinicians);
  const plan: Plan = { v: 1, patient: `pt-0-${'p'.repeat(26)}`, version: 1, terms, by: clinicians[0] ?? '', at };
  const worn = { body: wearer.body, episodes, faults: { ...sound, seed: 1 } };
  return wearer.boxes.flatMap((kind) => {
    let state = firstState(midnight);
    const told: Told[] = [];
    for (let now = midnight; now < midnight + 24 * hour; now += minute) {
      const done = step({ ...plan, terms: { ...terms, missingAfterSeconds: {} } }, state, {
        now: now + minute,
        readings: readingsBetween({ ...worn, kind }, now, now + minute),
      });
      state = done.state;
      told.push(...done.told.filter((one) => one.kind === 'raised'));
    }
    return told;
  });
}

it.each(wearers)('$email has a plan, and calls hardly ever on a quiet day', (wearer) => {
  const terms = termsFor(wearer, clinicians);
  expect(planTerms.parse(terms)).toEqual(terms);
  expect(dayOf(wearer).length).toBeLessThanOrEqual(1);
});

it('calls for whoever deteriorates', () => {
  const start = midnight + 10 * hour;
  const sepsis: Episode = { kind: 'sepsis', start, riseMs: hour, holdMs: 3 * hour, fallMs: hour, severity: 1 };
  const ebba = wearers.find(({ email }) => email.startsWith('ebba'));
  const told = ebba ? dayOf(ebba, [sepsis]) : [];
  const levels = told.map((one) => one.kind === 'raised' && one.content.level);
  expect(levels).toContain('critical');
  expect(told.length).toBeLessThan(12);
});
