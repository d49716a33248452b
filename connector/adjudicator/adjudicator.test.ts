import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Claim } from '#chaincode/model/claim.ts';
import { authorisationOf, policyOf } from '#chaincode/testing/claims.ts';
import { testInsured } from '#crypto/claim/testClaim.ts';
import { ClaimsWorld, type InsuredMember, tablets } from '../testing/claimsWorld.ts';
import { Adjudicator } from './adjudicator.ts';

const quiet = { info: () => {}, warn: () => {} };
let world: ClaimsWorld;
let member: InsuredMember;

beforeEach(async () => {
  world = await ClaimsWorld.create();
  member = await world.member(11);
});

const started = async () => new Adjudicator(await world.bench(), quiet);
const read = (id: string) => world.claims.claim(id);
const summary = ({ state, decisions, review }: Claim) => ({
  state,
  ...(decisions[0] && { shares: [decisions[0].allowed, decisions[0].insurer, decisions[0].patient] }),
  reasons: decisions[0]?.reasons ?? review?.reasons,
});

describe('an adjudicator', () => {
  it('approves what evidence and plan allow, with an explanation that its readers open', async () => {
    const id = await world.bill(member);
    expect(await (await started()).round()).toBe(1);
    const claim = await read(id);
    expect(summary(claim)).toEqual({ state: 'approved', shares: [2_000, 1_350, 650], reasons: [] });
    expect(claim.decisions[0]).toMatchObject({ by: world.device, version: 1, usage: 0 });
    expect(await world.claims.usage(member.policy)).toMatchObject({ insurer: 1_350, version: 1 });
    const explained = await world.explanationOf(id);
    expect(explained).toMatchObject({ outcome: 'approved', total: { billed: 2_000, insurer: 1_350, coPay: 500 } });
    expect(explained.trace.map(({ code }) => code)).toContain('percent');
  });

  it.each<[string, Parameters<ClaimsWorld['bill']>[1], object]>([
    [
      'denies more than was dispensed',
      { quantity: 21 },
      { state: 'denied', shares: [0, 0, 0], reasons: ['QUANTITY_ABOVE_DISPENSED'] },
    ],
    [
      'denies what was prescribed for another',
      { insured: { ...testInsured, identifier: { ...testInsured.identifier, value: '4712' } } },
      { state: 'denied', shares: [0, 0, 0], reasons: ['NOT_THE_MEMBER'] },
    ],
    [
      'denies a bill that the ledger has otherwise',
      { submission: { billed: 1_999 } },
      { state: 'denied', shares: [0, 0, 0], reasons: ['EVIDENCE_INVALID'] },
    ],
    [
      'denies a service that its evidence does not make',
      { submission: { service: 'ab'.repeat(32) } },
      { state: 'denied', shares: [0, 0, 0], reasons: ['EVIDENCE_INVALID'] },
    ],
    ['hands over what has no token', { without: 'token' }, { state: 'inReview', reasons: ['EVIDENCE_MISSING'] }],
    ['hands over what has no evidence', { without: 'evidence' }, { state: 'inReview', reasons: ['EVIDENCE_MISSING'] }],
    ['hands over what it cannot read', { without: 'wrap' }, { state: 'inReview', reasons: ['EVIDENCE_MISSING'] }],
    [
      'hands over another medicine than was prescribed',
      { prescribed: tablets(40) },
      { state: 'inReview', reasons: ['EVIDENCE_INVALID'] },
    ],
  ])('%s', async (_, bill, expected) => {
    const id = await world.bill(member, bill);
    await (await started()).round();
    expect(summary(await read(id))).toEqual(expected);
  });

  it('gives a second fill of a day to a person, and not the first', async () => {
    const first = await world.bill(member);
    const { at } = await read(first);
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(Date.parse(at)));
    const second = await world.bill(member, { at: new Date(Date.now() - 60_000).toISOString() });
    await (await started()).round();
    expect((await read(first)).state).toBe('approved');
    expect(summary(await read(second))).toEqual({ state: 'inReview', reasons: ['DUPLICATE'] });
  });

  it('knows the past that it decided before it was started again', async () => {
    await world.bill(member);
    await (await started()).round();
    const second = await world.bill(member, { at: new Date(Date.now() - 60_000).toISOString() });
    await (await started()).round();
    expect(summary(await read(second))).toEqual({ state: 'inReview', reasons: ['DUPLICATE'] });
  });

  it('leaves a request for agreement, and what needs one, as the plan says', async () => {
    const asked = await world.visit(member, 10_000, 'preauthorisation');
    const billed = await world.visit(member, 10_000);
    await (await started()).round();
    expect(summary(await read(asked))).toEqual({ state: 'inReview', reasons: ['NO_PRIOR_AUTHORISATION'] });
    expect(summary(await read(billed))).toMatchObject({ state: 'denied', reasons: ['NO_PRIOR_AUTHORISATION'] });
  });

  it('takes what was agreed to before once, over all claims that name it', async () => {
    const asked = await world.visit(member, 10_000, 'preauthorisation');
    await (await started()).round();
    await world.claims.decide(asked, { insurer: 10_000 }, world.claims.world.people.insurer);
    const claim = (net: number) => world.visit(member, net, 'claim', asked);
    const first = await claim(6_000);
    const [above, within] = [await claim(4_001), await claim(4_000)];
    await (await started()).round();
    expect(summary(await read(first))).toMatchObject({ state: 'approved' });
    // What is billed twice on a day is a person's, too.
    expect(summary(await read(above)).reasons).toContain('NO_PRIOR_AUTHORISATION');
    expect(summary(await read(within)).reasons).toEqual(['DUPLICATE']);
    const [aboveLater, withinLater] = [await claim(4_001), await claim(4_000)];
    await (await started()).round();
    expect(summary(await read(aboveLater)).reasons).toContain('NO_PRIOR_AUTHORISATION');
    expect(summary(await read(withinLater)).reasons).toEqual(['DUPLICATE']);
    await world.claims.submit(world.claims.world.people.pharmacist, 'reverse', [first, 'billed in error']);
    const again = await claim(6_000);
    await (await started()).round();
    expect(summary(await read(again)).reasons).toEqual(['DUPLICATE']);
  });

  it('decides nothing twice, and nothing of another insurer', async () => {
    await world.bill(member);
    const foreign = await world.claims.bill(7, { policy: policyOf(3), authorisation: authorisationOf(4) });
    const bench = await world.bench();
    bench.known.again(foreign);
    const adjudicator = new Adjudicator(bench, quiet);
    expect(await adjudicator.round()).toBe(1);
    expect(await adjudicator.round()).toBe(0);
    expect(await (await started()).round()).toBe(0);
    expect((await read(foreign)).state).toBe('submitted');
  });
});

describe('a claim with which something fails', () => {
  const product = tablets(11);
  let other: InsuredMember;
  let healthy: string;

  beforeEach(async () => {
    other = await world.member(12);
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const billOther = async () => {
    healthy = await world.bill(other, { product, prescribed: product });
  };
  const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
  const aMinuteLater = () => later(60_000);
  const aDayLater = () => later(86_400_000);

  it('since its content is not in the storage, holds up no other, also at a start, and is a person’s after a day', async () => {
    const known = await world.bench();
    const broken = await world.bill(member, { without: 'content' });
    await billOther();
    for (const id of [broken, healthy]) known.known.again(id);
    const adjudicator = new Adjudicator(known, quiet);
    expect(await adjudicator.round()).toBe(1);
    expect((await read(healthy)).state).toBe('approved');
    expect((await read(broken)).state).toBe('submitted');
    expect(world.warnings).toContainEqual([expect.objectContaining({ claim: broken }), expect.any(String)]);
    const another = await world.bill(other, { product: tablets(22), prescribed: tablets(22) });
    expect(await (await started()).round()).toBe(1);
    expect((await read(another)).state).toBe('approved');
    aDayLater();
    expect(await (await started()).round()).toBe(1);
    expect(summary(await read(broken))).toEqual({ state: 'inReview', reasons: ['EVIDENCE_MISSING'] });
  });

  it('since the policy’s details are not in the storage, holds up no other, and is a person’s after a day', async () => {
    const broken = await world.bill(member);
    await billOther();
    const { details } = await world.claims.policy(member.policy);
    world.storage.blocks.delete(details.cid);
    const adjudicator = await started();
    expect(await adjudicator.round()).toBe(1);
    expect((await read(healthy)).state).toBe('approved');
    expect((await read(broken)).state).toBe('submitted');
    aDayLater();
    expect(await adjudicator.round()).toBe(1);
    expect(summary(await read(broken))).toEqual({ state: 'inReview', reasons: ['EVIDENCE_MISSING'] });
  });

  it('as it is judged or written, is left alone for a while, and the others of its policy are judged without it', async () => {
    const broken = await world.bill(member);
    const after = await world.bill(member, { product, prescribed: product });
    await billOther();
    const bench = await world.bench();
    // Its explanation can be sealed by no such key.
    const opened = bench.known.waiting().find(({ record }) => record.id === broken)?.opened;
    Object.assign(opened ?? {}, { dataKey: new Uint8Array(5) });
    const warn = vi.fn();
    const adjudicator = new Adjudicator(bench, { ...quiet, warn });
    expect(await adjudicator.round()).toBe(1);
    expect((await read(healthy)).state).toBe('approved');
    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ claim: broken }), expect.any(String));
    // It is tried once more at once, and those after it with it.
    expect(await adjudicator.round()).toBe(0);
    expect(await adjudicator.round()).toBe(1);
    expect((await read(after)).decisions[0]?.usage).toBe(0);
    expect((await read(broken)).state).toBe('submitted');
    aMinuteLater();
    await adjudicator.round();
    expect(warn).toHaveBeenCalledTimes(3);
  });
});

describe('many claims', () => {
  it('of one policy keep the year’s limit, however they are batched', async () => {
    world = await ClaimsWorld.create({ annualLimit: 3_000 });
    member = await world.member(12);
    const ids = [];
    for (let n = 0; n < 4; n += 1) {
      const product = tablets(n * 11);
      ids.push(await world.bill(member, { product, prescribed: product }));
    }
    await (await started()).round();
    const decided = await Promise.all(ids.map(read));
    expect(decided.map((claim) => summary(claim).shares?.[1])).toEqual([1_350, 1_350, 300, 0]);
    expect(decided.map(({ decisions }) => decisions[0]?.usage)).toEqual([0, 1, 2, 3]);
    expect(await world.claims.usage(member.policy)).toMatchObject({ insurer: 3_000 });
    expect(world.connection.submitted.filter(({ function: name }) => name === 'claims:decide')).toHaveLength(1);
  });

  it('are judged anew where one of them has changed meanwhile', async () => {
    const neighbour = await world.member(13);
    const one = await world.bill(member);
    const other = await world.bill(neighbour);
    const adjudicator = await started();
    await world.claims.submit(world.claims.world.people.pharmacist, 'reverse', [other, 'billed in error']);
    expect(await adjudicator.round()).toBe(0);
    expect(await adjudicator.round()).toBe(1);
    expect((await read(one)).state).toBe('approved');
    expect((await read(other)).state).toBe('reversed');
  });

  it('wait while something is away, and lose nothing', async () => {
    const id = await world.bill(member);
    const adjudicator = await started();
    world.storage.away = true;
    await expect(adjudicator.round()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect((await read(id)).state).toBe('submitted');
    world.storage.away = false;
    expect(await adjudicator.round()).toBe(1);
    expect((await read(id)).state).toBe('approved');
  });

  it('that come after the start are heard of by their events', async () => {
    const bench = await world.bench();
    const adjudicator = new Adjudicator(bench, quiet);
    const id = await world.bill(member);
    expect(await adjudicator.round()).toBe(0);
    const [name = '', payload = ''] = (world.claims.world.ledger.publicRecords.at(-1)?.event ?? '').split(/ (.*)/s);
    bench.known.note({ name, payload: Buffer.from(payload) });
    expect(await adjudicator.round()).toBe(1);
    expect((await read(id)).state).toBe('approved');
  });
});
