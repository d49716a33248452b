import { randomBytes } from 'node:crypto';
import { erc20Abi } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { coins, SettlementChain } from '#contracts/testing/settlementChain.ts';
import type { Portal } from '#server/portal.ts';
import { openEthereum } from '../gateways/ethereum/ethereum.ts';
import { openSettlement } from '../gateways/ethereum/settlement.ts';
import { outgoingInMemory } from '../testing/outgoing.ts';
import { World } from '../testing/world.ts';
import { sendRefunds } from './refunds.ts';
import { settlementRound } from './run.ts';

let chain: SettlementChain;
let world: World;
let portal: Portal;

beforeAll(async () => {
  [chain, world] = await Promise.all([SettlementChain.start(), World.start()]);
  const { careSettlement: contract, settlementCoin, prescriptionToken: tokenAddress } = chain.deployment;
  const own = { submitterKey: chain.submitterKey, outgoing: outgoingInMemory() };
  const { submit } = openEthereum({ rpcUrl: chain.url, tokenAddress, ...own });
  const settlement = openSettlement({ rpcUrl: chain.url, settlementAddress: contract, submit });
  const payments = { coin: settlementCoin.toLowerCase(), contract, fromBlock: 0, confirmations: 0 };
  portal = { ...world.portal, settlement, settings: { ...world.portal.settings, payments } };
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await chain?.stop();
});

it('sends a patient what a provider has given back, once, and nothing to insurers', async () => {
  const { settlementCoin: address } = chain.deployment;
  const patient = chain.patient.address;
  const has = () => chain.reader.readContract({ address, abi: erc20Abi, functionName: 'balanceOf', args: [patient] });
  const claim = `0x${randomBytes(32).toString('hex')}` as const;
  const quoted = await chain.quote(claim, { insurer: 80, patient: 20 });
  await chain.mined(await chain.settle(quoted, 80));
  await chain.mined(await chain.coPay(quoted, 20));
  const before = await has();
  await chain.mined(await chain.refund(claim, 1, 15));
  await chain.mined(await chain.refund(claim, 0, 80));
  // Nobody knows of it before the chain was followed.
  expect(await sendRefunds(portal)).toBe(0);
  await settlementRound(portal, async () => undefined, 0);
  expect(await portal.settlement.refundableOf(patient, address)).toBe(coins(15));
  expect(await sendRefunds(portal)).toBe(1);
  expect((await has()) - before).toBe(coins(15));
  expect(await portal.settlement.refundableOf(patient, address)).toBe(0n);
  expect(await sendRefunds(portal)).toBe(0);
});
