import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common, peer } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as keys from '../ledger/keys.ts';
import type { ReadWriteSet } from '../ledger/rwset.ts';
import { ChannelStore } from '../ledger/store.ts';
import { TestLedger, type TestTransaction } from '../testing/ledger.ts';

const codes = peer.TxValidationCode;
let folder: string;
let ledger: TestLedger;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-channel-'));
  ledger = await TestLedger.open(folder);
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await ledger.channel.close();
  await rm(folder, { recursive: true, force: true });
});

/** A public write. */
const put = (key: string, value: string) => ledger.transaction((set) => set.write('probe', key, Buffer.from(value)));

const secret = (key: string, value: string) => (set: ReadWriteSet) =>
  set.writePrivate('probe', 'secrets', key, Buffer.from(value));
const purge = (key: string) => (set: ReadWriteSet) => set.writePrivate('probe', 'secrets', key, Buffer.alloc(0), true);

/** Keeps what is private in the transactions, then commits them. */
async function endorseAndCommit(...transactions: readonly TestTransaction[]): Promise<number[]> {
  for (const transaction of transactions) await ledger.keep(transaction);
  return ledger.commit(...transactions);
}

const privateValue = (key: string, collection = 'secrets') =>
  ledger.channel.store.privateState('probe', collection, key)?.value.toString();

/** A value that is found on the disk as it is, since there is nothing in it to compress. */
const canary = () => randomBytes(30).toString('base64');

/** The files of the ledger that contain a text. */
async function filesWith(text: string, where = folder): Promise<string[]> {
  const files = (await readdir(where, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))));
  return files.filter((_, index) => contents[index]?.includes(text)).map(({ name }) => name);
}

describe('Channel', () => {
  it('commits what is endorsed and refuses what is not', async () => {
    const good = put('good', 'x');
    const bad = ledger.transaction((set) => set.write('probe', 'bad', Buffer.from('x')), {
      endorsers: ledger.peers.slice(0, 1),
    });
    expect(await ledger.commit(good, bad)).toEqual([codes.VALID, codes.ENDORSEMENT_POLICY_FAILURE]);
    expect(ledger.channel.store.state('probe', 'good')?.value.toString()).toBe('x');
    expect(ledger.channel.store.state('probe', 'bad')).toBeUndefined();
  });

  it('judges a transaction by itself where an earlier one of its id did not pass, and once one did takes no other', async () => {
    const nonce = Buffer.alloc(24, 1);
    const write = (value: string) => (set: ReadWriteSet) => set.write('probe', 'contested', Buffer.from(value));
    const few = ledger.transaction(write('few'), { nonce, endorsers: ledger.peers.slice(0, 1) });
    const first = ledger.transaction(write('first'), { nonce });
    const second = ledger.transaction(write('second'), { nonce });
    const { ENDORSEMENT_POLICY_FAILURE, VALID, DUPLICATE_TXID } = codes;
    expect(await ledger.commit(few, first, second)).toEqual([ENDORSEMENT_POLICY_FAILURE, VALID, DUPLICATE_TXID]);
    expect(ledger.channel.store.state('probe', 'contested')?.value.toString()).toBe('first');
    // The id stands for the first that had it.
    expect(ledger.channel.store.transaction(first.txId)).toMatchObject({ code: ENDORSEMENT_POLICY_FAILURE, tx: 0 });
    expect(await ledger.commit(few, second)).toEqual([DUPLICATE_TXID, DUPLICATE_TXID]);
  });

  it("does not note the outcome of a transaction under another's id", async () => {
    const good = put('honest', 'x');
    const forged = ledger.transaction(() => {}, {
      alter: (header) => {
        header.setTxId(good.txId);
        header.setType(common.HeaderType.MESSAGE);
      },
    });
    expect(await ledger.commit(forged, good)).toEqual([codes.BAD_COMMON_HEADER, codes.VALID]);
    expect(ledger.channel.store.transaction(good.txId)).toMatchObject({ code: codes.VALID, tx: 1 });
  });

  it('takes no more than it can hold until its blocks are written', async () => {
    const { channel } = ledger;
    const large = Buffer.alloc(1024 * 1024, 0xff); // no envelope: its block says so
    const height = channel.store.height;
    const fill = () => {
      for (let count = 0; ; count += 1)
        try {
          channel.order(large);
        } catch (error) {
          return { count, error };
        }
    };
    const { count, error } = fill();
    expect(error).toMatchObject({ message: expect.stringContaining('transactions waiting') });
    expect([count > 30, count < 40]).toEqual([true, true]);
    await vi.waitUntil(() => channel.store.height >= height + count / 2, { timeout: 20_000 });
    expect(await ledger.commit(put('after', 'x'))).toEqual([codes.VALID]);
  });

  it('stops when private values cannot be kept, before anything is written behind the failure', async () => {
    const { channel } = ledger;
    const stopped = new Promise<Error>((resolve) => channel.events.once('failure', resolve));
    const full = Object.assign(new Error('No space left on device'), { code: 'LEVEL_IO_ERROR' });
    vi.spyOn(channel.store.database, 'batch').mockRejectedValueOnce(full);
    const keeping = ledger.keep(ledger.transaction(secret('key', 'x')));
    // What is asked for before the failure is known must not be written either.
    const appended = ledger.commit(put('after', 'x'));
    await expect(keeping).rejects.toThrow('No space left on device');
    await expect(appended).rejects.toThrow('channel one stopped');
    expect((await stopped).message).toContain('No space left on device');
    expect(() => channel.order(put('later', 'x').envelope)).toThrow('channel one stopped');
    expect(channel.store.height).toBe(1);
  });

  it('commits the private values that were endorsed with the result, however often the id was endorsed', async () => {
    const nonce = Buffer.alloc(24, 3);
    const first = ledger.transaction(secret('twice', 'first'), { nonce });
    const second = ledger.transaction(secret('twice', 'second'), { nonce });
    await ledger.keep(first);
    await ledger.keep(second);
    expect(await ledger.commit(first)).toEqual([codes.VALID]);
    expect(privateValue('twice')).toBe('first');
    expect(ledger.channel.store.kept.keysOf(first.txId)).toEqual([]);
  });

  it('commits hashes alone where the private values are missing, as Fabric does', async () => {
    const lost = ledger.transaction(secret('lost', 'x'));
    expect(await ledger.commit(lost)).toEqual([codes.VALID]);
    expect(privateValue('lost')).toBeUndefined();
  });

  it('keeps nothing of a transaction that did not become valid', async () => {
    const { store } = ledger.channel;
    const value = canary();
    await ledger.commit(put('read', 'before'));
    const conflicting = ledger.transaction((set) => {
      set.read('probe', 'read', { block: 9, tx: 9 });
      secret('conflicting', value)(set);
    });
    expect(await endorseAndCommit(conflicting)).toEqual([codes.MVCC_READ_CONFLICT]);
    expect(store.kept.keysOf(conflicting.txId)).toEqual([]);
    expect(await filesWith(value)).not.toEqual([]);
    await store.tidy();
    expect(await filesWith(value)).toEqual([]);
  });

  it('keeps what is endorsed over a restart, and for an hour', async () => {
    const value = canary();
    const endorsed = ledger.transaction(secret('waiting', value));
    await ledger.keep(endorsed);
    await ledger.channel.close();
    let store = await ChannelStore.open(folder, 'one', neverFresh);
    expect(store.kept.holds(endorsed.txId, endorsed.results)).toBe(true);
    vi.useFakeTimers({ now: Date.now() + 60.5 * 60 * 1000, toFake: ['Date'] });
    expect(store.kept.holds(endorsed.txId, endorsed.results)).toBe(false);
    await store.tidy();
    expect(store.kept.keysOf(endorsed.txId)).toHaveLength(1); // it may have been submitted in the last moment
    vi.setSystemTime(Date.now() + 2 * 60 * 1000);
    await store.close();
    store = await ChannelStore.open(folder, 'one', neverFresh);
    await store.tidy();
    expect(store.kept.keysOf(endorsed.txId)).toEqual([]);
    await store.close();
    expect(await filesWith(value)).toEqual([]);
  });

  it('leaves a purged value in no file, and what lies beside it everywhere', async () => {
    const { store } = ledger.channel;
    const value = canary();
    await endorseAndCommit(ledger.transaction(secret('kept', 'kept-value')));
    await endorseAndCommit(ledger.transaction(secret('purged', value)));
    await store.database.compactRange(keys.privatePrefixes[0], Buffer.of(0xff)); // it may lie in a table already
    await endorseAndCommit(ledger.transaction(secret('purged', `${value}, second`)));
    expect(await endorseAndCommit(ledger.transaction(purge('purged')))).toEqual([codes.VALID]);
    expect(await filesWith(value)).not.toEqual([]);
    await store.tidy();
    expect(store.erasure.due).toBe(false);
    expect(await filesWith(value)).toEqual([]);
    expect(privateValue('kept')).toBe('kept-value');
  });

  it('takes off the disk after a crash what was purged before it', async () => {
    const value = canary();
    await endorseAndCommit(ledger.transaction(secret('purged', value)));
    await endorseAndCommit(ledger.transaction(purge('purged')));
    const image = join(folder, 'as a crash leaves it');
    await cp(join(folder, 'channels'), join(image, 'channels'), { recursive: true });
    expect(await filesWith(value, image)).not.toEqual([]);
    const store = await ChannelStore.open(image, 'one', neverFresh);
    await store.tidy();
    expect(await filesWith(value, image)).toEqual([]);
    await store.close();
  });

  it('tries again where a snapshot still sees what was purged', async () => {
    const { store } = ledger.channel;
    const value = canary();
    await endorseAndCommit(ledger.transaction(secret('purged', value)));
    const snapshot = store.snapshot();
    await endorseAndCommit(ledger.transaction(purge('purged')));
    await store.tidy();
    expect(store.erasure.due).toBe(true);
    expect(await filesWith(value)).not.toEqual([]);
    expect(store.privateState('probe', 'secrets', 'purged', snapshot)?.value.toString()).toBe(value);
    await store.release(snapshot);
    await store.tidy();
    expect([store.erasure.due, await filesWith(value)]).toEqual([false, []]);
  });

  it('is stopped by an erasure that fails', async () => {
    const { channel } = ledger;
    await endorseAndCommit(ledger.transaction(secret('purged', 'x')));
    await endorseAndCommit(ledger.transaction(purge('purged')));
    const stopped = new Promise<Error>((resolve) => channel.events.once('failure', resolve));
    vi.spyOn(channel.store.database, 'batch').mockRejectedValueOnce(new Error('No space left on device'));
    await expect(channel.store.tidy()).rejects.toThrow('No space left on device');
    expect((await stopped).message).toContain('No space left on device');
  });

  it('purges and expires a key in its own collection only', async () => {
    const store = ledger.channel.store;
    const everywhere = ledger.transaction((set) => {
      for (const collection of ['secrets', 'others', 'fleeting'])
        set.writePrivate('probe', collection, 'same', Buffer.from(`in ${collection}`));
    });
    expect(await endorseAndCommit(everywhere)).toEqual([codes.VALID]);
    const block = store.height - 1;
    const delivered = async () => {
      const bytes = await store.database.get(keys.privateWritesKey({ block, tx: 0 }));
      return bytes?.toString();
    };
    await endorseAndCommit(ledger.transaction(purge('same')));
    expect(await delivered()).not.toContain('in secrets');
    expect(await delivered()).toContain('in others');
    expect(await delivered()).toContain('in fleeting');
    await ledger.commit(put('a', 'x'));
    expect(await delivered()).not.toContain('in fleeting');
    expect(await delivered()).toContain('in others');
    expect([privateValue('same'), privateValue('same', 'fleeting')]).toEqual([undefined, undefined]);
    expect(privateValue('same', 'others')).toBe('in others');
  });
});

function neverFresh(): never {
  throw new Error('the store is not new');
}
