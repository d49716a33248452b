import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common, peer } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReadWriteSet } from '../ledger/rwset.ts';
import { TestLedger } from '../testing/ledger.ts';

const codes = peer.TxValidationCode;
let folder: string;
let ledger: TestLedger;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-channel-'));
  ledger = await TestLedger.open(folder);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await ledger.channel.close();
  await rm(folder, { recursive: true, force: true });
});

/** A public write. */
const put = (key: string, value: string) => ledger.transaction((set) => set.write('probe', key, Buffer.from(value)));

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
    expect(await ledger.commit(forged, good)).toEqual([codes.UNKNOWN_TX_TYPE, codes.VALID]);
    expect(ledger.channel.store.transaction(good.txId)).toMatchObject({ code: codes.VALID, tx: 1 });
  });

  it('stops when private values cannot be kept, before anything is written behind the failure', async () => {
    const { channel } = ledger;
    const stopped = new Promise<Error>((resolve) => channel.events.once('failure', resolve));
    const full = Object.assign(new Error('No space left on device'), { code: 'LEVEL_IO_ERROR' });
    vi.spyOn(channel.store.database, 'batch').mockRejectedValueOnce(full);
    const keeping = channel.store.keepPrivateWrites('id', Buffer.from('x'));
    // What is asked for before the failure is known must not be written either.
    const appended = ledger.commit(put('after', 'x'));
    await expect(keeping).rejects.toThrow('No space left on device');
    await expect(appended).rejects.toThrow('channel one stopped');
    expect((await stopped).message).toContain('No space left on device');
    expect(() => channel.order(put('later', 'x').envelope)).toThrow('channel one stopped');
    expect(channel.store.height).toBe(1);
  });
});
