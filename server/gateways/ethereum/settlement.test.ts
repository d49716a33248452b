import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coins, insurerId, pharmacyId, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { outgoingInMemory } from '../../testing/outgoing.ts';
import { openEthereum } from './ethereum.ts';
import { openSettlement, type SettlementGateway } from './settlement.ts';

let chain: SettlementChain;
let settlement: SettlementGateway;
const [pharmacy, insurer] = [institutionHash(pharmacyId), institutionHash(insurerId)];

beforeAll(async () => {
  chain = await SettlementChain.start();
  const { prescriptionToken: tokenAddress, careSettlement: settlementAddress } = chain.deployment;
  const own = { submitterKey: chain.submitterKey, outgoing: outgoingInMemory() };
  const { submit } = openEthereum({ rpcUrl: chain.url, tokenAddress, ...own });
  settlement = openSettlement({ rpcUrl: chain.url, settlementAddress, submit });
}, 120_000);
afterAll(() => chain?.stop());

const fresh = () => {
  const reference = randomBytes(32).toString('hex');
  return { reference, claim: `0x${reference}` as const };
};
const newest = async () => {
  const block = await settlement.readBlock('latest');
  if (!block) throw new Error('no block');
  return block;
};

describe('the settlement', () => {
  it('says what was quoted and paid of a claim, and nothing of one that nobody brought', async () => {
    const { reference, claim } = fresh();
    expect(await settlement.readBill(insurer, reference)).toBeUndefined();
    await chain.mined(await chain.settle(await chain.quote(claim, { insurer: 80, patient: 20 }), 50));
    expect(await settlement.readBill(insurer, reference)).toMatchObject({
      ...{ payee: pharmacy, coin: chain.deployment.settlementCoin.toLowerCase(), version: 1, reversed: false },
      ...{ insurerAmount: coins(80), patientAmount: coins(20), insurerPaid: coins(50), patientPaid: 0n },
    });
    expect(await settlement.payoutOf(pharmacy)).toBe(chain.pharmacy.address.toLowerCase());
    expect(await settlement.payoutOf(`0x${'00'.repeat(32)}`)).toBeUndefined();
    expect(await settlement.withdrawableOf(pharmacy, chain.deployment.settlementCoin)).toBe(coins(50));
    expect(await settlement.decimalsOf(chain.deployment.settlementCoin)).toBe(6);
    expect(await settlement.decimalsOf(`0x${'00'.repeat(20)}`)).toBe(18);
  });

  it('tells of payments, refunds and reversals, by block and by range', async () => {
    const { reference, claim } = fresh();
    const from = (await newest()).number + 1;
    const quoted = await chain.quote(claim, { insurer: 80, patient: 20 });
    await chain.mined(await chain.settle(quoted, 80));
    const paid = await newest();
    await chain.mined(await chain.coPay(quoted, 5));
    await chain.mined(await chain.refund(claim, 1, 2));
    await chain.mined(await chain.reverse(claim));
    const told = await settlement.eventsBetween(from, (await newest()).number);
    expect(told.map((event) => [event.kind, event.kind === 'reversal' ? '' : event.payer])).toEqual([
      ['payment', 'insurer'],
      ['payment', 'patient'],
      ['refund', 'patient'],
      ['reversal', ''],
    ]);
    expect(new Set(told.map((event) => event.reference))).toEqual(new Set([reference]));
    expect(await settlement.eventsIn(paid.hash)).toEqual(told.slice(0, 1));
    expect(told[0]).toMatchObject({
      ...{ chainId: 31337, contract: chain.deployment.careSettlement.toLowerCase(), payee: pharmacy },
      ...{ blockNumber: paid.number, blockHash: paid.hash, amount: coins(80) },
      from: chain.deployment.careSettlement.toLowerCase(),
    });
    expect(told[1]).toMatchObject({ from: chain.patient.address.toLowerCase(), amount: coins(5) });
    expect((await settlement.readBlock(paid.number))?.hash).toBe(paid.hash);
    expect(await settlement.readBlock(paid.number + 1_000)).toBeUndefined();
    await expect(settlement.eventsIn(`0x${'ab'.repeat(32)}`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('brings what a patient has signed, once, by somebody else’s account', async () => {
    const { reference, claim } = fresh();
    const [quote, signature] = await chain.quote(claim, { insurer: 80, patient: 20 });
    const permit = await chain.permit(quote, coins(20));
    await settlement.payByPermit(quote, signature, permit);
    expect((await settlement.readBill(insurer, reference))?.patientPaid).toBe(coins(20));
    const [event] = await settlement.eventsIn((await newest()).hash);
    expect(event).toMatchObject({ payer: 'patient', from: chain.patient.address.toLowerCase() });
    await expect(settlement.payByPermit(quote, signature, permit)).rejects.toMatchObject({
      ...{ code: 'WRONG_STATE', detail: 'PermitUsed' },
    });
    const other = await chain.quote(fresh().claim, { insurer: 1, patient: 20 });
    await expect(settlement.payByPermit(...other, permit)).rejects.toMatchObject({ detail: 'PermitInvalid' });
  });
});

it('says what an insurer’s account holds and what of the day’s limit is used', async () => {
  const coin = chain.deployment.settlementCoin;
  const before = await settlement.purseOf(insurer, coin);
  expect(before.balance).toBeGreaterThan(coins(1_000));
  expect(before.perDay).toBeGreaterThanOrEqual(before.releaseAbove);
  await chain.mined(await chain.settle(await chain.quote(fresh().claim, { insurer: 12, patient: 0 }), 12));
  const after = await settlement.purseOf(insurer, coin);
  expect(before.balance - after.balance).toBe(coins(12));
  expect(after.spentToday - before.spentToday).toBe(coins(12));
  expect(await settlement.purseOf(institutionHash('inst-nobody'), coin)).toMatchObject({ balance: 0n, perDay: 0n });
});
