import { type Address, erc20Abi, getAddress } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { coins, insurerId, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { t } from '#messages/en.ts';
import type { PaidIn } from '#server/claims/schema.ts';
import { gasOf, type WalletCall } from './checkCall.ts';
import {
  limitsAnew,
  limitsCall,
  rightsAnew,
  rightsCall,
  signerAnew,
  signerCall,
  withdrawFundsCall,
} from './treasurerCalls.ts';
import { pageOn } from './walletTesting.ts';

/** What a treasurer sends, each as a wallet does, to the contract itself. */

let chain: SettlementChain;
let paidIn: PaidIn;
const insurer = institutionHash(insurerId);

beforeAll(async () => {
  chain = await SettlementChain.start();
  const { careSettlement: settlement, settlementCoin: coin } = chain.deployment;
  paidIn = { settlement, coin, unit: '10000', currency: 'EUR' };
}, 120_000);
afterEach(() => vi.unstubAllGlobals());
afterAll(() => chain?.stop());

const treasurer = () => privateKeyToAccount(chain.keys.treasurer);
const fresh = () => privateKeyToAccount(generatePrivateKey()).address;
const send = async ({ to, data }: WalletCall) => chain.mined(await chain.as(treasurer()).sendTransaction({ to, data }));
const purse = () =>
  chain.reader.readContract({ ...chain.contract, functionName: 'purseOf', args: [insurer, paidIn.coin] });
const rightsOf = (account: Address) =>
  chain.reader.readContract({ ...chain.contract, functionName: 'rightsOf', args: [insurer, account] });
const signer = async () =>
  (await chain.reader.readContract({ ...chain.contract, functionName: 'insurerOf', args: [insurer] }))[1];
const changed = { code: 'CHANGED' };

it('sets the limits', async () => {
  const { config } = pageOn(chain);
  const opened = { perDay: 5_000_000, releaseAbove: 100_000 };
  const wanted = { perDay: 4_000_050, releaseAbove: 0 };
  await send(await limitsAnew(config, paidIn, insurerId, { began: opened, wanted }));
  expect(await purse()).toMatchObject({ perDay: coins(40_000.5), releaseAbove: 0n });
  await send(await limitsAnew(config, paidIn, insurerId, { began: wanted, wanted: opened }));
  expect(await purse()).toMatchObject({ perDay: coins(50_000), releaseAbove: coins(1_000) });
});

it('puts no limit back that was changed meanwhile', async () => {
  const { config } = pageOn(chain);
  const began = { perDay: 5_000_000, releaseAbove: 100_000 };
  await send(limitsCall(paidIn, insurerId, { perDay: coins(50_000), releaseAbove: coins(10) }));
  const stale = limitsAnew(config, paidIn, insurerId, { began, wanted: { perDay: 6_000_000 } });
  await expect(stale).rejects.toMatchObject(changed);
  expect(t.settlement.problems[changed.code]).toBeDefined();
  await send(limitsCall(paidIn, insurerId, { perDay: coins(50_000), releaseAbove: coins(1_000) }));
  await send(await limitsAnew(config, paidIn, insurerId, { began, wanted: { perDay: 6_000_000 } }));
  expect(await purse()).toMatchObject({ perDay: coins(60_000), releaseAbove: coins(1_000) });
});

it('leaves a limit to the last unit that is not to be changed, be it all that the contract takes', async () => {
  const { config } = pageOn(chain);
  const most = { perDay: 2n ** 128n - 1n, releaseAbove: 2n ** 96n - 1n };
  const minorOf = (units: bigint) => Number(units / BigInt(paidIn.unit));
  const began = { perDay: minorOf(most.perDay), releaseAbove: minorOf(most.releaseAbove) };
  await send(limitsCall(paidIn, insurerId, most));
  await send(await limitsAnew(config, paidIn, insurerId, { began, wanted: { releaseAbove: 100_000 } }));
  expect(await purse()).toMatchObject({ perDay: most.perDay, releaseAbove: coins(1_000) });
  const lowered = { ...began, releaseAbove: 100_000 };
  await send(await limitsAnew(config, paidIn, insurerId, { began: lowered, wanted: { perDay: 5_000_000 } }));
  expect(await purse()).toMatchObject({ perDay: coins(50_000), releaseAbove: coins(1_000) });
});

it('lets a wallet pay or release, and takes it away', async () => {
  const account = fresh();
  await send(rightsCall(paidIn, insurerId, account, { spends: true, releases: false }));
  expect(await rightsOf(account)).toEqual([true, false]);
  await send(rightsCall(paidIn, insurerId, account, { spends: false, releases: true }));
  expect(await rightsOf(account)).toEqual([false, true]);
  await send(rightsCall(paidIn, insurerId, account, { spends: false, releases: false }));
  expect(await rightsOf(account)).toEqual([false, false]);
});

it('gives no right back that was taken away meanwhile', async () => {
  const { config } = pageOn(chain);
  const account = fresh();
  const [nothing, both] = [
    { spends: false, releases: false },
    { spends: true, releases: true },
  ];
  const began = { spends: true, releases: false };
  await send(await rightsAnew(config, paidIn, insurerId, { account, began: nothing, wanted: began }));
  await send(rightsCall(paidIn, insurerId, account, nothing));
  const stale = rightsAnew(config, paidIn, insurerId, { account, began, wanted: both });
  await expect(stale).rejects.toMatchObject(changed);
  // Where the page could not tell what it may, there is nothing to go by.
  await send(await rightsAnew(config, paidIn, insurerId, { account, began: undefined, wanted: both }));
  expect(await rightsOf(account)).toEqual([true, true]);
});

it('says who signs quotes, and not where somebody else was named meanwhile', async () => {
  const { config } = pageOn(chain);
  const [began, wanted] = [getAddress(chain.adjudicator.address), fresh()];
  await send(await signerAnew(config, paidIn, insurerId, { began, wanted }));
  expect(await signer()).toBe(wanted);
  await expect(signerAnew(config, paidIn, insurerId, { began, wanted: fresh() })).rejects.toMatchObject(changed);
  await expect(signerAnew(config, paidIn, insurerId, { began: null, wanted: began })).rejects.toMatchObject(changed);
  await send(signerCall(paidIn, insurerId, began));
  expect(await signer()).toBe(began);
});

it('takes money out of the account', async () => {
  const held = () => {
    const args = [treasurer().address] as const;
    return chain.reader.readContract({ address: paidIn.coin, abi: erc20Abi, functionName: 'balanceOf', args });
  };
  const [{ balance }, before] = [await purse(), await held()];
  await send(withdrawFundsCall(paidIn, insurerId, 10_050));
  expect(balance - (await purse()).balance).toBe(coins(100.5));
  expect((await held()) - before).toBe(coins(100.5));
});

it('is refused to everybody else, and beyond what there is, before it is sent and in words', async () => {
  const { config } = pageOn(chain);
  const tooMuch = Number((await purse()).balance / BigInt(paidIn.unit)) + 1;
  const [rights, limits] = [
    { spends: true, releases: true },
    { perDay: 1n, releaseAbove: 1n },
  ];
  const refused: [Address, WalletCall, string][] = [
    [chain.releaser.address, limitsCall(paidIn, insurerId, limits), 'NotTreasurer'],
    [chain.releaser.address, rightsCall(paidIn, insurerId, chain.releaser.address, rights), 'NotTreasurer'],
    [chain.releaser.address, signerCall(paidIn, insurerId, chain.releaser.address), 'NotTreasurer'],
    [chain.releaser.address, withdrawFundsCall(paidIn, insurerId, 1), 'NotTreasurer'],
    [treasurer().address, withdrawFundsCall(paidIn, insurerId, tooMuch), 'TooLittleFunds'],
    [treasurer().address, limitsCall(paidIn, 'inst-nobody', limits), 'UnknownInsurer'],
  ];
  for (const [account, call, refusal] of refused) {
    await expect(gasOf(config, account, call)).rejects.toMatchObject({ code: 'REFUSED', refusal });
    expect(t.settlement.refusals[refusal]).toBeTypeOf('string');
  }
});
