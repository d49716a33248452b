import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Claim, type ClaimSubmission, serviceDayOf } from '../../model/claim.ts';
import type { Page } from '../../model/registry.ts';
import {
  authorisationOf,
  type Claims,
  claimOf,
  createClaims,
  createMember,
  dayOf,
  hexOf,
  policyOf,
  termsOf,
  wrapsFor,
} from '../../testing/claims.ts';
import { refusal } from '../../testing/ledger.ts';
import { day, hour, instant, institutions } from '../../testing/samples.ts';
import { practitionerIdOf, suspend } from '../../testing/world.ts';

/** What can be billed, by whom, to whom, and how often. */

let claims: Claims;
beforeEach(async () => {
  claims = await createClaims();
});
afterEach(() => {
  vi.useRealTimers();
});
const goOn = (milliseconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(Date.now() + milliseconds) });
const refusedBill = (seed: number, change: Partial<ClaimSubmission> = {}) => refusal(claims.bill(seed, change));

describe('who bills', () => {
  it('is somebody of the institution that the member has authorised for this policy', async () => {
    const { people } = claims.world;
    await claims.bill(1, {}, people.colleague);
    await claims.bill(2, { authorisation: authorisationOf(2) }, people.doctor);
    for (const [caller, change] of [
      [people.otherPharmacist, {}],
      [people.doctor, {}],
      [people.pharmacist, { authorisation: authorisationOf(2) }],
      // Another member's policy, by the authorisation of this one, and the other way round.
      [people.pharmacist, { policy: policyOf(2) }],
      [people.pharmacist, { policy: policyOf(3), authorisation: authorisationOf(1) }],
      [people.pharmacist, { authorisation: authorisationOf(3) }],
    ] as const)
      expect(await refusal(claims.bill(3, change, caller))).toBe('NOT_AUTHORISED');
    expect(await refusedBill(3, { authorisation: authorisationOf(9) })).toBe('NOT_FOUND');
  });

  it('does so no more once the authorisation is over, also for what was served before', async () => {
    const { member } = claims.cast;
    await claims.authorise(member, 9, { until: instant(hour) });
    await claims.bill(1, { authorisation: authorisationOf(9) });
    goOn(2 * hour);
    expect(await refusedBill(2, { authorisation: authorisationOf(9) })).toBe('NOT_INSURED');
  });

  it('whose suspension this channel has been told of since the endorsement bills nothing', async () => {
    const { ledger, registrars } = claims.world;
    const endorsed = await ledger.endorse(claims.billing(1));
    await suspend(claims.world, 'pharmacist');
    await ledger.submit({
      ...{ channel: 'claims', contract: 'claims', function: 'standings:mirror' },
      ...{ args: [practitionerIdOf('pharmacist')], caller: registrars.RegulatorMSP },
    });
    expect(ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
    expect(await refusedBill(1)).toBe('SUSPENDED');
  });
});

describe('a claim', () => {
  it('is of a day, and says no time of it', async () => {
    const { servedAt } = claims.submission(1);
    for (const other of [
      servedAt.replace('00.000Z', '00.001Z'),
      servedAt.replace('T00', 'T10'),
      servedAt.replace('.000Z', 'Z'),
    ])
      expect(await refusedBill(1, { servedAt: other })).toBe('INVALID_ARGUMENT');
    await claims.bill(1, { servedAt });
  });

  it('is of a service while the policy was in force, whose first and last day count whole', async () => {
    const { insurer } = claims.world.people;
    const { from = '' } = await claims.policy(policyOf(1));
    const first = serviceDayOf(from);
    const before = new Date(Date.parse(first) - day).toISOString();
    expect(await refusedBill(1, { servedAt: before })).toBe('NOT_INSURED');
    await claims.submit(insurer, 'endPolicy', [policyOf(1), 'premium not paid']);
    const last = dayOf(0);
    goOn(day);
    expect(await refusedBill(1, { servedAt: dayOf(0) })).toBe('NOT_INSURED');
    await claims.bill(1, { servedAt: last });
    await claims.bill(2, { servedAt: first });
  });

  it('is refused where the policy has expired, was refused or is only applied for', async () => {
    const { member } = claims.cast;
    const branch = claims.branch();
    const newcomer = { ...member, policy: policyOf(4) };
    await branch.apply(newcomer);
    await branch.submit(branch.world.people.insurer, 'decidePolicy', [policyOf(4), 'accept', { until: instant(hour) }]);
    const last = dayOf(0);
    await branch.authorise(newcomer, 9);
    goOn(day + 2 * hour);
    const of = { policy: policyOf(4), authorisation: authorisationOf(9) };
    expect(await refusal(branch.bill(1, of))).toBe('NOT_INSURED');
    await branch.bill(1, { ...of, servedAt: last });
  });

  it('is submitted within the plan’s days, and not before the service', async () => {
    const served = dayOf(0);
    expect(await refusedBill(1, { servedAt: dayOf(day) })).toBe('INVALID_ARGUMENT');
    goOn(89 * day);
    await claims.bill(1, { servedAt: served });
    goOn(2 * day);
    expect(await refusal(claims.bill(2, { servedAt: served }))).toBe('NOT_INSURED');
    await claims.authorise(claims.cast.member, 9);
    expect(await refusedBill(2, { servedAt: served, authorisation: authorisationOf(9) })).toBe('TOO_LATE');
  });

  it('is decided by the version of the plan that was in force at the service', async () => {
    const [today, tomorrow] = [dayOf(0), dayOf(day)];
    await claims.publish(1, { version: 2, validFrom: instant(day), terms: termsOf({ filingDays: 10 }) });
    await claims.publish(1, { version: 3, validFrom: instant(2 * day) });
    goOn(day);
    await claims.bill(1, { servedAt: today });
    await claims.bill(2, { servedAt: tomorrow });
    const versions = [await claims.claim(claimOf(1)), await claims.claim(claimOf(2))].map(({ plan }) => plan.version);
    expect(versions).toEqual([1, 2]);
    // In force by the policy, which the insurer has dated back, but before the plan's first version.
    const newcomer = createMember(4);
    await claims.insure(newcomer, { from: instant(-9 * day) });
    await claims.authorise(newcomer, 9);
    const of = { policy: policyOf(4), authorisation: authorisationOf(9) };
    expect(await refusedBill(3, { ...of, servedAt: dayOf(-5 * day) })).toBe('NOT_INSURED');
    await claims.bill(3, { ...of, servedAt: today });
  });

  it('is in the plan’s currency, of something, under a new id and reference', async () => {
    await claims.bill(1);
    expect(await refusedBill(2, { currency: 'EUR' })).toBe('INVALID_ARGUMENT');
    expect(await refusedBill(2, { billed: 0 })).toBe('INVALID_ARGUMENT');
    expect(await refusedBill(2, { billed: 1.5 })).toBe('INVALID_ARGUMENT');
    expect(await refusedBill(2, { id: claimOf(1) })).toBe('ALREADY_EXISTS');
    expect(await refusedBill(2, { reference: hexOf('reference 1') })).toBe('ALREADY_EXISTS');
  });

  it('is wrapped for provider, insurer and member, and for devices besides', async () => {
    const { people } = claims.world;
    const submit = (...readers: string[]) =>
      claims.submit(people.pharmacist, 'submit', [claims.submission(1)], wrapsFor(...readers));
    const due = [institutions.pharmacy.id, institutions.insurer.id, policyOf(1)];
    for (const [index] of due.entries())
      expect(await refusal(submit(...due.filter((_, other) => other !== index)))).toBe('INVALID_ARGUMENT');
    expect(await refusal(submit(...due, institutions.authority.id))).toBe('INVALID_ARGUMENT');
    await submit(...due);
  });

  it('is listed with the others of its policy', async () => {
    for (const seed of [1, 2, 3]) await claims.bill(seed);
    await claims.bill(4, { policy: policyOf(2), authorisation: authorisationOf(3) });
    const page = (bookmark: string) =>
      claims.evaluate<Page<Claim>>(claims.cast.adjudicator, 'readClaimsOfPolicy', policyOf(1), '2', bookmark);
    const first = await page('');
    const second = await page(first.bookmark);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([claimOf(1), claimOf(2), claimOf(3)]);
    expect(second.bookmark).toBe('');
  });
});

describe('a service', () => {
  const service = hexOf('the dispense');

  it('is claimed once, from whichever provider to whichever insurer, whatever became of the claim', async () => {
    const { people } = claims.world;
    const id = await claims.bill(1, { service });
    const again = async () => {
      expect(await refusedBill(2, { service })).toBe('ALREADY_CLAIMED');
      const byHospital = { service, authorisation: authorisationOf(2) };
      expect(await refusal(claims.bill(2, byHospital, people.doctor))).toBe('ALREADY_CLAIMED');
      const ofNeighbour = { service, policy: policyOf(2), authorisation: authorisationOf(3) };
      expect(await refusedBill(2, ofNeighbour)).toBe('ALREADY_CLAIMED');
      const toOther = { service, policy: policyOf(3), authorisation: authorisationOf(4) };
      expect(await refusedBill(2, toOther)).toBe('ALREADY_CLAIMED');
    };
    await again();
    await claims.submit(people.pharmacist, 'reverse', [id, 'given back']);
    await again();
  });

  it('that is claimed twice at once, of two insurers, is claimed by one', async () => {
    const { ledger } = claims.world;
    const toOther = { service, policy: policyOf(3), authorisation: authorisationOf(4) };
    const [first, second, unrelated] = [
      await ledger.endorse(claims.billing(1, { service })),
      await ledger.endorse(claims.billing(2, toOther)),
      await ledger.endorse(claims.billing(3)),
    ];
    expect(ledger.commit(second)).toBe('VALID');
    expect(ledger.commit(first)).toBe('MVCC_READ_CONFLICT');
    expect(ledger.commit(unrelated)).toBe('VALID');
    expect(await refusedBill(1, { service })).toBe('ALREADY_CLAIMED');
  });
});

describe('a preauthorisation', () => {
  const ask = { use: 'preauthorisation', category: 'inpatient', authorisation: authorisationOf(2) } as const;
  const claimed = { category: 'inpatient', authorisation: authorisationOf(2), preauthorisation: claimOf(1) } as const;

  it('is of what is to come, and claims nothing', async () => {
    const { doctor } = claims.world.people;
    const service = hexOf('operation');
    await claims.bill(1, { ...ask, service, servedAt: dayOf(60 * day) }, doctor);
    expect(await refusal(claims.bill(2, { ...ask, servedAt: dayOf(400 * day) }, doctor))).toBe('INVALID_ARGUMENT');
    await claims.bill(2, { ...ask, service }, doctor);
    await claims.bill(3, { ...claimed, service, preauthorisation: undefined }, doctor);
  });

  it('is named by claims of the same policy and kind once it is approved', async () => {
    const { doctor } = claims.world.people;
    const bill = (change: Partial<ClaimSubmission> = {}) => refusal(claims.bill(3, { ...claimed, ...change }, doctor));
    await claims.bill(1, ask, doctor);
    await claims.bill(2, { authorisation: authorisationOf(2), category: 'inpatient' }, doctor);
    expect(await bill()).toBe('WRONG_STATE');
    await claims.decide(claimOf(1));
    expect((await claims.usage(policyOf(1))).version).toBe(0);
    expect(await bill({ category: 'medicine' })).toBe('INVALID_ARGUMENT');
    expect(await bill({ preauthorisation: claimOf(2) })).toBe('INVALID_ARGUMENT');
    expect(await bill({ ...ask, preauthorisation: claimOf(1) })).toBe('INVALID_ARGUMENT');
    const ofNeighbour = { policy: policyOf(2), authorisation: authorisationOf(3), preauthorisation: claimOf(1) };
    expect(await refusedBill(3, { ...ofNeighbour, category: 'inpatient' })).toBe('NOT_AUTHORISED');
    await claims.bill(3, claimed, doctor);
  });

  it('is never paid, appealed or taken in cash', async () => {
    const { doctor } = claims.world.people;
    const id = await claims.bill(1, ask, doctor);
    await claims.decide(id, { outcome: 'partlyApproved', reasons: ['ANNUAL_LIMIT'] });
    expect(await refusal(claims.settle(id, 1))).toBe('WRONG_STATE');
    expect(await refusal(claims.anchor(id, 1))).toBe('WRONG_STATE');
    expect(await refusal(claims.submit(doctor, 'cash', [id, '1000']))).toBe('WRONG_STATE');
    const message = { cid: `b${'a'.repeat(58)}`, contentHash: hexOf('no') };
    expect(await refusal(claims.bring(claims.cast.member, 'appeal', { claim: id, message }))).toBe('WRONG_STATE');
  });
});
