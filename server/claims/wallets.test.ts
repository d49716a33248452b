import { randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { erc20Abi, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Claim } from '#chaincode/model/claim.ts';
import { mintTestCoins, openInsurer, prefund } from '#contracts/deploy/institutions.ts';
import { coins, insurerId, pharmacyId, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { claims } from '../gateways/db/schema/claims.ts';
import { institutions, people, wallets } from '../gateways/db/schema/people.ts';
import { rateLimits } from '../gateways/db/schema/session.ts';
import { settlementBlocks, settlementEvents } from '../gateways/db/schema/settlement.ts';
import { openSettlement } from '../gateways/ethereum/settlement.ts';
import { type Actor, type Role, roles } from '../people/schema.ts';
import { settlementRound } from '../settlement/run.ts';
import { name26, World } from '../testing/world.ts';
import { payouts } from './payouts.ts';
import { shareTerms } from './share.ts';
import { takings } from './takings.ts';

/** What people send by wallets, on a real chain: what the pages are told of it before. */

let chain: SettlementChain;
let world: World;
let portal: Portal;

beforeAll(async () => {
  [chain, world] = await Promise.all([SettlementChain.start(), World.start()]);
  const { careSettlement: contract, settlementCoin } = chain.deployment;
  const settlement = openSettlement({
    ...{ rpcUrl: chain.url, settlementAddress: contract },
    submit: (call) => world.ethereum.submit(call),
  });
  const asked = async () => {
    throw new AppError('INTERNAL', 'is not asked that here');
  };
  const adjudicator = {
    quote: async (claim: string) => {
      const { reference } = world.ledger.entries.get(claim) as Claim;
      const [quote, signature] = await chain.quote(`0x${reference}`, { insurer: 2_000, patient: 20 });
      return { quote, signature };
    },
    ...{ answer: asked, anchor: asked, health: asked },
  };
  const adjudicators = { [insurerId]: adjudicator };
  const coin = settlementCoin.toLowerCase();
  const payments = { coin, currency: 'EUR', contract, fromBlock: 0, confirmations: 0 };
  portal = { ...world.portal, settlement, adjudicators, settings: { ...world.portal.settings, payments } };
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await chain?.stop();
});
beforeEach(async () => {
  for (const table of [settlementEvents, settlementBlocks, claims, rateLimits]) await portal.db.delete(table);
});

const of = (role: Role, institutionId: string | null): Actor => ({
  ...{ personId: randomUUID(), sessionId: 's', role, name: 'N', subjectId: `prac-${'x'.repeat(26)}`, institutionId },
  ...{ institutionName: null, mspId: 'InsurerMSP', enrolled: true },
});
const insurer = of('insurer', insurerId);
const pharmacist = of('pharmacist', pharmacyId);
const elsewhere = of('pharmacist', 'inst-another');
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
const round = () => settlementRound(portal, async () => undefined, 0);

/** A decided claim, as the tables and the ledger have it; shares in the major unit. */
async function claimOf(shares: { insurer: number; patient: number }, change: Partial<typeof claims.$inferInsert> = {}) {
  const reference = randomBytes(32).toString('hex');
  const id = `clm-${name26()}`;
  const ledgerState = { currency: 'EUR', receipts: [] };
  await portal.db.insert(claims).values({
    ...{ id, use: 'claim', category: 'medicine', policy: `pol-${name26()}`, reference, ledgerState },
    ...{ insurer: insurerId, provider: pharmacyId, state: 'approved', billed: 10_000, version: 1 },
    ...{ insurerShare: shares.insurer * 100, patientShare: shares.patient * 100 },
    ...{ servedAt: new Date(), at: new Date(), decidedAt: new Date(), ...change },
  });
  const claim: Hex = `0x${reference}`;
  return { id, reference, claim, quoted: await chain.quote(claim, shares) };
}
const propose = async (quoted: Awaited<ReturnType<typeof claimOf>>['quoted']) =>
  chain.mined(
    await chain.as(chain.adjudicator).writeContract({ ...chain.contract, functionName: 'propose', args: quoted }),
  );

describe('a share above the threshold', () => {
  it('waits until it is proposed and another person has released it', async () => {
    const { id, reference, claim, quoted } = await claimOf({ insurer: 2_000, patient: 20 });
    await claimOf({ insurer: 1_000, patient: 20 });
    const waiting = async () => (await payouts(insurer, portal)).releases;
    const waits = { claim: id, reference, amount: 200_000, currency: 'EUR' };
    expect(await waiting()).toMatchObject([{ ...waits, proposed: null }]);
    await propose(quoted);
    const spender = chain.adjudicator.address.toLowerCase();
    expect(await waiting()).toMatchObject([{ ...waits, proposed: { version: 1, spender } }]);
    await portal.db.execute(`update claims set insurer_share = 190000 where id = '${id}'`);
    // Decided anew: what was proposed by the quote before is released no more.
    const newer = await chain.quote(claim, { insurer: 1_900, patient: 20 }, { version: 2 });
    await chain.mined(await chain.coPay(newer, 20));
    expect(await waiting()).toMatchObject([{ amount: 190_000, proposed: null }]);
    await propose(newer);
    expect(await waiting()).toMatchObject([{ proposed: { version: 2 } }]);
    const args = [claim, institutionHash(insurerId), 2] as const;
    await chain.mined(
      await chain.as(chain.releaser).writeContract({ ...chain.contract, functionName: 'release', args }),
    );
    expect(await waiting()).toEqual([]);
    expect((await portal.settlement.readBill(institutionHash(insurerId), reference))?.insurerPaid).toBe(coins(1_900));
  });

  it('is released by whose wallet the treasurer has let, as the person is told', async () => {
    await portal.db
      .insert(institutions)
      .values({ id: insurerId, kind: 'insurer', name: 'The Insurer', mspId: 'InsurerMSP' });
    const { actor } = await world.person('insurer', insurerId);
    const own = [chain.releaser.address, chain.adjudicator.address].map((address) => address.toLowerCase());
    for (const address of own) await portal.db.insert(wallets).values({ address, personId: actor.personId });
    const { account } = await payouts(actor, portal);
    expect(account?.treasurer).toBe(privateKeyToAccount(chain.keys.treasurer).address.toLowerCase());
    expect(account?.own).toEqual(
      expect.arrayContaining([
        { address: own[0], spends: false, releases: true },
        { address: own[1], spends: true, releases: false },
      ]),
    );
    expect((await payouts(insurer, portal)).account?.own).toEqual([]);
  });

  it('is said with the account, and nothing of it where the chain does not answer', async () => {
    const { account, paidIn } = await payouts(insurer, portal);
    expect(account).toMatchObject({ releaseAbove: 100_000 });
    const { careSettlement: settlement, settlementCoin } = chain.deployment;
    expect(paidIn).toEqual({ settlement, coin: settlementCoin.toLowerCase(), unit: '10000', currency: 'EUR' });
    const settlementAway = openSettlement({
      ...{ rpcUrl: 'http://127.0.0.1:9', settlementAddress: settlement, submit: portal.ethereum.submit },
    });
    const away = { ...portal, settlement: settlementAway };
    expect(await payouts(insurer, away)).toMatchObject({ account: null, paidIn: null, releases: null });
    expect(await takings(pharmacist, away)).toBeNull();
  });
});

describe('an insurer’s share', () => {
  it('is paid from a wallet by a quote that its staff alone is given', async () => {
    const { id, reference, quoted } = await claimOf({ insurer: 2_000, patient: 20 });
    world.ledger.entries.set(id, { ...entry, id, reference });
    const terms = await shareTerms(insurer, { id }, portal);
    expect(terms).toMatchObject({ left: `${coins(2_000)}`, signature: quoted[1] });
    expect(terms.quote).toMatchObject({ insurerAmount: `${coins(2_000)}`, version: 1 });
    expect(await codeOf(shareTerms(of('insurer', 'inst-another'), { id }, portal))).toBe('NOT_FOUND');
    for (const role of roles.filter((each) => each !== 'insurer'))
      expect(await codeOf(shareTerms(of(role, pharmacyId), { id }, portal))).toBe('FORBIDDEN');
    await propose(quoted);
    const args = [quoted[0].claim, quoted[0].insurer, 1] as const;
    await chain.mined(
      await chain.as(chain.releaser).writeContract({ ...chain.contract, functionName: 'release', args }),
    );
    expect(await codeOf(shareTerms(insurer, { id }, portal))).toBe('WRONG_STATE');
  });
});

describe('what a provider was paid', () => {
  it('is told with whose wallet takes it out, to its staff alone', async () => {
    const before = await takings(pharmacist, portal);
    const { quoted } = await claimOf({ insurer: 80, patient: 20 });
    await chain.mined(await chain.settle(quoted, 80));
    const after = await takings(pharmacist, portal);
    expect(after).toMatchObject({
      ...{ payout: chain.pharmacy.address.toLowerCase(), payee: institutionHash(pharmacyId), toGiveBack: [] },
      holder: null,
    });
    expect(BigInt(after?.withdrawable ?? 0) - BigInt(before?.withdrawable ?? 0)).toBe(coins(80));
    expect(await takings(of('doctor', 'inst-unnamed'), portal)).toMatchObject({ payout: null, withdrawable: '0' });
    for (const role of roles.filter((each) => each !== 'pharmacist' && each !== 'doctor'))
      expect(await codeOf(takings(of(role, pharmacyId), portal))).toBe('FORBIDDEN');
    expect(await codeOf(takings(of('pharmacist', null), portal))).toBe('FORBIDDEN');
  });

  it('is taken out by a person whom colleagues are told by name, and nobody else', async () => {
    await portal.db
      .insert(institutions)
      .values({ id: pharmacyId, kind: 'pharmacy', name: 'The Pharmacy', mspId: 'PharmacyMSP' });
    const { actor } = await world.person('pharmacist', pharmacyId, { name: 'Rosa' });
    const address = chain.pharmacy.address.toLowerCase();
    await portal.db.insert(wallets).values({ address, personId: actor.personId });
    const named = { payout: address, withdrawable: expect.any(String) };
    expect(await takings(actor, portal)).toMatchObject({ ...named, holder: { name: 'Rosa', isOwn: true } });
    expect(await takings(pharmacist, portal)).toMatchObject({ ...named, holder: { name: 'Rosa', isOwn: false } });
    // Whoever has left the pharmacy is named to nobody there.
    await portal.db.update(people).set({ institutionId: null }).where(eq(people.id, actor.personId));
    expect(await takings(pharmacist, portal)).toMatchObject({ ...named, holder: null });
  });

  it('too much, or before a reversal, is given back to whom it came from', async () => {
    const { reference, id, claim, quoted } = await claimOf({ insurer: 80, patient: 20 });
    const less = await claimOf({ insurer: 80, patient: 20 });
    for (const { quoted: each } of [{ quoted }, less]) {
      await chain.mined(await chain.settle(each, 80));
      await chain.mined(await chain.coPay(each, 20));
    }
    await round();
    const listed = async (actor = pharmacist) => (await takings(actor, portal))?.toGiveBack;
    expect(await listed()).toEqual([]);
    await portal.db.execute(`update claims set state = 'reversed' where id = '${id}'`);
    await portal.db.execute(`update claims set patient_share = 1500 where id = '${less.id}'`);
    const contract = chain.deployment.careSettlement.toLowerCase();
    const from = chain.patient.address.toLowerCase();
    const reversed = { claim: id, reference, insurer: institutionHash(insurerId), currency: 'EUR', why: 'reversed' };
    expect(await listed()).toHaveLength(3);
    expect(await listed()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...reversed, payer: 'insurer', from: contract, amount: 8_000, paid: 8_000 }),
        expect.objectContaining({ ...reversed, payer: 'patient', from, amount: 2_000 }),
        expect.objectContaining({ claim: less.id, payer: 'patient', from, amount: 500, paid: 2_000, why: 'tooMuch' }),
      ]),
    );
    expect(await listed(elsewhere)).toEqual([]);
    await chain.mined(await chain.refund(claim, 1, 20));
    await chain.mined(await chain.refund(claim, 0, 80));
    await round();
    expect(await listed()).toMatchObject([{ claim: less.id }]);
  });

  it('by another insurer’s quote is given back by its hash and under its name, and is on no work list then', async () => {
    const other = 'inst-another-insurer';
    const { careSettlement, settlementCoin: coin } = chain.deployment;
    const account = { rpcUrl: chain.url, careSettlement, coin, institution: other };
    await openInsurer({
      ...{ ...account, signer: chain.adjudicator.address, perDay: coins(1_000), releaseAbove: coins(1_000) },
      ...{ registrarKey: chain.keys.registrar, treasurerKey: chain.keys.treasurer },
      rights: [{ account: chain.adjudicator.address, spends: true, releases: false }],
    });
    await mintTestCoins(chain.url, chain.keys.deployer, coin, chain.adjudicator.address, coins(120));
    await prefund({ ...account, fromKey: chain.keys.adjudicator, amount: coins(100) });
    const { id, reference, claim, quoted } = await claimOf({ insurer: 80, patient: 20 });
    const theirs = await chain.quote(claim, { insurer: 30, patient: 20 }, { insurer: institutionHash(other) });
    await chain.mined(await chain.settle(quoted, 80));
    await chain.mined(await chain.settle(theirs, 10));
    // The rest from a wallet, which what is given back of it does not name.
    const allowed = [careSettlement, coins(20)] as const;
    const approval = { address: coin, abi: erc20Abi, functionName: 'approve', args: allowed } as const;
    await chain.mined(await chain.as(chain.adjudicator).writeContract(approval));
    const share = { ...chain.contract, functionName: 'payShare', args: [...theirs, coins(20)] } as const;
    await chain.mined(await chain.as(chain.adjudicator).writeContract(share));
    await chain.mined(await chain.coPay(theirs, 20));
    await round();
    const listed = async (actor = pharmacist) => (await takings(actor, portal))?.toGiveBack ?? [];
    const of = { claim: id, reference, insurer: institutionHash(other), currency: 'EUR', why: 'otherInsurer' };
    const patient = chain.patient.address.toLowerCase();
    expect(await listed()).toHaveLength(2);
    expect(await listed()).toEqual(
      expect.arrayContaining([
        { ...of, name: null, payer: 'insurer', from: careSettlement.toLowerCase(), amount: 3_000, paid: 3_000 },
        { ...of, name: null, payer: 'patient', from: patient, amount: 2_000, paid: 2_000 },
      ]),
    );
    expect(await listed(elsewhere)).toEqual([]);
    await portal.db
      .insert(institutions)
      .values({ id: other, kind: 'insurer', name: 'The Other Insurer', mspId: 'InsurerMSP' });
    expect((await listed()).map(({ name }) => name)).toEqual(['The Other Insurer', 'The Other Insurer']);
    const whats = async () => (await payouts(insurer, portal)).mismatches.map(({ what }) => what);
    expect(await whats()).toEqual(['WRONG_INSURER', 'WRONG_INSURER', 'WRONG_INSURER']);
    expect((await payouts(insurer, portal)).mismatches[0]).toMatchObject({ claim: id, state: 'approved' });
    for (const { insurer: quoter, payer, from, amount } of await listed()) {
      const kind = payer === 'insurer' ? 0 : 1;
      const args = [claim, quoter, kind, from as Hex, coins(amount / 100), false] as const;
      const call = { ...chain.contract, functionName: 'refund', args } as const;
      await chain.mined(await chain.as(chain.pharmacy).writeContract(call));
    }
    await round();
    expect(await listed()).toEqual([]);
    expect(await whats()).toEqual([]);
    const bill = await portal.settlement.readBill(institutionHash(other), reference);
    expect(bill).toMatchObject({ insurerPaid: 0n, patientPaid: 0n });
    expect((await portal.settlement.readBill(institutionHash(insurerId), reference))?.insurerPaid).toBe(coins(80));
  });
});

const sealed = { cid: `b${'a'.repeat(58)}`, contentHash: 'ab'.repeat(32) };
/** Of the ledger, decided for 2,000.00 and 20.00. */
const entry = {
  ...{ use: 'claim', category: 'medicine', policy: `pol-${name26()}`, authorisation: `aut-${name26()}` },
  ...{ currency: 'EUR', service: 'cd'.repeat(32), servedAt: '2026-11-20T00:00:00.000Z', billed: 202_000 },
  ...{ content: sealed, plan: { id: `plan-${name26()}`, version: 1 }, at: '2026-11-20T10:00:00.000Z' },
  ...{ state: 'approved', insurer: insurerId, provider: pharmacyId, by: `prac-${name26()}` },
  ...{ decisions: [], messages: [], receipts: [], version: 2 },
};
