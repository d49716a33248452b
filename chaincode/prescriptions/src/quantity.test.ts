import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseLedgerError } from '../../model/errors.ts';
import type { Prescription, Reservation } from '../../model/prescription.ts';
import type { Endorsed } from '../../testing/ledger.ts';
import { dispenseOf, issueOf, packedDispenseOf, redeemKeyOf, reservationOf } from '../../testing/samples.ts';
import { Care, createWorld } from '../../testing/world.ts';

const pharmacists = ['pharmacist', 'colleague', 'otherPharmacist'] as const;
type Step =
  | { act: 'accept' | 'return' | 'close'; who: (typeof pharmacists)[number] }
  | {
      act: 'reserve' | 'releaseReservation' | 'dispense';
      who: (typeof pharmacists)[number];
      id: number;
      quantity: number;
    };

const who = fc.constantFrom(...pharmacists, 'pharmacist' as const, 'colleague' as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ act: fc.constant('accept' as const), who }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('return' as const), who }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('close' as const), who }) },
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constantFrom('reserve', 'reserve', 'releaseReservation', 'dispense', 'dispense', 'dispense'),
      who,
      id: fc.integer({ min: 1, max: 40 }),
      quantity: fc.integer({ min: 1, max: 8 }),
    }),
  },
);

/** Half of what a plan dispenses or releases is what is reserved at that time, if anything is. */
function dispensed({ id, quantity }: { id: number; quantity: number }, reserved: Reservation | undefined) {
  return reserved && id % 2 === 0
    ? { ...packedDispenseOf(id, reserved.quantity), id: reserved.dispenseId }
    : dispenseOf(id, quantity);
}

function argumentsOf(id: string, planned: Step, reserved: Reservation | undefined): string[] {
  switch (planned.act) {
    case 'reserve':
      return [id, JSON.stringify(reservationOf(planned.id, planned.quantity))];
    case 'releaseReservation':
      return [id, dispensed(planned, reserved).id];
    case 'dispense':
      return [id, JSON.stringify(dispensed(planned, reserved))];
    case 'close':
      return [id, 'not needed'];
    default:
      return [id];
  }
}

/** Blocks: steps in one block are endorsed on the same state and committed in another order. */
const blocks = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

it('never dispenses more than is prescribed, however the pharmacies interleave', async () => {
  let overlaps = 0;
  let completions = 0;
  let reservations = 0;
  let completedReservations = 0;
  await fc.assert(
    fc.asyncProperty(
      blocks,
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 3 }),
      async (plan, quantity, fills) => {
        const world = await createWorld();
        const care = new Care(world);
        const id = await care.issue(1, { quantity, fills });
        // Somebody holds it from the first block on, so that plans do not end before they begin.
        await care.accept(id, 1);
        let before: Prescription = await care.read(id);
        for (const block of plan) {
          const endorsed: Endorsed[] = [];
          for (const planned of block) {
            const order = care.order(
              world.people[planned.who],
              planned.act,
              argumentsOf(id, planned, before.reservation),
              planned.act === 'accept' ? { redeemKey: redeemKeyOf(1).key } : {},
            );
            try {
              endorsed.push(await world.ledger.endorse(order));
            } catch (error) {
              // Whatever the interleaving, a refusal has a code.
              if (!(error instanceof Error) || !parseLedgerError(error.message)) throw error;
            }
          }
          const codes = endorsed.reverse().map((transaction) => world.ledger.commit(transaction));
          if (endorsed.length > 1) overlaps += 1;
          expect(codes.filter((code) => code === 'VALID')).toHaveLength(Math.min(1, endorsed.length));

          const after = await care.read(id);
          const dispensed = after.dispenses.reduce((sum, dispense) => sum + dispense.quantity, 0);
          expect(dispensed).toBeLessThanOrEqual(quantity * fills);
          expect(after.left).toBe(quantity * fills - dispensed);
          expect(after.version - before.version).toBe(Math.min(1, endorsed.length));
          expect(after.dispenses.slice(0, before.dispenses.length)).toEqual(before.dispenses);
          expect(after.holder !== undefined).toBe(after.state === 'accepted' || after.state === 'partial');
          if (after.left === 0) expect(after.state).toBe('completed');
          expect(new Set(after.dispenses.map((dispense) => dispense.id)).size).toBe(after.dispenses.length);

          // What is reserved is there until its own dispense or release, whatever others dispense, return or close.
          const kept = after.reservation;
          expect(kept?.quantity ?? 0).toBeLessThanOrEqual(after.left);
          if (kept) expect(after.holder).toBeDefined();
          if (kept && !before.reservation) reservations += 1;
          const was = before.reservation;
          if (was && kept?.dispenseId !== was.dispenseId) {
            const completed = after.dispenses.find((dispense) => dispense.id === was.dispenseId);
            const { quantity, packs, packsHash } = was;
            if (completed) expect(completed).toMatchObject({ quantity, packs, packsHash });
            if (completed) completedReservations += 1;
            else expect(after.left).toBe(before.left);
          }
          before = after;
        }
        if (before.state === 'completed') completions += 1;
        expect(before.id).toBe(issueOf(1).id);
      },
    ),
    { numRuns: 60 },
  );
  // The property is empty unless the plans do overlap and do finish.
  expect(overlaps).toBeGreaterThan(0);
  expect(completions).toBeGreaterThan(0);
  expect(reservations).toBeGreaterThan(0);
  expect(completedReservations).toBeGreaterThan(0);
}, 120_000);
