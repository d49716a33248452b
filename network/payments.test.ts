import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, isAddressEqual, parseEther } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testCoinAbi } from '#contracts/abi/testCoin.ts';
import { coins, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { handToPeople, openPayments } from './payments.ts';
import { ensureSecrets } from './secrets.ts';

const insurer = 'inst-northern-mutual';
const pharmacy = 'inst-harbour-pharmacy';
const folder = mkdtempSync(join(tmpdir(), 'medloom-payments-'));
let chain: SettlementChain;

beforeAll(async () => {
  chain = await SettlementChain.start();
}, 120_000);
afterAll(async () => {
  await chain?.stop();
  rmSync(folder, { recursive: true });
});

it('has the demonstration’s people take out and release payments, and leaves it so at the next start', async () => {
  const { registrar: registrarKey, treasurer: treasurerKey, adjudicator: adjudicatorKey, deployer } = chain.keys;
  const secrets = { ...(await ensureSecrets(folder)), registrarKey, treasurerKey, adjudicatorKey };
  const { settlementCoin: coin } = chain.deployment;
  const options = { rpcUrl: chain.url, deployment: chain.deployment, secrets, minterKey: deployer };
  const fresh = () => privateKeyToAccount(generatePrivateKey()).address;
  const [biller, payer] = [fresh(), fresh()];
  const read = { ...chain.contract };
  const payout = () =>
    chain.reader.readContract({ ...read, functionName: 'payoutOf', args: [institutionHash(pharmacy)] });
  const rights = (account: Address) =>
    chain.reader.readContract({ ...read, functionName: 'rightsOf', args: [institutionHash(insurer), account] });

  await openPayments(options);
  expect(isAddressEqual(await payout(), biller)).toBe(false);
  expect(await rights(payer)).toEqual([false, false]);
  const houses = [
    { institution: pharmacy, address: biller },
    { institution: insurer, address: payer },
  ];
  await handToPeople({ ...options, gas: { fromKey: deployer, ether: '2' } }, houses);
  await openPayments(options);
  expect(isAddressEqual(await payout(), biller)).toBe(true);
  expect(await rights(payer)).toEqual([true, true]);
  for (const address of [biller, payer]) expect(await chain.reader.getBalance({ address })).toBe(parseEther('2'));
  const balance = { address: coin, abi: testCoinAbi, functionName: 'balanceOf', args: [payer] } as const;
  expect(await chain.reader.readContract(balance)).toBeGreaterThan(coins(1_000));
}, 60_000);
