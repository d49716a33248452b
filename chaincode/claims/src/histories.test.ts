import fc from 'fast-check';
import { expect, it } from 'vitest';
import { payers } from '../../model/claim.ts';
import { parseLedgerError } from '../../model/errors.ts';
import {
  authorisationOf,
  type Claims,
  claimOf,
  createClaims,
  hexOf,
  policyOf,
  sayAs,
  sealedOf,
} from '../../testing/claims.ts';
import { type Attempt, billed, ClaimsModel, outcomeOf, seenAs } from '../../testing/claimsModel.ts';
import type { Endorsed, Order } from '../../testing/ledger.ts';
import { instant, institutions } from '../../testing/samples.ts';

/** What holds of claims, whatever providers, insurers, members and payers try, in whatever order and however much at once. */

const claim = fc.integer({ min: 1, max: 4 });
/** Policy 1 is of the insurer, 3 of another, which is asked to pay the same services. */
const policy = fc.constantFrom(1, 2, 3);
const share = fc.constantFrom(0, 0, 100, 300, 700, 700, 900);
const transaction = fc.integer({ min: 1, max: 12 });
const submission = fc.record({
  ...{ name: fc.constant('submit' as const), claim, policy, service: fc.integer({ min: 1, max: 5 }) },
});
const attempts: fc.Arbitrary<Attempt> = fc.oneof(
  { weight: 2, arbitrary: submission },
  { weight: 3, arbitrary: fc.record({ name: fc.constantFrom('review', 'review', 'reverse'), claim }) },
  { weight: 6, arbitrary: fc.record({ name: fc.constant('appeal' as const), claim }) },
  {
    weight: 9,
    arbitrary: fc
      .record({
        ...{ name: fc.constant('decide' as const), claim, person: fc.boolean(), insurer: share },
        ...{ patient: fc.constantFrom(0, 100, 300), late: fc.constantFrom(false, false, false, true) },
      })
      .filter(({ insurer, patient }) => insurer + patient <= billed),
  },
  { weight: 4, arbitrary: fc.record({ name: fc.constant('settle' as const), claim, transaction }) },
  {
    weight: 9,
    arbitrary: fc.record({
      ...{ name: fc.constant('anchor' as const), claim, payer: fc.constantFrom('insurer', ...payers), transaction },
      ...{ refund: fc.constantFrom(false, false, false, true), amount: fc.constantFrom(100, 300, 400, 700, 900) },
    }),
  },
  { weight: 1, arbitrary: fc.record({ name: fc.constant('cash' as const), claim, amount: fc.constantFrom(100, 200) }) },
);
/** There is something to decide from the beginning. */
const first = [1, 2, 3].map((number): Attempt => ({ name: 'submit', claim: number, policy: number, service: number }));

/** The attempt as it is sent, on what the ledger has now; another sealed message each time. */
async function orderOf(claims: Claims, attempt: Attempt, turn: number): Promise<Order> {
  const { cast, world } = claims;
  const id = claimOf(attempt.claim);
  const found = await claims.claim(id).catch(() => undefined);
  // Who acts is of the claim's own insurer; whose it is not is the matrix's.
  const isOthers = found?.policy === policyOf(3);
  const adjudicator = isOthers ? cast.otherAdjudicator : cast.adjudicator;
  const staff = isOthers ? cast.otherInsurer : world.people.insurer;
  const send = (caller: typeof staff, name: string, ...args: (string | object)[]) =>
    claims.order(
      caller,
      name,
      args.map((argument) => (typeof argument === 'string' ? argument : JSON.stringify(argument))),
    );
  switch (attempt.name) {
    case 'submit': {
      const authorisation = { 1: authorisationOf(1), 2: authorisationOf(3), 3: authorisationOf(4) }[attempt.policy];
      const service = hexOf(`service ${attempt.service}`);
      const reference = hexOf(`reference ${turn}`);
      return claims.billing(attempt.claim, {
        ...{ policy: policyOf(attempt.policy), authorisation: authorisation ?? '', service, billed, reference },
      });
    }
    case 'review':
      return send(adjudicator, 'review', {
        claims: [{ claim: id, version: found?.version ?? 1, reasons: ['UNUSUAL'] }],
      });
    case 'appeal': {
      const member = [cast.member, cast.neighbour, cast.stranger].find((one) => one.policy === found?.policy);
      const said = { policy: found?.policy ?? policyOf(1), at: instant(0), claim: id, message: sealedOf(`${turn}`) };
      return send(claims.registrar, 'appeal', sayAs(member ?? cast.member, 'appeal', said));
    }
    case 'reverse':
      return send(world.people.pharmacist, 'reverse', id, 'given back');
    case 'decide': {
      const { insurer, patient, person, late } = attempt;
      const account = await claims.usage(found?.policy ?? policyOf(1));
      const outcome = outcomeOf({ insurer, patient });
      return send(person ? staff : adjudicator, 'decide', {
        decisions: [
          {
            ...{ claim: id, version: found?.version ?? 1, usage: account.version + (late ? 1 : 0), outcome },
            ...{ allowed: insurer + patient, insurer, patient, deductible: 0, explanation: sealedOf(`${turn}`) },
            reasons: outcome === 'approved' ? [] : ['OTHER'],
          },
        ],
      });
    }
    case 'settle':
      return send(adjudicator, 'settle', {
        ...{ claim: id, transactionHash: `0x${hexOf(`transaction ${attempt.transaction}`)}` },
      });
    case 'anchor': {
      const { payer, refund, amount, transaction: entry } = attempt;
      const kind = refund ? 'refund' : 'payment';
      return send(adjudicator, 'anchor', claims.receipt(id, entry, { payer, kind, amount }));
    }
    case 'cash':
      return send(world.people.pharmacist, 'cash', id, `${attempt.amount}`);
  }
}

/** Undefined where it is refused, with a code. */
async function endorse({ world }: Claims, order: Order): Promise<Endorsed | undefined> {
  try {
    return await world.ledger.endorse(order);
  } catch (error) {
    if (!(error instanceof Error) || !parseLedgerError(error.message)) throw error;
    return undefined;
  }
}

async function expectInvariants(claims: Claims, model: ClaimsModel): Promise<void> {
  const services: string[] = [];
  for (const [number, expected] of model.claims) {
    const stored = await claims.claim(claimOf(number));
    const { state, decisions, paid, cash } = expected;
    expect(seenAs(stored)).toEqual({ state, decisions, paid, cash });
    expect([stored.policy, stored.provider]).toEqual([policyOf(expected.policy), institutions.pharmacy.id]);
    for (const { allowed, insurer, patient } of stored.decisions) expect(insurer + patient).toBe(allowed);
    expect(paid.insurer).toBeLessThanOrEqual(stored.decisions.at(-1)?.insurer ?? 0);
    services.push(stored.service);
  }
  expect(new Set(services).size).toBe(services.length);
  for (const number of [1, 2, 3]) {
    const usage = await claims.usage(policyOf(number));
    const { insurer, patient } = model.usage(number);
    expect(usage).toMatchObject({ insurer, patient, version: model.accountVersion(number) });
    expect(usage.categories.medicine ?? 0).toBe(insurer);
  }
}

it('one after the other: the contract takes what the model takes, and nothing else', async () => {
  const sums = { taken: 0, refused: 0, paid: 0, appealed: 0, reversed: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(attempts, { minLength: 30, maxLength: 70, size: 'max' }), async (made) => {
      const claims = await createClaims();
      const model = new ClaimsModel();
      for (const [turn, attempt] of [...first, ...made].entries()) {
        const endorsed = await endorse(claims, await orderOf(claims, attempt, turn));
        if (endorsed) expect(claims.world.ledger.commit(endorsed)).toBe('VALID');
        expect([attempt, endorsed !== undefined]).toEqual([attempt, model.take(attempt)]);
        sums[endorsed ? 'taken' : 'refused'] += 1;
        if (endorsed && attempt.name === 'anchor') sums.paid += 1;
        if (endorsed && attempt.name === 'appeal') sums.appealed += 1;
        if (endorsed && attempt.name === 'reverse') sums.reversed += 1;
      }
      await expectInvariants(claims, model);
    }),
    { numRuns: 30 },
  );
  // Histories in which nothing happens would prove nothing.
  expect(Math.min(...Object.values(sums))).toBeGreaterThan(10);
}, 120_000);

it('many at once: what is committed is what the model takes in the order of the chain', async () => {
  const sums = { valid: 0, overtaken: 0 };
  const round = fc.array(attempts, { minLength: 6, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 4, maxLength: 8 }), async (rounds) => {
      const claims = await createClaims();
      const model = new ClaimsModel();
      let turn = 0;
      for (const made of [first, ...rounds]) {
        const endorsed: { attempt: Attempt; one: Endorsed }[] = [];
        // All are endorsed before the first is in a block.
        for (const attempt of made) {
          turn += 1;
          const one = await endorse(claims, await orderOf(claims, attempt, turn));
          if (one) endorsed.push({ attempt, one });
        }
        for (const { attempt, one } of endorsed) {
          const isValid = claims.world.ledger.commit(one) === 'VALID';
          sums[isValid ? 'valid' : 'overtaken'] += 1;
          if (isValid) expect([attempt, model.take(attempt)]).toEqual([attempt, true]);
        }
      }
      await expectInvariants(claims, model);
    }),
    { numRuns: 25 },
  );
  expect(Math.min(...Object.values(sums))).toBeGreaterThan(20);
}, 120_000);
