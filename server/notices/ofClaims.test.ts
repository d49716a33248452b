import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Claim, serviceDayOf } from '#chaincode/model/claim.ts';
import { ownerIndexOf } from '../claims/owners.ts';
import { projectClaims } from '../claims/readModel.ts';
import { notices } from '../gateways/db/schema/care.ts';
import { claimNotices, policyMembers } from '../gateways/db/schema/claims.ts';
import { name26, type Person, World } from '../testing/world.ts';
import { billersNewsOf, newsOf } from './ofClaims.ts';
import { countUnread, listNotices, markRead } from './service.ts';
import { tell } from './tell.ts';

let world: World;
let patient: Person;
let other: Person;

const minute = (n: number) => new Date(Date.UTC(2026, 2, 1, 9, n)).toISOString();
const sealed = { cid: `b${'a'.repeat(58)}`, contentHash: 'ab'.repeat(32) };
const decision = (outcome: Claim['decisions'][number]['outcome'], at: string): Claim['decisions'][number] => ({
  ...{ claim: `clm-${name26()}`, version: 1, usage: 0, outcome, explanation: sealed, deductible: 0 },
  ...{ allowed: 0, insurer: 0, patient: 0, reasons: ['OTHER'], by: `dev-${name26()}`, at },
});
const receipt = (
  kind: Claim['receipts'][number]['kind'],
  payer: Claim['receipts'][number]['payer'],
  at: string,
): Claim['receipts'][number] => ({
  ...{ kind, payer, amount: 100, chainId: 1, contract: `0x${'1'.repeat(40)}`, logIndex: 0, blockNumber: 1, at },
  ...{ transactionHash: `0x${'2'.repeat(64)}`, blockHash: `0x${'3'.repeat(64)}` },
});
const claimOf = (policy: string, change: Partial<Claim> = {}): Claim => ({
  ...{ id: `clm-${name26()}`, use: 'claim', category: 'medicine', policy, authorisation: `aut-${name26()}` },
  ...{ service: 'ab'.repeat(32), servedAt: serviceDayOf(minute(0)), currency: 'EUR', billed: 1_240, content: sealed },
  ...{ reference: 'ab'.repeat(32), plan: { id: `plan-${name26()}`, version: 1 }, insurer: 'inst-northern-mutual' },
  ...{ provider: 'inst-river-pharmacy', by: `prac-${name26()}`, at: minute(0), state: 'submitted' },
  ...{ decisions: [], messages: [], receipts: [], version: 1 },
  ...change,
});

/** A policy whose member is `person`, as an application leaves it here. */
async function policyOf({ actor }: Person): Promise<string> {
  const policy = `pol-${name26()}`;
  const { db, personalData } = world.portal;
  const ownerIndex = ownerIndexOf(personalData, actor.personId);
  await db
    .insert(policyMembers)
    .values({ policy, ownerIndex, ownerSealed: personalData.seal(`policy_members/${policy}`, actor.personId) });
  return policy;
}
const told = async ({ actor }: Person) =>
  (await listNotices(actor, { unreadOnly: true }, world.portal)).map(({ kind, at }) => [kind, at]);

beforeAll(async () => {
  world = await World.start();
  patient = await world.person('patient', null);
  other = await world.person('patient', null);
}, 60_000);
afterAll(() => world?.stop());

describe('what a claim has to tell', () => {
  it('is that it was sent, decided, asked about, paid and taken back, and nothing that its member did', () => {
    const claim = claimOf(`pol-${name26()}`, {
      decisions: [decision('denied', minute(2)), decision('partlyApproved', minute(4))],
      messages: [
        { kind: 'question', by: `prac-${name26()}`, at: minute(1), ...sealed },
        { kind: 'answer', by: `prac-${name26()}`, at: minute(1), ...sealed },
        { kind: 'appeal', by: `pol-${name26()}`, at: minute(3), ...sealed },
      ],
      receipts: [
        receipt('payment', 'insurer', minute(5)),
        receipt('payment', 'patient', minute(6)),
        receipt('payment', 'assistance', minute(7)),
        receipt('refund', 'insurer', minute(9)),
      ],
      reversal: { by: `prac-${name26()}`, reason: 'given back', at: minute(8) },
    });
    expect(newsOf(claim)).toEqual([
      { kind: 'claimBilled', at: minute(0) },
      { kind: 'claimDenied', at: minute(2) },
      { kind: 'claimPartlyApproved', at: minute(4) },
      { kind: 'claimAsked', at: minute(1) },
      { kind: 'claimPaid', at: minute(5) },
      { kind: 'claimHelped', at: minute(7) },
      { kind: 'claimReversed', at: minute(8) },
    ]);
  });

  it('is of a question beforehand that it was asked, and whether the insurer agrees', () => {
    const asked = claimOf(`pol-${name26()}`, { use: 'preauthorisation', decisions: [decision('denied', minute(1))] });
    expect(newsOf(asked).map(({ kind }) => kind)).toEqual(['agreementAsked', 'agreementDenied']);
    const agreed = { ...asked, decisions: [decision('approved', minute(1))] };
    expect(newsOf(agreed).map(({ kind }) => kind)).toEqual(['agreementAsked', 'agreementGiven']);
  });
});

describe('who billed', () => {
  it('has to look at what an insurer asks, cuts or answers, and at nothing that is paid as billed', () => {
    const claim = claimOf(`pol-${name26()}`, {
      decisions: [
        decision('denied', minute(2)),
        decision('partlyApproved', minute(3)),
        decision('approved', minute(4)),
      ],
      messages: [
        { kind: 'question', by: `prac-${name26()}`, at: minute(1), ...sealed },
        { kind: 'answer', by: `prac-${name26()}`, at: minute(1), ...sealed },
      ],
      receipts: [receipt('payment', 'insurer', minute(5))],
    });
    expect(billersNewsOf(claim)).toEqual([
      { kind: 'billCut', at: minute(2) },
      { kind: 'billCut', at: minute(3) },
      { kind: 'billQuestioned', at: minute(1) },
    ]);
    const asked = { ...claim, use: 'preauthorisation' as const, messages: [] };
    expect(billersNewsOf(asked).map(({ kind }) => kind)).toEqual(['askedAnswered', 'askedAnswered', 'askedAnswered']);
  });

  it('is told once, and no colleague is', async () => {
    const [biller, colleague] = [
      await world.person('pharmacist', 'inst-river-pharmacy'),
      await world.person('pharmacist', 'inst-river-pharmacy'),
    ];
    const { subjectId } = biller.actor;
    const claim = claimOf(`pol-${name26()}`, { by: subjectId, decisions: [decision('denied', minute(2))] });
    await projectClaims(world.portal.db, { claims: [claim] });
    await projectClaims(world.portal.db, { claims: [{ ...claim, version: 2 }] });
    const told = await listNotices(biller.actor, { unreadOnly: true }, world.portal);
    expect(told).toMatchObject([{ kind: 'billCut', subject: claim.id, at: minute(2), read: false }]);
    expect(await countUnread(colleague.actor, world.portal)).toBe(0);
  });
});

describe('a member', () => {
  it('is told of the own claims, each thing once, newest first, among all other notices; nobody else is', async () => {
    const claim = claimOf(await policyOf(patient));
    await projectClaims(world.portal.db, { claims: [claim] });
    const denied: Claim = { ...claim, state: 'denied', version: 2, decisions: [decision('denied', minute(3))] };
    await projectClaims(world.portal.db, { claims: [denied, denied, claim] });
    const { subjectId } = patient.actor;
    const seated = { kind: 'seated', subject: `cir-${name26()}`, patient: subjectId, at: new Date(minute(2)) } as const;
    await tell(world.portal.db, [subjectId], seated);
    expect(await told(patient)).toEqual([
      ['claimDenied', minute(3)],
      ['seated', minute(2)],
      ['claimBilled', minute(0)],
    ]);
    expect(await countUnread(patient.actor, world.portal)).toBe(3);
    expect(await told(other)).toEqual([]);
    expect(await countUnread(other.actor, world.portal)).toBe(0);

    const listed = await listNotices(patient.actor, { unreadOnly: false }, world.portal);
    expect(listed[0]).toMatchObject({ subject: claim.id, patient: { pseudonym: subjectId }, read: false });
    const ids = listed.map(({ id }) => id);
    await markRead(other.actor, { ids }, world.portal);
    expect(await countUnread(patient.actor, world.portal)).toBe(3);
    const [newest = '', ...rest] = ids;
    expect(await markRead(patient.actor, { ids: rest }, world.portal)).toEqual({ unread: 1 });
    expect(await told(patient)).toEqual([['claimDenied', minute(3)]]);
    expect(await markRead(patient.actor, { ids: [newest] }, world.portal)).toEqual({ unread: 0 });
    await projectClaims(world.portal.db, { claims: [denied] });
    expect(await countUnread(patient.actor, world.portal)).toBe(0);
  });

  it('of whom this portal does not know is told nothing', async () => {
    const claim = claimOf(`pol-${name26()}`);
    await projectClaims(world.portal.db, { claims: [claim] });
    const rows = await world.portal.db.select().from(claimNotices);
    expect(rows.map((row) => row.claim)).not.toContain(claim.id);
  });

  it('is not named by what is stored of it, nor by the time of reading', async () => {
    const claim = claimOf(await policyOf(patient));
    await projectClaims(world.portal.db, { claims: [claim] });
    const rows = await world.portal.db.select().from(claimNotices);
    const stored = JSON.stringify(rows.map((row) => ({ ...row, ownerIndex: row.ownerIndex.toString('latin1') })));
    expect(stored).toContain(claim.id);
    expect(stored).not.toContain(patient.actor.personId);
    expect(stored).not.toContain(patient.actor.subjectId);
    const instants = rows.flatMap((row) => Object.values(row).filter((value) => value instanceof Date));
    expect(instants).toEqual(rows.map(({ at }) => at));
    const named = await world.portal.db.select().from(notices);
    expect(named.map(({ subject }) => subject)).not.toContain(claim.id);
  });
});
