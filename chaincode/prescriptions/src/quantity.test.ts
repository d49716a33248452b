import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseLedgerError } from '../../model/errors.ts';
import type { Prescription } from '../../model/prescription.ts';
import type { Endorsed } from '../../testing/ledger.ts';
import { dispenseOf, issueOf, redeemKeyOf } from '../../testing/samples.ts';
import { Care, createWorld } from '../../testing/world.ts';

const pharmacists = ['pharmacist', 'colleague', 'otherPharmacist'] as const;
type Step =
  | { act: 'accept' | 'return' | 'close'; who: (typeof pharmacists)[number] }
  | { act: 'dispense'; who: (typeof pharmacists)[number]; id: number; quantity: number };

const who = fc.constantFrom(...pharmacists);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ act: fc.constant('accept' as const), who }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('return' as const), who }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('close' as const), who }) },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant('dispense' as const),
      who,
      id: fc.integer({ min: 1, max: 40 }),
      quantity: fc.integer({ min: 1, max: 8 }),
    }),
  },
);

/** Blocks: steps in one block are endorsed on the same state and committed in another order. */
const blocks = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

it('never dispenses more than is prescribed, however the pharmacies interleave', async () => {
  let overlaps = 0;
  let completions = 0;
  await fc.assert(
    fc.asyncProperty(
      blocks,
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 3 }),
      async (plan, quantity, fills) => {
        const world = await createWorld();
        const care = new Care(world);
        const id = await care.issue(1, { quantity, fills });
        let before: Prescription = await care.read(id);
        for (const block of plan) {
          const endorsed: Endorsed[] = [];
          for (const planned of block) {
            const order = care.order(
              world.people[planned.who],
              planned.act,
              planned.act === 'dispense'
                ? [id, JSON.stringify(dispenseOf(planned.id, planned.quantity))]
                : planned.act === 'close'
                  ? [id, 'not needed']
                  : [id],
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
          before = after;
        }
        if (before.state === 'completed') completions += 1;
        expect(before.id).toBe(issueOf(1).id);
      },
    ),
    { numRuns: 25 },
  );
  // The property is empty unless the plans do overlap and do finish.
  expect(overlaps).toBeGreaterThan(0);
  expect(completions).toBeGreaterThan(0);
}, 120_000);
