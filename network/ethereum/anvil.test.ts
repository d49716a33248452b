import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createPublicClient, http } from 'viem';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inspectProcess } from '../processes/inspect.ts';
import { type Anvil, startAnvil } from './anvil.ts';
import { keepChain } from './chainKeeper.ts';
import { callEthereum, isReachable } from './rpc.ts';

const mnemonic = 'test test test test test test test test test test test junk';
const rich = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const receiver = '0x00000000000000000000000000000000000000aa';

let folder = '';
let running: Anvil[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-anvil-'));
  running = [];
});
afterEach(async () => {
  for (const anvil of running) await anvil.stop().catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
});

async function start(extra: { port?: number; saveEveryMs?: number } = {}): Promise<Anvil> {
  const anvil = await startAnvil({
    stateFile: join(folder, 'chain.json'),
    logFile: join(folder, 'anvil.log'),
    mnemonic,
    ...extra,
  });
  running.push(anvil);
  return anvil;
}

/** Sends, and waits until it is in a block: Anvil answers with the hash a moment before that. */
async function pay(anvil: Anvil, wei: string): Promise<`0x${string}`> {
  const answer = await callEthereum(anvil.rpcUrl, 'eth_sendTransaction', [{ from: rich, to: receiver, value: wei }]);
  const hash = `0x${answer.slice(2)}` as const;
  const client = createPublicClient({ transport: http(anvil.rpcUrl), pollingInterval: 20 });
  await client.waitForTransactionReceipt({ hash });
  return hash;
}

function balance(anvil: Anvil): Promise<string> {
  return callEthereum(anvil.rpcUrl, 'eth_getBalance', [receiver, 'latest']);
}

async function savedHeight(): Promise<number> {
  const text = await readFile(join(folder, 'chain.json'), 'utf8').catch(() => '');
  if (!text) return -1;
  return Number(z.object({ block: z.object({ number: z.string() }) }).parse(JSON.parse(text)).block.number);
}

describe('startAnvil', () => {
  it('answers on loopback with its chain id and prints no private key', async () => {
    const anvil = await start();
    expect(await isReachable(anvil.rpcUrl)).toEqual({ reachable: true, chainId: 31337 });
    expect(anvil.rpcUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await readFile(join(folder, 'anvil.log'), 'utf8')).not.toMatch(/0x[0-9a-f]{64}/);
  });

  it('keeps balances, blocks and receipts over a stop and start', async () => {
    const first = await start();
    const hash = await pay(first, '0x7');
    await first.stop();
    expect(await inspectProcess(first.pid)).toBeUndefined();
    const second = await start();
    expect(await balance(second)).toBe('0x7');
    expect(await callEthereum(second.rpcUrl, 'eth_blockNumber')).toBe('0x1');
    const receipt = await createPublicClient({ transport: http(second.rpcUrl) }).getTransactionReceipt({ hash });
    expect(receipt).toMatchObject({ status: 'success', blockNumber: 1n });
    await pay(second, '0x1');
    expect(await balance(second)).toBe('0x8');
  });

  it('has a saved block after kill -9', async () => {
    const first = await start();
    await pay(first, '0x7');
    await expect.poll(savedHeight).toBe(1);
    process.kill(first.pid, 'SIGKILL');
    await first.end;
    await expect(first.stop()).rejects.toThrow(/could not be saved.*SIGKILL/);
    expect(await balance(await start())).toBe('0x7');
  });

  it('leaves its address alone once it has ended, for the next one there', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGKILL');
    await first.end;
    // Answers as an Anvil would, and notes by the path who asks: the one that has ended asked at the root.
    const asked: string[] = [];
    const answer = JSON.stringify({ result: `0x${gzipSync('{}').toString('hex')}` });
    const next = createHttpServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(answer);
    });
    await new Promise<void>((resolve) => next.listen(Number(new URL(first.rpcUrl).port), '127.0.0.1', resolve));
    const keeper = keepChain({
      ...{ rpcUrl: `${first.rpcUrl}/next`, stateFile: join(folder, 'next.json'), everyMs: 200 },
      onFailure: (error) => asked.push(String(error)),
    });
    // By its fourth question the watch of the first, which has the same rhythm, would have asked too.
    await expect.poll(() => asked.length, { timeout: 20_000 }).toBeGreaterThan(4);
    await keeper.abandon();
    next.close();
    expect(new Set(asked)).toEqual(new Set(['/next']));
  });

  it('takes over the chain of an Anvil whose owner is gone, unsaved blocks too', async () => {
    const first = await start({ saveEveryMs: 3_600_000 });
    await expect.poll(savedHeight).toBe(0);
    await pay(first, '0x9');
    const claim = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(await readFile(join(folder, 'chain.json.claim'), 'utf8')));
    // As if the owner had been another process, killed since.
    await writeFile(join(folder, 'chain.json.claim'), JSON.stringify({ ...claim, owner: 2 ** 22 + 1 }));
    const second = await start();
    expect(await inspectProcess(first.pid)).toBeUndefined();
    expect(await balance(second)).toBe('0x9');
  });

  it('refuses a second Anvil on a chain that is in use', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(`process ${first.pid}`);
    expect(await isReachable(first.rpcUrl)).toMatchObject({ reachable: true });
  });

  it.each([
    ['a part of a chain', '{"block":{"number":"0x1","ti'],
    ['other JSON', '{"hello":1}'],
    ['a chain with senseless values', '{"block":{"number":"many"},"accounts":{},"blocks":[]}'],
    ['nothing', ''],
  ])('puts a damaged state aside and says so: %s', async (_name, content) => {
    await writeFile(join(folder, 'chain.json'), content);
    await expect(start()).rejects.toThrow(/is damaged and was put aside as .*chain\.json\.damaged-/);
    const kept = (await readdir(folder)).filter((name) => name.startsWith('chain.json.damaged-'));
    expect(kept).toHaveLength(1);
    expect(await readFile(join(folder, kept[0] ?? ''), 'utf8')).toBe(content);
  });

  it('names a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = address && typeof address === 'object' ? address.port : 0;
    await expect(start({ port })).rejects.toThrow(/taken|does not answer/);
    other.close();
  });
});

describe('isReachable', () => {
  it('says why nothing answers', async () => {
    expect(await isReachable('http://127.0.0.1:1')).toMatchObject({ reachable: false });
    expect(await isReachable('not an address')).toMatchObject({ reachable: false });
  });
});
