import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Membership, type SigningIdentity } from '../identity/membership.ts';
import { createOrganisation, enrol } from '../testing/organisations.ts';
import { buildBlock, setValidationCodes } from './block.ts';
import { blockKey, checkpointKey, encodeVersioned, metadataKey, stateKey, tipKey } from './keys.ts';
import { ChannelStore } from './store.ts';

let folder: string;
let orderer: SigningIdentity;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-store-'));
  const organisation = await createOrganisation('OrdererMSP', false);
  const { certPem, keyPem } = await enrol(organisation, 'orderer');
  orderer = new Membership([{ mspId: 'OrdererMSP', rootCertPem: organisation.ca.certPem }]).signingIdentity(
    'OrdererMSP',
    certPem,
    keyPem,
  );
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function block(number: number, previousHash: Uint8Array) {
  const result = buildBlock({
    number,
    previousHash,
    envelopes: [Buffer.from(`envelope ${number}`)],
    orderer,
    lastConfig: 0,
  });
  setValidationCodes(result, [0]);
  return result;
}

const open = () => ChannelStore.open(folder, 'one', () => ({ block: block(0, new Uint8Array()), state: [] }));

async function filled(blocks: number): Promise<void> {
  const store = await open();
  for (let number = 1; number < blocks; number += 1) {
    const value = encodeVersioned({ block: number, tx: 0 }, Buffer.from(`value ${number}`));
    await store.append(block(number, store.hash), [{ type: 'put', key: stateKey('n', 'k'), value }]);
  }
  await store.close();
}

async function withDatabase(change: (database: ClassicLevel<Buffer, Buffer>) => Promise<void>): Promise<void> {
  const database = new ClassicLevel<Buffer, Buffer>(join(folder, 'channels', 'one'), {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
  });
  await change(database);
  await database.close();
}

describe('ChannelStore', () => {
  it('begins with the genesis block and keeps what was appended', async () => {
    await filled(4);
    const store = await open();
    expect(store.height).toBe(4);
    expect(store.state('n', 'k')?.value.toString()).toBe('value 3');
    expect(store.state('n', 'k')?.version).toEqual({ block: 3, tx: 0 });
    await store.close();
  });

  it('reads from a snapshot what was there when it was taken', async () => {
    await filled(2);
    const store = await open();
    const snapshot = store.snapshot();
    const value = encodeVersioned({ block: 2, tx: 0 }, Buffer.from('later'));
    await store.append(block(2, store.hash), [{ type: 'put', key: stateKey('n', 'k'), value }]);
    expect(store.state('n', 'k', snapshot)?.value.toString()).toBe('value 1');
    expect(store.state('n', 'k')?.value.toString()).toBe('later');
    await store.release(snapshot);
    await store.close();
  });

  it('has the metadata of keys from the first on, and after it was opened again', async () => {
    await filled(2);
    const key = stateKey('n', 'k');
    let store = await open();
    expect(store.metadata(key)).toBeUndefined();
    await store.append(block(2, store.hash), [{ type: 'put', key: metadataKey(key), value: Buffer.from('policy') }]);
    expect(store.metadata(key)?.toString()).toBe('policy');
    await store.close();
    store = await open();
    expect(store.metadata(key)?.toString()).toBe('policy');
    expect(store.metadata(stateKey('n', 'l'))).toBeUndefined();
    await store.close();
  });

  it('refuses a block that does not follow', async () => {
    const store = await open();
    await expect(store.append(block(5, store.hash), [])).rejects.toThrow('does not follow');
    await store.close();
  });

  it('refuses a second process', async () => {
    const store = await open();
    await expect(open()).rejects.toThrow('is in use by another devnet process');
    await store.close();
  });

  it('names a block whose content was changed, and changes nothing', async () => {
    await filled(4);
    let before: Buffer | undefined;
    await withDatabase(async (database) => {
      const bytes = await database.get(blockKey(2));
      const changed = Buffer.from(
        (bytes ?? Buffer.alloc(0)).toString('latin1').replace('envelope 2', 'envelope X'),
        'latin1',
      );
      await database.put(blockKey(2), changed);
      before = changed;
    });
    await expect(open()).rejects.toThrow(/channel one: the ledger is damaged at block 2: its transactions/);
    await withDatabase(async (database) => {
      expect(await database.get(blockKey(2))).toEqual(before);
    });
  });

  it('names a block that is missing', async () => {
    await filled(4);
    await withDatabase((database) => database.del(blockKey(1)));
    await expect(open()).rejects.toThrow('damaged at block 1: it is missing');
  });

  it('notices that blocks at the end are lost', async () => {
    await filled(4);
    await withDatabase(async (database) => {
      const store = JSON.parse((await database.get(tipKey))?.toString() ?? '{}');
      expect(store.height).toBe(4);
      await database.del(blockKey(3));
    });
    await expect(open()).rejects.toThrow(/damaged at block 3/);
  });

  it('notices a damaged log, which LevelDB itself drops without a word', async () => {
    await filled(4);
    const channel = join(folder, 'channels', 'one');
    const log = (await readdir(channel)).find((name) => name.endsWith('.log')) ?? '';
    const bytes = await readFile(join(channel, log));
    bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 8);
    await writeFile(join(channel, log), bytes);
    await expect(open()).rejects.toThrow(/channel one: the ledger is damaged: .*\.log .* is not readable from byte/);
    expect(await readFile(join(channel, log))).toEqual(bytes);
  });

  it('says in words that LevelDB cannot read a table, at the start and later', async () => {
    await filled(300);
    await withDatabase(async () => undefined); // opening moves what the log holds to a table
    const channel = join(folder, 'channels', 'one');
    const table = join(channel, (await readdir(channel)).find((name) => name.endsWith('.ldb')) ?? '');
    const whole = await readFile(table);
    const store = await open();
    await writeFile(table, Buffer.from(whole).fill(0xff, 0, whole.length >> 1)); // the entries, and not what finds them
    const words =
      /channel one: the ledger is damaged: the store in .*one cannot be read: Corruption.* Nothing was changed/;
    expect(() => store.block(5)).toThrow(words);
    await store.close();
    await expect(open()).rejects.toThrow(words);
  });

  it('takes a log that ends in the middle of a record for what it is: an unfinished write', async () => {
    await filled(4);
    const channel = join(folder, 'channels', 'one');
    const log = (await readdir(channel)).find((name) => name.endsWith('.log')) ?? '';
    await appendFile(join(channel, log), Buffer.of(1, 2, 3, 4, 200, 0, 1, 9));
    const store = await open();
    expect(store.height).toBe(4);
    await store.close();
  });

  it.each([
    ['cannot be read', 'x', 'one.tip, which names the last acknowledged block, is damaged'],
    ['is empty', '', 'one.tip, which names the last acknowledged block, is damaged'],
    ['names another block', `${'3'.padStart(16, '0')} ${'ab'.repeat(32)}\n`, 'damaged at block 2: another one was'],
    [
      'names a block that is not there',
      `${'9'.padStart(16, '0')} ${'ab'.repeat(32)}\n`,
      'block 4: it is lost: 9 blocks',
    ],
  ])('tells when the note of the last block %s', async (_case, content, message) => {
    await filled(4);
    await writeFile(join(folder, 'channels', 'one.tip'), content);
    await expect(open()).rejects.toThrow(message);
    expect(await readFile(join(folder, 'channels', 'one.tip'), 'utf8')).toBe(content);
  });

  it('tells when the note of the last block is missing, and goes on with the line that it asks for', async () => {
    await filled(4);
    const file = join(folder, 'channels', 'one.tip');
    const content = await readFile(file, 'utf8');
    await rm(file);
    await expect(open()).rejects.toThrow(`one.tip, which names the last acknowledged block, is missing. To go on`);
    await expect(open()).rejects.toThrow(content);
    await writeFile(file, content);
    const store = await open();
    expect(store.height).toBe(4);
    await store.close();
  });

  it('takes a note that lags behind for what it is: the end of a process between a block and its note', async () => {
    await filled(3);
    const file = join(folder, 'channels', 'one.tip');
    const content = await readFile(file, 'utf8');
    const store = await open();
    await store.append(block(3, store.hash), []);
    await store.close();
    await writeFile(file, content);
    const again = await open();
    expect(again.height).toBe(4);
    await again.close();
  });

  it('reads only the end of a long chain when it opens, and the rest afterwards', async () => {
    await filled(600);
    await withDatabase((database) => database.del(blockKey(5)));
    const store = await open();
    await expect(store.verifyEarlier(new AbortController().signal)).rejects.toThrow('at block 5: it is missing');
    await store.close();
    await withDatabase((database) => database.del(blockKey(598)));
    await expect(open()).rejects.toThrow('damaged at block 598: it is missing');
  });

  it('reads the whole of a long chain without a checkpoint, and makes one', async () => {
    await filled(600);
    let made: Buffer | undefined;
    await withDatabase(async (database) => {
      made = await database.get(checkpointKey);
      await database.del(checkpointKey);
    });
    expect(JSON.parse(String(made)).height).toBe(256);
    await (await open()).close();
    await withDatabase(async (database) => {
      expect(await database.get(checkpointKey)).toEqual(made);
      await database.del(checkpointKey);
      await database.del(blockKey(5));
    });
    await expect(open()).rejects.toThrow('damaged at block 5: it is missing');
  });

  it('tells when a checkpoint was changed: its hash, its place, its form', async () => {
    await filled(520);
    const cases: [object, string][] = [
      [{ height: 256, hash: 'ab'.repeat(32) }, 'damaged at block 255: the checkpoint does not belong to it'],
      [{ height: 900, hash: 'ab'.repeat(32) }, 'damaged at block 899: the checkpoint does not belong to it'],
      [{ height: -1 }, 'its record m/checkpoint cannot be read'],
    ];
    for (const [value, message] of cases) {
      await withDatabase((database) => database.put(checkpointKey, Buffer.from(JSON.stringify(value))));
      await expect(open()).rejects.toThrow(message);
    }
  });

  it('does not begin anew where files of the store are missing', async () => {
    await filled(4);
    await rm(join(folder, 'channels', 'one'), { recursive: true });
    await expect(open()).rejects.toThrow(/channel one: the store in .* is damaged/);
  });
});
