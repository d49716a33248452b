import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peer } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
