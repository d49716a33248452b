import { randomBytes } from 'node:crypto';
import { encodeFunctionData, type Hex, parseEther, toHex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WalletConfig } from '#components/wallet/config.ts';
import { testCoinAbi } from '#contracts/abi/testCoin.ts';
import { mintTestCoins } from '#contracts/deploy/institutions.ts';
import { coins, insurerId, SettlementChain } from '#contracts/testing/settlementChain.ts';
import { institutionHash } from '#contracts/typedData.ts';
import type { WalletCall } from './checkCall.ts';
import { findSent, type SentStorage } from './sentTransactions.ts';
import { BrowserWallet, pageOn, storageInMemory } from './walletTesting.ts';
import { type WalletState, WalletTransaction } from './walletTransaction.ts';

/** What a person sends by a wallet, on a real chain: what prevents it, what becomes of it, and that it is never sent twice. */

let chain: SettlementChain;
let page: ReturnType<typeof pageOn>;
let storage: SentStorage;
let wallet: BrowserWallet;
let share: Hex;
const key = 'pay/a-share';

beforeAll(async () => {
  chain = await SettlementChain.start();
}, 120_000);
afterAll(() => chain?.stop());
beforeEach(async () => {
  page = pageOn(chain);
  storage = storageInMemory();
  share = toHex(randomBytes(32));
  wallet = await newWallet();
});
afterEach(async () => {
  await chain.controls.setAutomine(true);
  await chain.controls.mine({ blocks: 1 });
  vi.unstubAllGlobals();
});

/** With ether and coins, where nothing else is said. */
async function newWallet({ ether = '1', owned = 100, chainId = 31_337 } = {}): Promise<BrowserWallet> {
  const account = privateKeyToAccount(generatePrivateKey());
  await chain.controls.setBalance({ address: account.address, value: parseEther(ether) });
  const { settlementCoin } = chain.deployment;
  if (owned > 0) await mintTestCoins(chain.url, chain.keys.deployer, settlementCoin, account.address, coins(owned));
  return new BrowserWallet(chain, account, chainId);
}
/** Lets the settlement take a wallet's coins, so that a payment is one transaction. */
async function allow({ account }: BrowserWallet, amount = 1_000): Promise<void> {
  const args = [chain.deployment.careSettlement, coins(amount)] as const;
  const coin = { address: chain.deployment.settlementCoin, abi: testCoinAbi } as const;
  await chain.mined(await chain.as(account).writeContract({ ...coin, functionName: 'approve', args }));
}
const paying = async (amount = 20, claim = share): Promise<WalletCall> => {
  const [quote, signature] = await chain.quote(claim, { insurer: 80, patient: 20 });
  const args = [quote, signature, coins(amount)] as const;
  return {
    to: chain.contract.address,
    data: encodeFunctionData({ abi: chain.contract.abi, functionName: 'payCoPay', args }),
    takes: { coin: quote.coin, amount: coins(amount) },
  };
};
const paid = async () => {
  const args = [share, institutionHash(insurerId)] as const;
  return (await chain.reader.readContract({ ...chain.contract, functionName: 'billOf', args })).patientPaid;
};

/** A page that was just opened, in the browser that `storage` is of. */
function opened(config: WalletConfig = page.config, times = { patienceMs: 400, droppedAfterMs: 800 }) {
  const transaction = new WalletTransaction(config, key, { ...times, storage: () => storage });
  const steps: WalletState['step'][] = [];
  transaction.subscribe(() => steps.push(transaction.state().step));
  const leaving = new AbortController();
  return {
    transaction,
    steps,
    leave: () => leaving.abort(),
    send: (amount = 20, from = wallet): Promise<void> =>
      transaction.send({ connector: from.connectorIn(config), compose: () => paying(amount) }, leaving.signal),
    resume: () => transaction.resume(leaving.signal),
    until: (is: (state: WalletState) => boolean) =>
      vi.waitFor(() => expect(is(transaction.state())).toBe(true), { timeout: 20_000, interval: 20 }),
  };
}

const problem = (code: string, more: object = {}) => ({
  step: 'failed',
  problem: expect.objectContaining({ code, ...more }),
});
const isSent = ({ step }: WalletState) => step === 'sent';
const hashOf = (state: WalletState): Hex => (state.step === 'sent' ? state.hash : '0x');
/** Sends, and answers when it waits for a block, of which there is none until the test mines one. */
async function sentAndWaiting(from = opened(), allowed = 1_000) {
  await allow(wallet, allowed);
  await chain.controls.setAutomine(false);
  const work = from.send();
  await from.until(isSent);
  const hash = hashOf(from.transaction.state());
  const { nonce, to, input } = await chain.reader.getTransaction({ hash });
  if (to === null) throw new Error('creates a contract');
  return { work, hash, nonce, call: { to, data: input }, ...from };
}
const mine = () => chain.controls.mine({ blocks: 1 });
const tip = 20_000_000_000n;

describe('something that a person sends by a wallet', () => {
  it('is sent after the coins may be taken, waited for, and forgotten when it is done', async () => {
    const { transaction, send, steps } = opened();
    await send();
    expect(transaction.state()).toMatchObject({ step: 'done', isRepriced: false });
    expect(steps).toEqual(
      expect.arrayContaining(['connecting', 'checking', 'approving', 'sent', 'confirming', 'sent', 'done']),
    );
    expect(wallet.sends).toBe(2);
    expect(await paid()).toBe(coins(20));
    expect([findSent(key, storage), findSent(`${key}/approval`, storage)]).toEqual([undefined, undefined]);
    // It may take no more than that.
    const args = [wallet.account.address, chain.contract.address] as const;
    const coin = { address: chain.deployment.settlementCoin, abi: testCoinAbi } as const;
    expect(await chain.reader.readContract({ ...coin, functionName: 'allowance', args })).toBe(0n);
  });

  it('asks a wallet on another chain to change, and says where it does not', async () => {
    wallet = await newWallet({ chainId: 1 });
    wallet.declines.add('wallet_switchEthereumChain');
    const { transaction, send, steps } = opened();
    await send();
    expect(transaction.state()).toEqual(problem('WRONG_CHAIN'));
    expect(wallet.sends).toBe(0);
    wallet.declines.clear();
    await send();
    expect(transaction.state()).toMatchObject({ step: 'done' });
    expect(steps).toContain('switching');
  });

  it('is sent by nobody else than who has to', async () => {
    const { transaction } = opened();
    const order = { connector: wallet.connectorIn(page.config), compose: () => paying() };
    await transaction.send({ ...order, only: chain.pharmacy.address });
    expect(transaction.state()).toEqual(problem('WRONG_ACCOUNT'));
    expect(wallet.sends).toBe(0);
    const lower = wallet.account.address.toLowerCase() as Hex;
    await transaction.send({ ...order, only: lower });
    expect(transaction.state()).toMatchObject({ step: 'done' });
  });

  it('is not begun without the coins, or the ether for its fee', async () => {
    wallet = await newWallet({ owned: 5 });
    const poor = opened();
    await poor.send();
    const shortage = { has: coins(5), needed: coins(20) };
    expect(poor.transaction.state()).toEqual(problem('NO_COIN', { shortage }));
    wallet = await newWallet({ ether: '0.000001' });
    const dry = opened();
    await dry.send();
    expect(dry.transaction.state()).toEqual(
      problem('NO_GAS', { shortage: { has: parseEther('0.000001'), needed: expect.any(BigInt) } }),
    );
    expect(wallet.sends).toBe(0);
  });

  it('is not begun where the contract would refuse it, which is said with its own error', async () => {
    await allow(wallet);
    const { transaction, send } = opened();
    await send(20.000001);
    expect(transaction.state()).toEqual(problem('REFUSED', { refusal: 'NotOwed' }));
    expect(wallet.sends).toBe(0);
    expect(findSent(key, storage)).toBeUndefined();
  });

  it('is declined, forgotten, and sent when the person is ready', async () => {
    await allow(wallet);
    wallet.declines.add('eth_sendTransaction');
    const { transaction, send } = opened();
    await send();
    expect(transaction.state()).toEqual(problem('REJECTED'));
    expect(findSent(key, storage)).toBeUndefined();
    wallet.declines.clear();
    await send();
    expect(transaction.state()).toMatchObject({ step: 'done' });
  });

  it('is not sent where the page was left before the wallet was asked', async () => {
    await allow(wallet);
    const { transaction } = opened();
    const leaving = new AbortController();
    const compose = async () => {
      leaving.abort();
      return paying();
    };
    await transaction.send({ connector: wallet.connectorIn(page.config), compose }, leaving.signal);
    expect(wallet.sends).toBe(0);
    expect(findSent(key, storage)).toBeUndefined();
  });

  it('waits with a page that is opened again while the wallet still asks', async () => {
    await allow(wallet);
    let confirm: () => void = () => {};
    wallet.instead(async (send) => {
      await new Promise<void>((resolve) => {
        confirm = resolve;
      });
      return send();
    });
    const first = opened();
    const work = first.send();
    await vi.waitFor(() => expect(wallet.sends).toBe(1));
    first.leave();
    const { transaction, resume } = opened();
    const waiting = resume();
    expect(transaction.state()).toEqual({ step: 'confirming' });
    confirm();
    await Promise.all([work, waiting]);
    expect(transaction.state()).toMatchObject({ step: 'done' });
    expect(wallet.sends).toBe(1);
  });

  it('is refused by the contract in its block, and why', async () => {
    const other = await newWallet();
    await allow(other);
    const { work, hash, transaction } = await sentAndWaiting();
    const { to, data } = await paying(15);
    await other.send({ to, data, gas: 400_000n, tip });
    await mine();
    await work;
    expect(transaction.state()).toEqual({ ...problem('REVERTED', { refusal: 'NotOwed' }), hash });
    expect(await paid()).toBe(coins(15));
    expect(findSent(key, storage)).toBeUndefined();
  });

  it('is known under its new name where the wallet sped it up', async () => {
    const { work, hash, nonce, call, transaction } = await sentAndWaiting();
    const faster = await wallet.send({ ...call, nonce, gas: 400_000n, tip });
    await mine();
    await work;
    expect(faster).not.toBe(hash);
    expect(transaction.state()).toEqual({ step: 'done', hash: faster, isRepriced: true });
    expect(await paid()).toBe(coins(20));
  });

  it.each([
    ['CANCELLED', () => ({ to: wallet.account.address })],
    ['REPLACED', () => ({ to: chain.pharmacy.address, value: 1n })],
  ])('is %s where the wallet sent that in its place', async (code, other) => {
    const { work, nonce, transaction } = await sentAndWaiting();
    await wallet.send({ ...other(), nonce, tip });
    await mine();
    await work;
    expect(transaction.state()).toEqual({ ...problem(code), hash: expect.any(String) });
    expect(await paid()).toBe(0n);
    expect(findSent(key, storage)).toBeUndefined();
  });

  it('is dropped, and sent again in the same place', async () => {
    const { work, hash, nonce, transaction, send, until } = await sentAndWaiting();
    await chain.controls.dropTransaction({ hash });
    await work;
    expect(transaction.state()).toEqual({ ...problem('DROPPED'), hash });
    const again = send();
    await until(isSent);
    expect(wallet.nonces).toEqual([nonce]);
    await mine();
    await again;
    expect(transaction.state()).toMatchObject({ step: 'done' });
    expect(await paid()).toBe(coins(20));
  });

  it('waits longer where the chain does not answer, or takes its time', async () => {
    const { work, transaction, until } = await sentAndWaiting();
    await until((state) => state.step === 'sent' && state.why === 'slow');
    page.portal.isUp = false;
    await until((state) => state.step === 'sent' && state.why === 'unreachable');
    page.portal.isUp = true;
    await mine();
    await work;
    expect(transaction.state()).toMatchObject({ step: 'done' });
  });
});

describe('a page that is opened again', () => {
  it('goes on waiting for what was sent, and sends nothing twice', async () => {
    const before = await sentAndWaiting();
    before.leave();
    await before.work;
    const { transaction, resume, send, until } = opened();
    const work = resume();
    await until(isSent);
    expect(hashOf(transaction.state())).toBe(before.hash);
    await mine();
    await work;
    expect(transaction.state()).toEqual({ step: 'done', hash: before.hash, isRepriced: false });
    expect(wallet.sends).toBe(1);
    await resume();
    await send();
    expect(transaction.state()).toEqual(problem('REFUSED', { refusal: 'NotOwed' }));
  });

  it('follows what is there already where it is asked to send it', async () => {
    const before = await sentAndWaiting();
    before.leave();
    await before.work;
    const { transaction, send, until } = opened();
    const work = send();
    await until(isSent);
    await mine();
    await work;
    expect(transaction.state()).toMatchObject({ step: 'done', hash: before.hash });
    expect(wallet.sends).toBe(1);
  });

  it('asks for nothing again where it was done meanwhile', async () => {
    const before = await sentAndWaiting(opened(), 20);
    before.leave();
    await before.work;
    await mine();
    const { transaction, send } = opened();
    await send();
    expect(transaction.state()).toMatchObject({ step: 'done', hash: before.hash });
    expect(wallet.sends).toBe(1);
  });

  it('learns what the wallet did meanwhile', async () => {
    const sped = await sentAndWaiting();
    sped.leave();
    await sped.work;
    const faster = await wallet.send({ ...sped.call, nonce: sped.nonce, gas: 400_000n, tip });
    await mine();
    await mine();
    const first = opened();
    await first.resume();
    expect(first.transaction.state()).toEqual({ step: 'done', hash: faster, isRepriced: true });

    share = toHex(randomBytes(32));
    await chain.controls.setAutomine(true);
    const cancelled = await sentAndWaiting();
    cancelled.leave();
    await cancelled.work;
    await wallet.send({ to: wallet.account.address, nonce: cancelled.nonce, tip });
    await mine();
    await mine();
    const second = opened();
    await second.resume();
    expect(second.transaction.state()).toEqual({ ...problem('CANCELLED'), hash: cancelled.hash });
  });

  it('finds what the wallet has sent when its answer did not arrive', async () => {
    await allow(wallet);
    wallet.instead(async (send) => {
      await send();
      throw new Error('the extension was restarted');
    });
    const { transaction, send } = opened();
    await send();
    expect(transaction.state()).toMatchObject({ step: 'done', isRepriced: false });
    expect(await paid()).toBe(coins(20));
  });

  /** The wallet is asked, its answer does not arrive, and it has sent nothing yet: `late` is its owner's confirming after all. */
  const unsure = async (amount = 20) => {
    await allow(wallet);
    let late: () => Promise<Hex> = () => Promise.reject(new Error('was not asked'));
    wallet.instead((send) => {
      late = send;
      return Promise.reject(new Error('the extension was restarted'));
    });
    const first = opened();
    await first.send(amount);
    expect(first.transaction.state()).toEqual({ step: 'unsure' });
    const again = opened();
    await again.resume();
    expect(again.transaction.state()).toEqual({ step: 'unsure' });
    return { ...again, late: () => late() };
  };

  it('does not know whether the wallet has sent it, and finds it where its owner confirms after all', async () => {
    const { transaction, resume, late } = await unsure();
    await late();
    await resume();
    expect(transaction.state()).toMatchObject({ step: 'done' });
    expect(await paid()).toBe(coins(20));
    expect(wallet.sends).toBe(1);
  });

  it('starts again in the same place, so that only one of them is done where the wallet had sent it to a node that keeps it back', async () => {
    const { transaction, send } = await unsure();
    const nonce = await chain.reader.getTransactionCount(wallet.account);
    const { to, data } = await paying();
    await send(15);
    expect(transaction.state()).toMatchObject({ step: 'done' });
    expect(wallet.nonces).toEqual([nonce]);
    await expect(wallet.send({ to, data, nonce, gas: 400_000n })).rejects.toThrow(/nonce/i);
    expect(await paid()).toBe(coins(15));
  });

  it('is not sent again where something took its place and the node does not say what, until the person has looked', async () => {
    page.portal.lacks.add('eth_getTransactionBySenderAndNonce');
    const { transaction, send, late } = await unsure(15);
    await late();
    await send(5);
    expect(transaction.state()).toEqual(problem('UNKNOWN'));
    expect(wallet.sends).toBe(1);
    expect(await paid()).toBe(coins(15));
    const looked = opened();
    await looked.resume();
    expect(looked.transaction.state()).toEqual({ step: 'idle' });
    await looked.send(5);
    expect(looked.transaction.state()).toMatchObject({ step: 'done' });
  });

  it('is not sent again while the chain does not say what became of it', async () => {
    const before = await sentAndWaiting();
    before.leave();
    await before.work;
    // Another client: one that still asked would share its answer.
    page = pageOn(chain);
    page.portal.away.add('eth_getTransactionByHash');
    const { transaction, send } = opened();
    await send();
    expect(transaction.state()).toEqual(problem('OFFLINE'));
    page.portal.away.clear();
    await mine();
    await send();
    expect(transaction.state()).toMatchObject({ step: 'done', hash: before.hash });
    expect(wallet.sends).toBe(1);
  });

  it('has nothing sent by a wallet that changed to another chain meanwhile', async () => {
    await allow(wallet);
    const { transaction } = opened();
    const compose = () => {
      wallet.chainId = 1;
      return paying();
    };
    await transaction.send({ connector: wallet.connectorIn(page.config), compose });
    expect(transaction.state()).toEqual(problem('WRONG_CHAIN'));
    expect([wallet.sends, findSent(key, storage)]).toEqual([0, undefined]);
  });

  it('is not at it while another tab is', async () => {
    const { work, transaction } = await sentAndWaiting();
    const other = opened();
    await other.send();
    expect(other.transaction.state()).toEqual(problem('ELSEWHERE'));
    await mine();
    await work;
    expect(transaction.state()).toMatchObject({ step: 'done' });
    expect(wallet.sends).toBe(1);
  });
});
