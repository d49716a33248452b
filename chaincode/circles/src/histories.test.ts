import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CircleEpoch } from '../../model/circle.ts';
import { type CircleCare, createCircleCare } from '../../testing/circles.ts';
import type { Order } from '../../testing/ledger.ts';
import type { Signer } from '../../testing/records.ts';
import { submitToRegistry } from '../../testing/world.ts';

/** What holds of a circle, whatever its members and others do, in whatever order. */

const names = ['patient', 'sensor', 'hub', 'doctor', 'otherDoctor'] as const;
type Name = (typeof names)[number];
const subjects = ['sensor', 'hub', 'doctor', 'otherDoctor'] as const;

const signerOf = (care: CircleCare, name: Name): Signer => {
  if (name === 'patient') return care.patient;
  return name === 'sensor' || name === 'hub' ? care.device(name) : care.staff(name);
};

const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('seat' as const), of: fc.constantFrom(...subjects) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unseat' as const), of: fc.constantFrom(...subjects) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('suspend' as const), of: fc.constantFrom(...subjects) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), of: fc.constantFrom(...subjects) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      by: fc.constantFrom(...names),
      joins: fc.boolean(),
      /** Which of the leaves that there are then. */
      removes: fc.array(fc.nat({ max: 6 }), { maxLength: 2 }),
      anew: fc.integer({ min: 1, max: 12 }).map((one) => one === 1),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Made> ? Made : never;

interface Course {
  care: CircleCare;
  seated: Set<string>;
  suspended: Set<string>;
  leaves: number;
}

async function orderOf(course: Course, made: Step): Promise<Order> {
  const { care } = course;
  if (made.kind !== 'commit') {
    const subject = signerOf(care, made.of).id;
    if (made.kind === 'seat') return care.seatOrder(subject);
    return care.order(care.patient.identity, 'circles:unseat', [care.subject, subject]);
  }
  const by = signerOf(care, made.by);
  const circle = await care.circle();
  const isFirst = circle === undefined || made.anew;
  const there = circle?.leaves.map(({ leaf }) => leaf) ?? [];
  const removed = isFirst ? [] : made.removes.flatMap((place) => there[place] ?? []);
  course.leaves += 1;
  const added = made.joins || isFirst ? [care.leafOf(course.leaves, by)] : [];
  const generation = isFirst ? { generation: (circle?.generation ?? 0) + 1, epoch: 0 } : {};
  return care.commitOrder(by, { added, removed: [...new Set(removed)], ...generation });
}

/** Suspends somebody on the registry, or restores, and tells the channel. */
async function setStanding({ care, suspended }: Course, of: (typeof subjects)[number], status: 'suspended' | 'active') {
  const { id } = signerOf(care, of);
  const isDevice = id.startsWith('dev-');
  const by = isDevice ? care.world.registrars.HospitalMSP : care.world.registrars.RegulatorMSP;
  await submitToRegistry(care.world, by, isDevice ? 'setDeviceStatus' : 'setPractitionerStatus', id, status);
  await care.submit(care.world.registrars.RegulatorMSP, 'standings:mirror', [id]);
  if (status === 'suspended') suspended.add(id);
  else suspended.delete(id);
}

it('who is in it by right stays, who is not makes it stale, and epochs follow each other', async () => {
  const sums = { done: 0, refused: 0, stale: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (made) => {
      const care = await createCircleCare();
      await care.gather();
      const seated = new Set([care.device('sensor').id, care.staff('doctor').id]);
      const course: Course = { care, seated, suspended: new Set(), leaves: 10 };
      const mayBeIn = (id: string) => id === care.subject || (course.seated.has(id) && !course.suspended.has(id));
      for (const one of made) {
        const before = await care.circle();
        if (one.kind === 'suspend' || one.kind === 'restore') {
          const status = one.kind === 'suspend' ? 'suspended' : 'active';
          const isSo = course.suspended.has(signerOf(care, one.of).id) === (status === 'suspended');
          if (!isSo) await setStanding(course, one.of, status);
          continue;
        }
        const order = await orderOf(course, one);
        const isDone = await care.world.ledger.submit(order).then(
          () => true,
          () => false,
        );
        sums[isDone ? 'done' : 'refused'] += 1;
        const after = await care.circle();
        if (!isDone) {
          expect(after).toEqual(before);
          continue;
        }
        if (one.kind === 'seat') course.seated.add(signerOf(care, one.of).id);
        else if (one.kind === 'unseat') course.seated.delete(signerOf(care, one.of).id);
        else {
          // Only who may be in it acts, and only the patient takes out others who may.
          const { id } = signerOf(care, one.by);
          expect(mayBeIn(id)).toBe(true);
          const gone = before?.leaves.filter(({ leaf }) => !after?.leaves.some((kept) => kept.leaf === leaf)) ?? [];
          const others = gone.filter(({ subject }) => subject !== id && id !== care.subject);
          expect(others.filter(({ subject }) => mayBeIn(subject))).toEqual([]);
          const come = after?.leaves.filter(({ leaf }) => !before?.leaves.some((was) => was.leaf === leaf)) ?? [];
          expect(come.every(({ subject }) => subject === id)).toBe(true);
        }
        const isRight = after?.leaves.every(({ subject }) => mayBeIn(subject)) ?? true;
        if (one.kind === 'commit' || after?.version !== before?.version) {
          expect(after?.staleSince === undefined).toBe(isRight);
          if (!isRight) sums.stale += 1;
        }
      }
      await expectEpochs(care);
    }),
    { numRuns: 20 },
  );
  expect(Math.min(sums.done, sums.refused, sums.stale)).toBeGreaterThan(10);
}, 120_000);

async function expectEpochs(care: CircleCare): Promise<void> {
  const circle = await care.circle();
  for (let generation = 1; generation <= (circle?.generation ?? 0); generation += 1) {
    const epochs = await care.evaluate<CircleEpoch[]>(
      ...[care.world.people.service, 'circles:readEpochs', care.subject, `${generation}`, '0', '100'],
    );
    expect(epochs.map(({ epoch }) => epoch)).toEqual(epochs.map((_epoch, index) => index));
    for (const [index, { until }] of epochs.entries()) {
      const following = epochs[index + 1];
      if (following) expect(until).toBe(following.since);
      else expect(until === undefined).toBe(generation === circle?.generation);
    }
  }
}
