import { randomBytes } from 'node:crypto';
import type { Hex } from 'viem';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Claim, claimRecord } from '#chaincode/model/claim.ts';
import { coins, insurerId, pharmacyId, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { policyMembers } from '../gateways/db/schema/claims.ts';
import { rateLimits } from '../gateways/db/schema/session.ts';
import { openEthereum } from '../gateways/ethereum/ethereum.ts';
import { openSettlement } from '../gateways/ethereum/settlement.ts';
import { outgoingInMemory } from '../testing/outgoing.ts';
import { hex, name26, type Person, World } from '../testing/world.ts';
import { coPayTerms, payCoPay } from './coPay.ts';
import { ownerIndexOf } from './owners.ts';

/** A patient's own share, paid on a real chain by what the patient has signed. */

let chain: SettlementChain;
let world: World;
let portal: Portal;
let patient: Person;
let other: Person;
/** Claims that the insurer was asked to quote. */
let quoted: string[];

beforeAll(async () => {
  [chain, world] = await Promise.all([SettlementChain.start(), World.start()]);
  const { careSettlement, prescriptionToken: tokenAddress } = chain.deployment;
  const own = { submitterKey: chain.submitterKey, outgoing: outgoingInMemory() };
  const { submit } = openEthereum({ rpcUrl: chain.url, tokenAddress, ...own });
  const settlement = openSettlement({ rpcUrl: chain.url, settlementAddress: careSettlement, submit });
  const payments = { ...world.portal.settings.payments, contract: careSettlement };
  const asked = async () => {
    throw new AppError('INTERNAL', 'is not asked that here');
  };
  const adjudicator = {
    quote: async (claim: string) => {
      quoted.push(claim);
      const { reference } = world.ledger.entries.get(claim) as Claim;
      const [quote, signature] = await chain.quote(`0x${reference}`, { insurer: 80, patient: 20 });
      return { quote, signature };
    },
    ...{ answer: asked, anchor: asked, health: asked },
  };
  portal = {
    ...world.portal,
    settlement,
    adjudicators: { 'inst-northern-mutual': adjudicator },
    settings: { ...world.portal.settings, payments },
  };
  [patient, other] = [await world.person('patient', null), await world.person('patient', null)];
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await chain?.stop();
});
beforeEach(async () => {
  quoted = [];
  await portal.db.delete(rateLimits);
});

const sealed = { cid: `b${'a'.repeat(58)}`, contentHash: hex(randomBytes(32)) };

/** A bill of the patient's of 100.00, of which the patient's are `share` minor units. */
async function billed(share = 2_000): Promise<Claim> {
  const policy = `pol-${name26()}`;
  const { personId } = patient.actor;
  await portal.db.insert(policyMembers).values({
    ...{ policy, ownerIndex: ownerIndexOf(portal.personalData, personId) },
    ownerSealed: portal.personalData.seal(`policy_members/${policy}`, personId),
  });
  const at = '2026-11-20T10:00:00.000Z';
  const id = `clm-${name26()}`;
  const decision = {
    ...{ claim: id, version: 1, usage: 0, outcome: 'approved' as const, allowed: 8_000 + share, insurer: 8_000 },
    ...{ patient: share, deductible: 0, reasons: [], explanation: sealed, by: `dev-${name26()}`, at },
  };
  const claim: Claim = {
    ...{ id, use: 'claim', category: 'medicine', policy, authorisation: `aut-${name26()}`, currency: 'EUR' },
    ...{ service: hex(randomBytes(32)), servedAt: '2026-11-20T00:00:00.000Z', billed: 10_000, content: sealed },
    ...{ reference: hex(randomBytes(32)), plan: { id: `plan-${name26()}`, version: 1 }, at, state: 'approved' },
    ...{
      insurer: 'inst-northern-mutual',
      provider: pharmacyId,
      by: `prac-${name26()}`,
      decisions: [decision],
      messages: [],
    },
    ...{ receipts: [], version: 2 },
  };

  world.ledger.entries.set(id, claimRecord.parse(claim));
  return claim;
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
const ask = ({ id }: Claim, person = patient) =>
  coPayTerms(person.actor, { claim: id, payer: chain.patient.address }, portal);
const permitFor = async ({ reference }: Claim, amount: number) => {
  const claim: Hex = `0x${reference}`;
  const [quote] = await chain.quote(claim, { insurer: 80, patient: 20 });
  return chain.permit(quote, coins(amount));
};

describe('a patient’s share', () => {
  it('is told with what is left of it, and paid by what the patient has signed', async () => {
    const bill = await billed();
    const { careSettlement: settlement, settlementCoin: address } = chain.deployment;
    expect(await ask(bill)).toMatchObject({
      ...{ left: `${coins(20)}`, chainId: 31_337, settlement, coin: { address, decimals: 6 } },
      quote: { claim: `0x${bill.reference}`, patientAmount: `${coins(20)}` },
    });
    const permit = await permitFor(bill, 5);
    await payCoPay(patient.actor, { claim: bill.id, permit }, portal);
    expect((await portal.settlement.readBill(institutionHash(insurerId), bill.reference))?.patientPaid).toBe(coins(5));
    expect(await ask(bill)).toMatchObject({ left: `${coins(15)}` });
    expect(await codeOf(payCoPay(patient.actor, { claim: bill.id, permit }, portal))).toBe('WRONG_STATE');
  });

  it('is nobody else’s, and none where nothing was left to the patient', async () => {
    const bill = await billed();
    const permit = await permitFor(bill, 5);
    expect(await codeOf(ask(bill, other))).toBe('NOT_FOUND');
    expect(await codeOf(payCoPay(other.actor, { claim: bill.id, permit }, portal))).toBe('NOT_FOUND');
    expect(await codeOf(ask(await billed(0)))).toBe('WRONG_STATE');
    const doctor = { ...patient.actor, role: 'doctor' as const };
    expect(await codeOf(coPayTerms(doctor, { claim: bill.id, payer: chain.patient.address }, portal))).toBe(
      'FORBIDDEN',
    );
    expect(quoted).toEqual([]);
  });

  it('is asked for and paid so often in a minute, before the insurer has to sign or the chain is asked', async () => {
    const bill = await billed();
    for (let times = 0; times < 30; times += 1) expect(await codeOf(ask(bill, other))).toBe('NOT_FOUND');
    expect(await codeOf(ask(bill, other))).toBe('RATE_LIMITED');
    const permit = await permitFor(bill, 5);
    expect(await codeOf(payCoPay(other.actor, { claim: bill.id, permit }, portal))).toBe('RATE_LIMITED');
    expect(quoted).toEqual([]);
    // Somebody else's attempts are not the patient's.
    expect(await codeOf(ask(bill))).toBe('done');
    for (let times = 0; times < 29; times += 1) await ask(await billed(0)).catch(() => undefined);
    expect(await codeOf(ask(bill))).toBe('RATE_LIMITED');
    expect(quoted).toEqual([bill.id]);
  });

  it('has no terms where no adjudicator is known', async () => {
    const bill = await billed();
    const alone = { ...portal, adjudicators: {} };
    const asked = coPayTerms(patient.actor, { claim: bill.id, payer: chain.patient.address }, alone);
    expect(await codeOf(asked)).toBe('NOT_SERVED');
  });
});
