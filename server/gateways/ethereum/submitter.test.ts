import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transaction, Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Anvil, startAnvil } from '#network/ethereum/anvil.ts';
import { AppError } from '#server/errors.ts';
import { outgoingInMemory } from '#server/testing/outgoing.ts';
import { openRpc, type Rpc } from './rpc.ts';
import { newSubmitter, type Patience } from './submitter.ts';

const mnemonic = 'test test test test test test test test test test test junk';
const call = { to: `0x${'77'.repeat(20)}`, data: '0x' };
const hour = 3_600_000;
let folder: string;
let anvil: Anvil;
let rpc: Rpc;
let wallet: Wallet;
let store: ReturnType<typeof outgoingInMemory>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-submitter-'));
  anvil = await startAnvil({ stateFile: join(folder, 'chain.json'), logFile: join(folder, 'anvil.log'), mnemonic });
  rpc = openRpc(anvil.rpcUrl);
}, 60_000);
afterAll(async () => {
  await anvil?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  wallet = new Wallet(Wallet.createRandom().privateKey);
  store = outgoingInMemory();
  await rpc('anvil_setBalance', [wallet.address, `0x${(10n ** 18n).toString(16)}`]);
});
afterEach(async () => {
  await rpc('anvil_dropAllTransactions', []);
  await rpc('evm_setAutomine', [true]);
});

const blocksCome = { minedWithinMs: 5_000 };
/** One process's submitter, which waits for no block. */
const open = (patience: Partial<Patience> = {}) =>
  newSubmitter(rpc, wallet.privateKey, store, { minedWithinMs: 0, stuckMs: hour, ...patience });
const count = async (block: 'latest' | 'pending') =>
  Number(await rpc('eth_getTransactionCount', [wallet.address, block]));
const mine = () => rpc('evm_mine', []);
const slowly = () => rpc('evm_setAutomine', [false]);
const kept = () => Transaction.from(store.kept[0]?.raw ?? '');
const fault = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : error instanceof Error ? error.message : error),
  );

describe('one account', () => {
  it('sends, waits for the block and keeps nothing', async () => {
    const { transactionHash, reverted } = await open(blocksCome).send(call);
    expect(await rpc('eth_getTransactionReceipt', [transactionHash])).toMatchObject({ status: '0x1' });
    expect([reverted, store.kept]).toEqual([false, []]);
  });

  it('sends nothing else while one is on its way', async () => {
    await slowly();
    const submitter = open();
    const first = submitter.send(call);
    const second = submitter.send(call);
    expect([await fault(first), await fault(second)]).toEqual(['ETHEREUM_UNAVAILABLE', 'ETHEREUM_UNAVAILABLE']);
    expect(await fault(submitter.settle())).toBe('ETHEREUM_UNAVAILABLE');
    expect([await count('latest'), await count('pending')]).toEqual([0, 1]);
    await mine();
    await submitter.settle();
    expect(store.kept).toEqual([]);
  });

  it('sends once where two processes would at the same time', async () => {
    await slowly();
    expect(await Promise.all([open().send(call), open().send(call)].map(fault))).toEqual([
      'ETHEREUM_UNAVAILABLE',
      'ETHEREUM_UNAVAILABLE',
    ]);
    expect(await count('pending')).toBe(1);
  });

  it('sends in turn where two processes would and blocks come', async () => {
    const sent = await Promise.all([open(blocksCome).send(call), open(blocksCome).send(call)]);
    expect(new Set(sent.map(({ transactionHash }) => transactionHash)).size).toBe(2);
    expect([await count('latest'), store.kept]).toEqual([2, []]);
  });

  it('that cannot pay is the node’s refusal, and keeps nothing', async () => {
    await rpc('anvil_setBalance', [wallet.address, '0x0']);
    expect(await fault(open().send(call))).toMatch(/insufficient funds/i);
    expect(store.kept).toEqual([]);
  });
});

describe('a process that starts anew', () => {
  it('hands over what the node never had', async () => {
    await slowly();
    expect(await fault(open().send(call))).toBe('ETHEREUM_UNAVAILABLE');
    await rpc('anvil_dropAllTransactions', []);
    expect(await count('pending')).toBe(0);
    expect(await fault(open().settle())).toBe('ETHEREUM_UNAVAILABLE');
    expect(await count('pending')).toBe(1);
    await mine();
    await open().settle();
    expect([await count('latest'), store.kept]).toEqual([1, []]);
  });

  it('finds what was mined while nobody looked, and sends the next after it', async () => {
    await slowly();
    expect(await fault(open().send(call))).toBe('ETHEREUM_UNAVAILABLE');
    await mine();
    await rpc('evm_setAutomine', [true]);
    await open(blocksCome).send(call);
    expect([await count('latest'), store.kept]).toEqual([2, []]);
  });

  it('goes on where its nonce was taken by another', async () => {
    await slowly();
    expect(await fault(open().send(call))).toBe('ETHEREUM_UNAVAILABLE');
    await rpc('anvil_dropAllTransactions', []);
    await rpc('evm_setAutomine', [true]);
    const others = newSubmitter(rpc, wallet.privateKey, outgoingInMemory(), { ...blocksCome, stuckMs: hour });
    await others.send({ ...call, data: '0x01' });
    expect(await fault(open().settle())).toBe('ETHEREUM_UNAVAILABLE');
    await open({ stuckMs: 0 }).settle();
    expect(store.kept).toEqual([]);
  });
});

describe('a transaction that is stuck', () => {
  it('is replaced with its own nonce and a higher fee, once the time is over', async () => {
    await slowly();
    expect(await fault(open().send(call))).toBe('ETHEREUM_UNAVAILABLE');
    const first = kept();
    // The base fee rises above all that it offers.
    const dear = (first.maxFeePerGas ?? 0n) * 3n;
    await rpc('anvil_setNextBlockBaseFeePerGas', [`0x${dear.toString(16)}`]);
    await mine();
    expect(await fault(open().settle())).toBe('ETHEREUM_UNAVAILABLE');
    expect(kept().hash).toBe(first.hash);
    expect(await fault(open({ stuckMs: 0 }).settle())).toBe('ETHEREUM_UNAVAILABLE');
    const second = kept();
    expect([second.nonce, second.to, store.kept[0]?.earlier]).toEqual([first.nonce, first.to, [first.hash]]);
    expect(second.maxFeePerGas).toBeGreaterThan(dear);
    expect(second.maxPriorityFeePerGas).toBeGreaterThan(((first.maxPriorityFeePerGas ?? 0n) * 11n) / 10n);
    await mine();
    await open().settle();
    expect(await rpc('eth_getTransactionReceipt', [second.hash])).toMatchObject({ status: '0x1' });
    expect([await count('latest'), await count('pending'), store.kept]).toEqual([1, 1, []]);
  });

  it('counts as brought where the one before is mined after all', async () => {
    await slowly();
    expect(await fault(open().send(call))).toBe('ETHEREUM_UNAVAILABLE');
    const [first] = store.kept;
    expect(await fault(open({ stuckMs: 0 }).settle())).toBe('ETHEREUM_UNAVAILABLE');
    await rpc('anvil_dropAllTransactions', []);
    await rpc('eth_sendRawTransaction', [first?.raw]);
    await mine();
    await open().settle();
    expect(store.kept).toEqual([]);
  });

  it('stays as it is where the account cannot pay the higher fee', async () => {
    await slowly();
    expect(await fault(open().send(call))).toBe('ETHEREUM_UNAVAILABLE');
    const [first] = store.kept;
    await rpc('anvil_setBalance', [wallet.address, '0x1']);
    expect(await fault(open({ stuckMs: 0 }).settle())).toMatch(/insufficient funds/i);
    expect(store.kept).toEqual([{ ...first, sentAt: expect.any(Date) }]);
  });

  it('is not made dearer without end', async () => {
    await slowly();
    const patient = open({ stuckMs: 0 });
    expect(await fault(patient.send(call))).toBe('ETHEREUM_UNAVAILABLE');
    for (let round = 0; round < 25; round += 1) expect(await fault(patient.settle())).toBe('ETHEREUM_UNAVAILABLE');
    const market = BigInt(String(await rpc('eth_gasPrice', [])));
    expect(kept().maxFeePerGas).toBeGreaterThan(market * 7n);
    expect(kept().maxFeePerGas).toBeLessThan(market * 10n);
    expect(await count('pending')).toBe(1);
  });
});
