import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, type Hex, isAddressEqual, parseEther, zeroAddress, zeroHash } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { assistanceFundAbi } from '#contracts/abi/assistanceFund.ts';
import { testCoinAbi } from '#contracts/abi/testCoin.ts';
import { coins, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { accountFaults, handToPeople, openPayments } from './payments.ts';
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

const fresh = () => privateKeyToAccount(generatePrivateKey()).address;
const id = institutionHash(insurer);
const runs = async () =>
  (await chain.reader.readContract({ ...chain.contract, functionName: 'insurerOf', args: [id] }))[0];
const limits = async () => {
  const args = [id, chain.deployment.settlementCoin] as const;
  const purse = await chain.reader.readContract({ ...chain.contract, functionName: 'purseOf', args });
  return { perDay: purse.perDay, releaseAbove: purse.releaseAbove };
};
async function setAs(key: Hex, perDay: number, account: Address, may: readonly [boolean, boolean]): Promise<void> {
  const by = chain.as(privateKeyToAccount(key));
  const args = [id, chain.deployment.settlementCoin, coins(perDay), coins(10)] as const;
  await chain.mined(await by.writeContract({ ...chain.contract, functionName: 'setLimits', args }));
  const said = [id, account, ...may] as const;
  await chain.mined(await by.writeContract({ ...chain.contract, functionName: 'setRights', args: said }));
}

it('has the demonstration’s people take out and release payments, and leaves it so at the next start', async () => {
  const { registrar: registrarKey, treasurer: treasurerKey, adjudicator: adjudicatorKey, deployer } = chain.keys;
  const secrets = { ...(await ensureSecrets(folder)), registrarKey, treasurerKey, adjudicatorKey };
  const { settlementCoin: coin } = chain.deployment;
  const options = { rpcUrl: chain.url, deployment: chain.deployment, secrets, minterKey: deployer };
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

it('leaves an insurer’s account as its treasurer has set it since, be it the network’s own key or a person', async () => {
  const other = await SettlementChain.start();
  const before = chain;
  chain = other;
  try {
    const { registrar: registrarKey, treasurer: treasurerKey, adjudicator: adjudicatorKey, deployer } = chain.keys;
    const secrets = { ...(await ensureSecrets(folder)), registrarKey, treasurerKey, adjudicatorKey };
    const options = { rpcUrl: chain.url, deployment: chain.deployment, secrets, minterKey: deployer };
    const rights = (account: Address) =>
      chain.reader.readContract({ ...chain.contract, functionName: 'rightsOf', args: [id, account] });
    const network = privateKeyToAccount(treasurerKey).address;
    const person = generatePrivateKey();
    const { address } = privateKeyToAccount(person);
    const houses = [{ institution: insurer, address }];

    await openPayments(options);
    expect(await runs()).toBe(network);
    expect(await limits()).toEqual({ perDay: coins(50_000), releaseAbove: coins(1_000) });
    expect(await rights(network)).toEqual([false, true]);
    const clerk = fresh();
    await setAs(treasurerKey, 7_000, clerk, [true, true]);
    await openPayments(options);
    expect(await limits()).toEqual({ perDay: coins(7_000), releaseAbove: coins(10) });

    const gas = { fromKey: deployer, ether: '2' };
    await handToPeople({ ...options, gas }, houses);
    expect(await runs()).toBe(address);
    expect([await rights(network), await rights(address)]).toEqual([
      [false, false],
      [true, true],
    ]);
    await setAs(person, 3_000, address, [true, false]);
    await setAs(person, 3_000, chain.adjudicator.address, [false, false]);
    await openPayments(options);
    await handToPeople({ ...options, gas }, houses);
    expect(await runs()).toBe(address);
    expect(await limits()).toEqual({ perDay: coins(3_000), releaseAbove: coins(10) });
    expect(await rights(address)).toEqual([true, false]);
    expect(await rights(clerk)).toEqual([true, true]);
    expect(await rights(chain.adjudicator.address)).toEqual([false, false]);

    // The registrar may name somebody else, whom no start takes out again.
    await chain.mined(
      await chain
        .as(privateKeyToAccount(registrarKey))
        .writeContract({ ...chain.contract, functionName: 'setTreasurer', args: [id, clerk] }),
    );
    await openPayments(options);
    await handToPeople({ ...options, gas }, houses);
    expect(await runs()).toBe(clerk);
  } finally {
    chain = before;
    await other.stop();
  }
}, 120_000);

it('says at a start what only a treasurer can mend: another key signs quotes, or a coin has no limits', async () => {
  const other = await SettlementChain.start();
  try {
    const { registrar: registrarKey, treasurer: treasurerKey, adjudicator: adjudicatorKey, deployer } = other.keys;
    const secrets = { ...(await ensureSecrets(folder)), registrarKey, treasurerKey, adjudicatorKey };
    const options = { rpcUrl: other.url, deployment: other.deployment, secrets, minterKey: deployer };
    const person = privateKeyToAccount(generatePrivateKey());
    await openPayments(options);
    await handToPeople({ ...options, gas: { fromKey: deployer, ether: '2' } }, [
      { institution: insurer, address: person.address },
    ]);
    expect(await accountFaults(options)).toEqual([]);

    // The adjudicator has a new key, and the account is a person's.
    const renewed = { ...options, secrets: { ...secrets, adjudicatorKey: generatePrivateKey() } };
    const key = privateKeyToAccount(renewed.secrets.adjudicatorKey).address;
    await openPayments(renewed);
    const said = await accountFaults(renewed);
    expect(said).toHaveLength(1);
    for (const address of [key, other.adjudicator.address, person.address]) expect(said[0]).toContain(address);
    const args = [id, key] as const;
    await other.mined(await other.as(person).writeContract({ ...other.contract, functionName: 'setSigner', args }));
    expect(await accountFaults(renewed)).toEqual([]);

    const settlementCoin = fresh();
    const [limitless, ...rest] = await accountFaults({
      ...renewed,
      deployment: { ...other.deployment, settlementCoin },
    });
    expect(limitless).toContain(settlementCoin);
    expect(rest).toEqual([]);
  } finally {
    await other.stop();
  }
}, 120_000);

it('has a person of the authority set the assistance fund’s rules beside its deployer, and leaves them so at the next start', async () => {
  const { registrar: registrarKey, treasurer: treasurerKey, adjudicator: adjudicatorKey, deployer } = chain.keys;
  const secrets = { ...(await ensureSecrets(folder)), registrarKey, treasurerKey, adjudicatorKey };
  const options = { rpcUrl: chain.url, deployment: chain.deployment, secrets, minterKey: deployer };
  const officer = privateKeyToAccount(generatePrivateKey());
  const fund = { address: chain.deployment.assistanceFund, abi: assistanceFundAbi } as const;
  const rules = () => chain.reader.readContract({ ...fund, functionName: 'rules' });
  const maySet = ({ address }: { address: Address }) =>
    chain.reader.readContract({ ...fund, functionName: 'hasRole', args: [zeroHash, address] });
  const start = async () => {
    await openPayments(options);
    const houses = [{ institution: 'inst-medicines-authority', address: officer.address }];
    await handToPeople({ ...options, gas: { fromKey: deployer, ether: '2' } }, houses);
  };
  const wanted = {
    ...{ perGrant: coins(40), perBeneficiary: coins(120), perPeriod: coins(900), period: 7 * 86_400 },
    grantLife: 2 * 86_400,
  };
  const set = () => chain.as(officer).writeContract({ ...fund, functionName: 'setRules', args: [wanted] });

  expect(await maySet(officer)).toBe(false);
  await expect(set()).rejects.toThrow();
  await start();
  expect(await maySet(officer)).toBe(true);
  await chain.mined(await set());
  await start();
  expect(await rules()).toEqual(wanted);
  expect(await maySet(privateKeyToAccount(deployer))).toBe(true);
  expect(await chain.reader.getBalance(officer)).toBeGreaterThan(parseEther('1.9'));
  // The authority is paid nothing.
  const payee = institutionHash('inst-medicines-authority');
  expect(await chain.reader.readContract({ ...chain.contract, functionName: 'payoutOf', args: [payee] })).toBe(
    zeroAddress,
  );
}, 60_000);

describe('where an officer lacks the right to set the assistance fund’s rules, a start', () => {
  const officer = privateKeyToAccount(generatePrivateKey());
  const fund = () => ({ address: chain.deployment.assistanceFund, abi: assistanceFundAbi }) as const;
  const maySet = (address: Address) =>
    chain.reader.readContract({ ...fund(), functionName: 'hasRole', args: [zeroHash, address] });
  const start = async (fromKey: Hex) => {
    const { registrar: registrarKey, treasurer: treasurerKey, adjudicator: adjudicatorKey } = chain.keys;
    const secrets = { ...(await ensureSecrets(folder)), registrarKey, treasurerKey, adjudicatorKey };
    const options = { rpcUrl: chain.url, deployment: chain.deployment, secrets, minterKey: undefined };
    await openPayments(options);
    const houses = [{ institution: 'inst-medicines-authority', address: officer.address }];
    return handToPeople({ ...options, gas: { fromKey, ether: '2' } }, houses);
  };

  it('with a key that is no admin’s of the fund goes on, and says so', async () => {
    const other = generatePrivateKey();
    const { address } = privateKeyToAccount(other);
    await chain.controls.setBalance({ address, value: parseEther('10') });
    expect(await maySet(address)).toBe(false);
    expect(await start(other)).toBe('no-admin');
    expect(await maySet(officer.address)).toBe(false);
    expect(await chain.reader.getBalance(officer)).toBe(parseEther('2'));
  });

  it('goes on where the node tells nothing of the past, and lets nobody', async () => {
    const { fetch } = globalThis;
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      const { method, id: asked } = z.object({ method: z.string(), id: z.number() }).parse(JSON.parse(`${init.body}`));
      if (method !== 'eth_getLogs') return fetch(url, init);
      const error = { code: -32_600, message: 'at most 10 blocks' };
      return Promise.resolve(Response.json({ jsonrpc: '2.0', id: asked, error }));
    });
    try {
      expect(await start(chain.keys.deployer)).toBe('past-unknown');
    } finally {
      vi.unstubAllGlobals();
    }
    expect(await maySet(officer.address)).toBe(false);
  });

  it('lets who never had it, and not who has lost it', async () => {
    expect(await start(chain.keys.deployer)).toBeUndefined();
    expect(await maySet(officer.address)).toBe(true);
    const admin = chain.as(privateKeyToAccount(chain.keys.deployer));
    const args = [zeroHash, officer.address] as const;
    await chain.mined(await admin.writeContract({ ...fund(), functionName: 'revokeRole', args }));
    await start(chain.keys.deployer);
    expect(await maySet(officer.address)).toBe(false);
  });
});
