import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Claim, serviceDayOf } from '#chaincode/model/claim.ts';
import type { Plan } from '#chaincode/model/plan.ts';
import type { Policy } from '#chaincode/model/policy.ts';
import { AppError } from '#server/errors.ts';
import { cidOf } from '../gateways/ipfs/ipfs.ts';
import { type Actor, type Role, roles } from '../people/schema.ts';
import { hex, name26, World } from '../testing/world.ts';
import { claimCase, pastClaims } from './case.ts';
import { claimFigures } from './figures.ts';
import { payouts } from './payouts.ts';
import { claimQueue } from './queue.ts';
import { projectClaims } from './readModel.ts';

let world: World;
beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterAll(() => world?.stop());

const provider = 'inst-river-pharmacy';
const dayMs = 24 * 60 * 60 * 1000;
const of = (role: Role, institutionId: string | null): Actor => ({
  ...{ personId: 'p', sessionId: 's', role, name: 'N', subjectId: `prac-${'x'.repeat(26)}`, institutionId },
  ...{ institutionName: null, mspId: 'InsurerMSP', enrolled: true },
});
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
const sealed = () => {
  const bytes = new TextEncoder().encode(name26());
  return { cid: cidOf(bytes), contentHash: hex(bytes) };
};
/** An insurer of this test alone. */
const newInsurer = () => `inst-${name26()}`;
const daysAgo = (days: number, seconds = 0) => new Date(Date.now() - days * dayMs + seconds * 1_000).toISOString();

function claimOf(insurer: string, change: Partial<Claim> = {}): Claim {
  return {
    ...{ id: `clm-${name26()}`, use: 'claim', category: 'medicine', policy: `pol-${name26()}` },
    ...{
      authorisation: `aut-${name26()}`,
      service: hex(new TextEncoder().encode(name26())),
      servedAt: serviceDayOf(daysAgo(0)),
    },
    ...{ currency: 'EUR', billed: 1_240, content: sealed(), reference: 'ab'.repeat(32) },
    ...{ plan: { id: `plan-${name26()}`, version: 1 }, insurer, provider, by: `prac-${name26()}`, at: daysAgo(1) },
    ...{ state: 'submitted', decisions: [], messages: [], receipts: [], version: 1 },
    ...change,
  };
}
type Decision = Claim['decisions'][number];
const decision = (claim: Claim, change: Partial<Decision> = {}): Decision => ({
  ...{ claim: claim.id, version: 1, usage: 0, outcome: 'approved', allowed: 1_240, insurer: 1_000, patient: 240 },
  ...{ deductible: 0, reasons: [], explanation: sealed(), by: `dev-${name26()}`, at: claim.at },
  ...change,
});
/** Decided so many seconds after it was submitted. */
const decided = (claim: Claim, seconds: number, change: Partial<Decision> = {}): Claim => {
  const at = new Date(Date.parse(claim.at) + seconds * 1_000).toISOString();
  const said = decision(claim, { at, ...change });
  return { ...claim, decisions: [...claim.decisions, said], state: said.outcome, version: claim.version + 1 };
};
const receipt = (kind: 'payment' | 'refund', amount: number, at: string): Claim['receipts'][number] => ({
  ...{ kind, payer: 'insurer', amount, at, chainId: 31_337, contract: `0x${'c'.repeat(40)}` },
  ...{ transactionHash: `0x${hex(new TextEncoder().encode(name26()))}`, logIndex: 0, blockNumber: 1 },
  blockHash: `0x${'b'.repeat(64)}`,
});
const keep = (...claims: Claim[]) => projectClaims(world.portal.db, { claims });

describe('the queue', () => {
  it('has appeals first, then what has waited longest, and counts every state', async () => {
    const insurer = newInsurer();
    const [young, old, appealed] = [
      claimOf(insurer, { state: 'inReview', at: daysAgo(1) }),
      claimOf(insurer, { state: 'inReview', at: daysAgo(9) }),
      claimOf(insurer, { state: 'appealed', at: daysAgo(2) }),
    ];
    await keep(young, old, appealed, claimOf(insurer), decided(claimOf(insurer), 2, { outcome: 'denied' }));
    await keep(claimOf(newInsurer(), { state: 'inReview' }));
    const queue = await claimQueue(of('insurer', insurer), { show: 'waiting', page: 1 }, world.portal);
    expect(queue.claims.map(({ id }) => id)).toEqual([appealed.id, old.id, young.id]);
    expect(queue.counts).toMatchObject({ inReview: 2, appealed: 1, submitted: 1, denied: 1, approved: 0 });
    expect(queue.total).toBe(3);
    const all = await claimQueue(of('insurer', insurer), { show: 'all', page: 1 }, world.portal);
    expect([all.total, all.claims.length]).toEqual([5, 5]);
    const denied = await claimQueue(of('insurer', insurer), { show: 'denied', page: 1 }, world.portal);
    expect(denied.claims.map(({ state }) => state)).toEqual(['denied']);
  });

  it('is read page by page, each claim once', async () => {
    const insurer = newInsurer();
    await keep(
      ...Array.from({ length: 53 }, (_, index) => claimOf(insurer, { state: 'inReview', at: daysAgo(index) })),
    );
    const pages = await Promise.all(
      [1, 2, 3].map((page) => claimQueue(of('insurer', insurer), { show: 'waiting', page }, world.portal)),
    );
    expect(pages.map(({ claims }) => claims.length)).toEqual([50, 3, 0]);
    expect(new Set(pages.flatMap(({ claims }) => claims.map(({ id }) => id))).size).toBe(53);
    expect(pages.every(({ total }) => total === 53)).toBe(true);
  });
});

describe('a case', () => {
  it('has policy, plan and account, for the insurer alone', async () => {
    const insurer = newInsurer();
    const claim = claimOf(insurer);
    const policy: Policy = {
      ...{ id: claim.policy, plan: claim.plan.id, signingKey: 'K'.repeat(122), readingKey: 'R'.repeat(1622) },
      ...{ details: sealed(), at: daysAgo(400), insurer, state: 'active', from: daysAgo(400), by: claim.policy },
      version: 2,
    };
    const plan: Plan = {
      ...{ id: claim.plan.id, version: 1, validFrom: daysAgo(400), insurer, by: claim.by, at: daysAgo(400) },
      terms: {
        ...{ name: 'Basic', currency: 'EUR', deductible: 0, filingDays: 30, appealDays: 30, tiers: {}, prices: [] },
        benefits: [{ category: 'medicine', percent: 80, coPay: 0, priorAuthorisation: false, free: false }],
        rules: [],
      },
    };
    const usage = {
      ...{ policy: policy.id, year: 2, insurer: 5, patient: 6, deductible: 0 },
      ...{ categories: {}, version: 4 },
    };
    const [sameMember, sameProvider, elsewhere, anothers] = [
      claimOf(insurer, { policy: policy.id, provider: 'inst-hill-pharmacy', at: daysAgo(300) }),
      claimOf(insurer, { at: daysAgo(3) }),
      claimOf(insurer, { provider: 'inst-hill-pharmacy' }),
      claimOf(newInsurer(), { policy: policy.id }),
    ];
    await projectClaims(world.portal.db, {
      ...{ policies: [policy], claims: [claim, sameProvider, sameMember, elsewhere, anothers] },
    });
    world.ledger.entries.set(plan.id, plan);
    world.ledger.entries.set(policy.id, usage);
    const found = await claimCase(of('insurer', insurer), claim, world.portal);
    expect(found).toMatchObject({ claim: { id: claim.id }, policy, plan, usage });
    // To hold it beside: the member's first, the provider's, and nothing of another insurer.
    expect(found.beside.map(({ id }) => id)).toEqual([sameMember.id, sameProvider.id]);
    // The service was in the policy's second year.
    expect(world.ledger.evaluated.at(-1)?.args).toEqual([policy.id, '2']);
    expect(await codeOf(claimCase(of('insurer', newInsurer()), claim, world.portal))).toBe('NOT_FOUND');
    expect(await codeOf(claimCase(of('pharmacist', provider), claim, world.portal))).toBe('FORBIDDEN');
  });
});

describe('past claims', () => {
  it('are those of the plan that were decided, in the order of their decisions, with what was agreed to before', async () => {
    const insurer = newInsurer();
    const plan = { id: `plan-${name26()}`, version: 1 };
    const agreed = decided(claimOf(insurer, { plan, use: 'preauthorisation', at: daysAgo(30) }), 1);
    const early = decided(claimOf(insurer, { plan, at: daysAgo(20), preauthorisation: agreed.id }), 1);
    const late = decided(claimOf(insurer, { plan, at: daysAgo(25) }), 10 * 24 * 3_600);
    const taken: Claim = { ...decided(claimOf(insurer, { plan }), 1), state: 'reversed' };
    await keep(late, early, agreed, taken, claimOf(insurer, { plan }), decided(claimOf(insurer), 1));
    const past = await pastClaims(of('insurer', insurer), { plan: plan.id }, world.portal);
    expect(past.claims.map(({ id }) => id)).toEqual([agreed.id, early.id, late.id]);
    expect(past.agreed.map(({ id }) => id)).toEqual([agreed.id]);
    expect((await pastClaims(of('insurer', newInsurer()), { plan: plan.id }, world.portal)).claims).toEqual([]);
  });
});

describe('figures', () => {
  const figuresOf = (insurer: string) => claimFigures(of('insurer', insurer), { weeks: 4 }, world.portal);

  it('count by the week of the first decision what became of claims, and who decided', async () => {
    const insurer = newInsurer();
    const person = `prac-${name26()}`;
    const denied = decided(claimOf(insurer), 100, { outcome: 'denied', by: person });
    const appealed = decided(denied, 200_000, { outcome: 'approved', by: person });
    const reversed: Claim = { ...decided(claimOf(insurer), 10), state: 'reversed' };
    const old = claimOf(insurer, { at: daysAgo(14) });
    await keep(decided(claimOf(insurer), 4), appealed, reversed, decided(old, 6), claimOf(insurer));
    await keep(decided(claimOf(insurer, { use: 'preauthorisation' }), 1));
    await keep(decided(claimOf(insurer, { at: daysAgo(60) }), 1), decided(claimOf(newInsurer()), 1));
    const { weeks, p50Seconds, p95Seconds } = await figuresOf(insurer);
    expect(weeks.map(({ week }) => new Date(week).getUTCDay())).toEqual([1, 1, 1, 1]);
    const sum = (name: 'approved' | 'denied' | 'reversed') =>
      weeks.reduce((total, { outcomes }) => total + (outcomes[name] ?? 0), 0);
    expect([sum('approved'), sum('denied'), sum('reversed')]).toEqual([3, 0, 1]);
    expect(weeks.reduce((total, { byRule }) => total + byRule, 0)).toBe(3);
    expect(weeks[1]).toMatchObject({ outcomes: { approved: 1 }, byRule: 1, p50Seconds: 6, p95Seconds: 6 });
    // 4, 6, 10 and 100 seconds, interpolated.
    expect(p50Seconds).toBeCloseTo(8);
    expect(p95Seconds).toBeCloseTo(86.5);
  });

  it('sum what was paid by category with refunds taken off, and what is owed', async () => {
    const insurer = newInsurer();
    const paid: Claim = {
      ...decided(claimOf(insurer), 1),
      ...{ state: 'anchored', receipts: [receipt('payment', 1_000, daysAgo(0)), receipt('refund', 300, daysAgo(0))] },
    };
    const coPaid: Claim = {
      ...decided(claimOf(insurer, { category: 'consultation' }), 1),
      receipts: [{ ...receipt('payment', 240, daysAgo(0)), payer: 'patient' }],
    };
    await keep(paid, coPaid, decided(claimOf(insurer), 1, { outcome: 'denied', insurer: 0 }));
    const { paid: sums, owed } = await figuresOf(insurer);
    expect(sums).toMatchObject([{ category: 'medicine', currency: 'EUR', amount: 700 }]);
    expect(owed).toEqual([{ currency: 'EUR', claims: 1, amount: 1_000 }]);
    // An appeal that was won for 400 more, after 600 had been paid.
    const won: Claim = { ...decided(claimOf(insurer), 1), receipts: [receipt('payment', 600, daysAgo(0))] };
    await keep(won);
    expect((await figuresOf(insurer)).owed).toEqual([{ currency: 'EUR', claims: 2, amount: 1_400 }]);
  });

  it('name as owed what is left of a share, and nothing of what is paid', async () => {
    const insurer = newInsurer();
    const part: Claim = { ...decided(claimOf(insurer), 1), receipts: [receipt('payment', 600, daysAgo(0))] };
    const all: Claim = { ...decided(claimOf(insurer), 1), receipts: [receipt('payment', 1_000, daysAgo(0))] };
    await keep(part, all);
    expect((await payouts(of('insurer', insurer), world.portal)).payees).toMatchObject([{ claims: 1, approved: 400 }]);
  });

  it('are empty, and not wrong, where there is nothing', async () => {
    expect(await figuresOf(newInsurer())).toMatchObject({
      ...{ p50Seconds: null, p95Seconds: null, paid: [], owed: [] },
      weeks: [1, 2, 3, 4].map(() => ({ outcomes: {}, byRule: 0, p50Seconds: null })),
    });
  });
});

describe('payouts', () => {
  it('say to whom how much is owed, what is on its way, and what was paid last', async () => {
    const insurer = newInsurer();
    const old = decided(claimOf(insurer, { at: daysAgo(9) }), 1, { insurer: 700 });
    const sent: Claim = { ...decided(claimOf(insurer, { at: daysAgo(3) }), 1, { insurer: 300 }), state: 'settled' };
    const other = decided(claimOf(insurer, { provider: 'inst-hill-pharmacy', at: daysAgo(5) }), 1, { insurer: 50 });
    const paid: Claim = {
      ...decided(claimOf(insurer), 1),
      ...{ state: 'anchored', receipts: [receipt('payment', 1_000, daysAgo(2)), receipt('refund', 10, daysAgo(1))] },
    };
    await keep(sent, old, other, paid, decided(claimOf(insurer), 1, { insurer: 0 }), claimOf(insurer));
    const found = await payouts(of('insurer', insurer), world.portal);
    expect(found.payees).toMatchObject([
      { provider, claims: 2, approved: 700, onItsWay: 300, oldest: old.decisions[0]?.at },
      { provider: 'inst-hill-pharmacy', claims: 1, approved: 50, onItsWay: 0 },
    ]);
    expect(found.payments).toMatchObject([
      { claim: paid.id, kind: 'refund', amount: 10 },
      { claim: paid.id, kind: 'payment', amount: 1_000 },
    ]);
  });

  it('list what was decided long ago and is not paid, of this insurer alone', async () => {
    const insurer = newInsurer();
    const old = decided(claimOf(insurer, { at: daysAgo(9) }), 1, { insurer: 700 });
    const anothers = decided(claimOf(newInsurer(), { at: daysAgo(9) }), 1);
    await keep(old, anothers, decided(claimOf(insurer, { at: daysAgo(5) }), 1));
    const { mismatches, moreMismatches } = await payouts(of('insurer', insurer), world.portal);
    expect(mismatches).toMatchObject([{ what: 'UNPAID', claim: old.id, share: 700, paid: 0, payer: 'insurer' }]);
    expect(moreMismatches).toBe(0);
  });

  it('say how many more there are than they list', async () => {
    const insurer = newInsurer();
    await keep(...Array.from({ length: 103 }, () => decided(claimOf(insurer, { at: daysAgo(9) }), 1)));
    const { mismatches, moreMismatches } = await payouts(of('insurer', insurer), world.portal);
    expect([mismatches.length, moreMismatches]).toEqual([100, 3]);
  });
});

it.each([
  ['payouts', (actor: Actor) => payouts(actor, world.portal)],
  ['claimQueue', (actor: Actor) => claimQueue(actor, { show: 'all', page: 1 }, world.portal)],
  ['pastClaims', (actor: Actor) => pastClaims(actor, { plan: `plan-${name26()}` }, world.portal)],
  ['claimFigures', (actor: Actor) => claimFigures(actor, { weeks: 4 }, world.portal)],
] as const)('%s is for insurers', async (_name, work) => {
  for (const role of roles) {
    expect(await codeOf(work(of(role, 'inst-northern-mutual'))), role).toBe(role === 'insurer' ? 'done' : 'FORBIDDEN');
  }
});
