import { randomBytes } from 'node:crypto';
import { erc20Abi } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assistanceFundAbi } from '#contracts/abi/assistanceFund.ts';
import { giveToFund, mintTestCoins } from '#contracts/deploy/institutions.ts';
import { coins, insurerId, pharmacyId, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import type { Portal } from '#server/portal.ts';
import { openEthereum } from '../gateways/ethereum/ethereum.ts';
import { openFund } from '../gateways/ethereum/fund.ts';
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
  const coin = settlementCoin.toLowerCase();
  const payments = { coin, currency: 'EUR', contract, fromBlock: 0, confirmations: 0 };
  const fund = openFund({
    ...{ rpcUrl: chain.url, fundAddress: chain.deployment.assistanceFund, coin },
    ...{ fromBlock: 0, confirmations: 0, submit },
  });
  portal = { ...world.portal, settlement, fund, settings: { ...world.portal.settings, payments } };
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

it('has the assistance fund take in what was given back to it', async () => {
  const { assistanceFund: address, settlementCoin: coin } = chain.deployment;
  const fund = { address, abi: assistanceFundAbi } as const;
  const { deployer: fromKey, registrar } = chain.keys;
  await mintTestCoins(chain.url, fromKey, coin, privateKeyToAccount(fromKey).address, coins(100));
  await giveToFund({ rpcUrl: chain.url, fund: address, coin, fromKey, amount: coins(100) });
  const claim = `0x${randomBytes(32).toString('hex')}` as const;
  const quoted = await chain.quote(claim, { insurer: 80, patient: 20 });
  const { timestamp } = await chain.reader.getBlock();
  const [insurer, payee] = [institutionHash(insurerId), institutionHash(pharmacyId)];
  const granted = [claim, insurer, payee, `0x${'ab'.repeat(32)}`, coins(20), Number(timestamp) + 86_400] as const;
  const officer = chain.as(privateKeyToAccount(registrar));
  await chain.mined(await officer.writeContract({ ...fund, functionName: 'grant', args: granted }));
  await chain.mined(await officer.writeContract({ ...fund, functionName: 'pay', args: quoted }));
  const left = async () => (await portal.fund.books()).left;
  const before = await left();
  const args = [claim, insurer, 2, address, coins(20), false] as const;
  await chain.mined(await chain.as(chain.pharmacy).writeContract({ ...chain.contract, functionName: 'refund', args }));
  expect(await left()).toBe(before);
  expect(await sendRefunds(portal)).toBe(1);
  expect((await left()) - before).toBe(coins(20));
  expect(await sendRefunds(portal)).toBe(0);
});
