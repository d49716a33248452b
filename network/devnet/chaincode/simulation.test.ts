import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peer, ledger as protos } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readChanges } from '../ledger/changes.ts';
import type { Snapshot } from '../ledger/database.ts';
import { validationParameter } from '../ledger/metadata.ts';
import { signaturePolicyEnvelope } from '../policy/envelope.ts';
import { parsePolicy } from '../policy/language.ts';
import type { Signer } from '../policy/policy.ts';
import { TestLedger } from '../testing/ledger.ts';
import { Simulation } from './simulation.ts';

let folder: string;
let ledger: TestLedger;
let snapshots: Snapshot[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-simulation-'));
  ledger = await TestLedger.open(folder);
  snapshots = [];
});

afterEach(async () => {
  for (const snapshot of snapshots) await ledger.channel.store.release(snapshot);
  await ledger.channel.close();
  await rm(folder, { recursive: true, force: true });
});

function simulate(signer: Signer = { mspId: 'AlphaMSP', role: 'peer' }): Simulation {
  const snapshot = ledger.channel.store.snapshot();
  snapshots.push(snapshot);
  return new Simulation({ channel: ledger.channel, txId: 'id', snapshot, peer: signer, creator: ledger.client });
}

const outsider: Signer = { mspId: 'GammaMSP', role: 'peer' };
const onlyAlpha = parsePolicy("OR('AlphaMSP.peer')");
const parameter = new Map([[validationParameter, signaturePolicyEnvelope(onlyAlpha).serializeBinary()]]);
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** `k` is public with a policy of its own, `free` without; `s` is private with one. All in the first block. */
async function prepare(): Promise<void> {
  const transaction = ledger.transaction((set) => {
    set.write('probe', 'k', Buffer.from('x'));
    set.writeMetadata('probe', 'k', parameter);
    set.write('probe', 'free', Buffer.from('x'));
    set.writePrivate('probe', 'secrets', 's', Buffer.from('secret'));
    set.writePrivateMetadata('probe', 'secrets', 's', parameter);
  });
  await ledger.keep(transaction);
  expect(await ledger.commit(transaction)).toEqual([peer.TxValidationCode.VALID]);
}

const call = {
  chaincode: 'probe',
  collection: undefined,
  readsPrivate: false,
  keyPolicies: [],
  disregardsChaincode: false,
};

describe('what a simulation asks of its endorsers', () => {
  beforeEach(prepare);

  it('is the policy of the chaincode for reads, and for keys without a policy', () => {
    const reading = simulate();
    reading.get('probe', 'k');
    expect(reading.finish().calls).toEqual([call]);
    const writing = simulate();
    writing.put('probe', 'free', Buffer.from('y'));
    expect(writing.finish().calls).toEqual([call]);
  });

  it('is the policy of a key alone where each key written has one', () => {
    const simulation = simulate();
    simulation.put('probe', 'k', Buffer.from('y'));
    simulation.putMetadata('probe', 'k', new Map());
    expect(simulation.finish().calls).toEqual([{ ...call, keyPolicies: [onlyAlpha], disregardsChaincode: true }]);
  });

  it('is both where another key is written too', () => {
    const simulation = simulate();
    simulation.put('probe', 'k', Buffer.from('y'));
    simulation.put('probe', 'new', Buffer.from('y'));
    expect(simulation.finish().calls).toEqual([{ ...call, keyPolicies: [onlyAlpha] }]);
  });

  it('names collections that are written without a key policy, and those that are read', () => {
    const written = simulate();
    written.putPrivate('probe', 'secrets', 'new', Buffer.from('y'));
    expect(written.finish().calls).toEqual([{ ...call, collection: 'secrets' }]);
    const bound = simulate();
    bound.putPrivate('probe', 'secrets', 's', Buffer.from('y'));
    expect(bound.finish().calls).toEqual([{ ...call, keyPolicies: [onlyAlpha], disregardsChaincode: true }]);
    const read = simulate();
    read.getPrivate('probe', 'secrets', 's');
    expect(read.finish().calls).toEqual([call, { ...call, collection: 'secrets', readsPrivate: true }]);
    const hash = simulate();
    hash.privateHash('probe', 'secrets', 's');
    expect(hash.finish().calls).toEqual([call]);
  });

  it('is nothing where nothing was touched', () => {
    const simulation = simulate();
    simulation.readDefinition('probe');
    expect(simulation.finish().calls).toEqual([]);
  });
});

describe('metadata', () => {
  beforeEach(prepare);

  it('are read with the version of their key, public or hashed, by members', () => {
    const simulation = simulate();
    expect(simulation.metadata('probe', 'k')).toEqual(new Map([[validationParameter, expect.anything()]]));
    expect(simulation.privateMetadata('probe', 'secrets', 's').has(validationParameter)).toBe(true);
    expect(simulation.metadata('probe', 'free')).toEqual(new Map());
    const [, probe] = readChanges(simulation.finish().results.publicBytes());
    expect(probe?.content.getReadsList().map((read) => [read.getKey(), read.getVersion()?.getBlockNum()])).toEqual([
      ['free', 1],
      ['k', 1],
    ]);
    expect(probe?.collections[0]?.hashed.getHashedReadsList()).toHaveLength(1);
  });

  it('of a private key stand in the set with its hash, and its name alone in the private one', () => {
    const simulation = simulate();
    simulation.putPrivateMetadata('probe', 'secrets', 's', parameter);
    const { results } = simulation.finish();
    const bytes = results.privateBytes() ?? new Uint8Array();
    const [collection] =
      protos.rwset.TxPvtReadWriteSet.deserializeBinary(bytes).getNsPvtRwsetList()[0]?.getCollectionPvtRwsetList() ?? [];
    const content = protos.rwset.kvrwset.KVRWSet.deserializeBinary(collection?.getRwset_asU8() ?? bytes);
    expect(content.toObject()).toMatchObject({ writesList: [], metadataWritesList: [{ key: 's', entriesList: [] }] });
    const probe = readChanges(results.publicBytes()).find(({ namespace }) => namespace === 'probe');
    expect(probe?.collections[0]?.hashed.getMetadataWritesList()[0]?.getEntriesList()[0]?.getName()).toBe(
      validationParameter,
    );
  });
});

describe('private data', () => {
  beforeEach(prepare);

  it('of a collection that is not defined is refused as by a peer of Fabric', () => {
    const simulation = simulate();
    const value = Buffer.from('x');
    expect(() => simulation.getPrivate('probe', 'nowhere', 'k')).toThrow(
      'collection one/probe/nowhere could not be found',
    );
    expect(() => simulation.putPrivate('probe', 'nowhere', 'k', value)).toThrow('could not be found');
    expect(() => simulation.privateHash('probe', 'nowhere', 'k')).toThrow(
      'collection [nowhere] not defined in the collection config for chaincode [probe]',
    );
    expect(() => simulation.getPrivate('probe', '_implicit_org_NobodyMSP', 'k')).toThrow(
      'collection [_implicit_org_NobodyMSP] not defined in the collection config for chaincode [probe]',
    );
  });

  it('is not on the peer of an outsider, which knows the hash; several at once are not compared with it', () => {
    const simulation = simulate(outsider);
    expect(() => simulation.getPrivate('probe', 'secrets', 's')).toThrow(
      'private data matching public hash version is not available. ' +
        'Public hash version = {BlockNum: 1, TxNum: 0}, Private data version = <nil>',
    );
    expect(simulation.privateHash('probe', 'secrets', 's')).toHaveLength(32);
    expect(simulation.getPrivateMultiple('probe', 'secrets', ['s', 'none']).map(text)).toEqual(['', '']);
    expect(simulate().getPrivateMultiple('probe', 'secrets', ['s', 'none']).map(text)).toEqual(['secret', '']);
  });

  it('is listed on a member peer, and not at all on that of an outsider', async () => {
    const rows = async (simulation: Simulation) => {
      const found: string[] = [];
      for await (const row of simulation.privateRange('probe', 'secrets', '', '')) found.push(text(row));
      return found.length;
    };
    expect([await rows(simulate()), await rows(simulate(outsider))]).toEqual([1, 0]);
  });

  it('goes into the implicit collection of any organisation, and is read at its own', () => {
    const writing = simulate();
    writing.putPrivate('probe', '_implicit_org_BetaMSP', 'k', Buffer.from('x'));
    expect(writing.finish().calls).toEqual([{ ...call, collection: '_implicit_org_BetaMSP' }]);
    expect(text(simulate().getPrivate('probe', '_implicit_org_BetaMSP', 'k'))).toBe('');
  });

  it('leaves the reads of the definition in the set, as a peer of Fabric does', () => {
    const simulation = simulate();
    simulation.getPrivate('probe', 'secrets', 's');
    const [lifecycle] = readChanges(simulation.finish().results.publicBytes());
    expect(lifecycle?.content.getReadsList().map((read) => read.getKey())).toEqual([
      'namespaces/fields/probe/Collections',
      'namespaces/fields/probe/EndorsementInfo',
      'namespaces/fields/probe/Sequence',
      'namespaces/fields/probe/ValidationInfo',
      'namespaces/metadata/probe',
    ]);
  });

  it('cannot be queried after a write, nor anything be written after a query of it, or of a page', async () => {
    const wrote = simulate();
    wrote.putMetadata('probe', 'free', parameter);
    expect(() => wrote.privateRange('probe', 'secrets', '', '')).toThrow(
      'txid [id]: unsuppored transaction. Queries on pvt data is supported only in a read-only transaction',
    );
    expect(() => wrote.page('probe', '1', { start: '', end: '', size: 1 })).toThrow(
      'Paginated queries are supported only in a read-only transaction',
    );
    const queried = simulate();
    queried.privateRange('probe', 'secrets', '', '');
    expect(() => queried.putMetadata('probe', 'k', parameter)).toThrow(
      'Transaction has already performed queries on pvt data. Writes are not allowed',
    );
    const paged = simulate();
    await paged.page('probe', '1', { start: '', end: '', size: 1 });
    expect(() => paged.put('probe', 'k', Buffer.from('x'))).toThrow(
      'Transaction has already performed a paginated query. Writes are not allowed',
    );
  });
});
