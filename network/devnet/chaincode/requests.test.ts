import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peer } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { readChanges } from '../ledger/changes.ts';
import type { Database } from '../ledger/database.ts';
import { TestLedger } from '../testing/ledger.ts';
import { ChaincodeRequests } from './requests.ts';
import { Simulation } from './simulation.ts';

const { Type } = peer.ChaincodeMessage;
let folder: string;
let ledger: TestLedger;
let iterators: MockInstance<Database['iterator']>;
let simulation: Simulation;
let requests: ChaincodeRequests;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-requests-'));
  ledger = await TestLedger.open(folder);
  const { channel, client, peers } = ledger;
  const rows = Array.from({ length: 150 }, (_, index) => `k${String(index).padStart(3, '0')}`);
  await ledger.commit(
    ledger.transaction((set) => {
      for (const key of rows) set.write('probe', key, Buffer.from('x'));
    }),
  );
  const snapshot = channel.store.snapshot();
  iterators = vi.spyOn(channel.store.database, 'iterator');
  simulation = new Simulation({ channel, txId: 'id', snapshot, peer: peers[0] ?? client, creator: client });
  requests = new ChaincodeRequests(simulation, 'probe', () => Promise.reject(new Error('there is no other chaincode')));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await ledger.channel.close();
  await rm(folder, { recursive: true, force: true });
});

type RequestType = peer.ChaincodeMessage.TypeMap[keyof peer.ChaincodeMessage.TypeMap];

async function send(type: RequestType, body: { serializeBinary(): Uint8Array }): Promise<Uint8Array> {
  const message = new peer.ChaincodeMessage();
  message.setType(type);
  message.setPayload(body.serializeBinary());
  return requests.handle(message);
}

async function ask(type: RequestType, body: Uint8Array) {
  return peer.QueryResponse.deserializeBinary(await send(type, { serializeBinary: () => body }));
}

function range(page?: { size: number; bookmark: string }) {
  const request = new peer.GetStateByRange();
  request.setStartkey('k');
  request.setEndkey('l');
  if (page) {
    const metadata = new peer.QueryMetadata();
    metadata.setPagesize(page.size);
    metadata.setBookmark(page.bookmark);
    request.setMetadata(metadata.serializeBinary());
  }
  return ask(Type.GET_STATE_BY_RANGE, request.serializeBinary());
}

function next(id: string) {
  const request = new peer.QueryStateNext();
  request.setId(id);
  return ask(Type.QUERY_STATE_NEXT, request.serializeBinary());
}

async function expectNothingOpen(): Promise<void> {
  expect(iterators.mock.results).not.toEqual([]);
  for (const { value } of iterators.mock.results)
    await expect(value.next()).rejects.toMatchObject({ code: 'LEVEL_ITERATOR_NOT_OPEN' });
}

describe('the requests of a chaincode', () => {
  it('leave no iterator open when they are read to the end, or given up between batches', async () => {
    const whole = await range();
    expect([whole.getResultsList().length, whole.getHasMore()]).toEqual([100, true]);
    const rest = await next(whole.getId());
    expect([rest.getResultsList().length, rest.getHasMore()]).toEqual([50, false]);
    await expect(next(whole.getId())).rejects.toThrow('query iterator not found');
    await range();
    await requests.finish();
    await expectNothingOpen();
  });

  it('leave none open when the chaincode dies while the first batch is read', async () => {
    const reading = range();
    await requests.finish();
    await Promise.allSettled([reading]);
    await expectNothingOpen();
  });

  it('leave none open when it dies while a later batch is read', async () => {
    const reading = next((await range()).getId());
    await requests.finish();
    await Promise.allSettled([reading]);
    await expectNothingOpen();
  });
});

describe('what a query leaves in the read-write set', () => {
  /** Start, end, whether it was read to its end, and how many results stand there: negative for the tree's top level. */
  function recorded() {
    const [probe] = readChanges(simulation.finish().results.publicBytes());
    return probe?.content.getRangeQueriesInfoList().map((info) => {
      const summary = info.getReadsMerkleHashes();
      const count = summary
        ? -summary.getMaxLevelHashesList().length
        : (info.getRawReads()?.getKvReadsList() ?? []).length;
      return [info.getStartKey(), info.getEndKey(), info.getItrExhausted(), count];
    });
  }

  it('is the row behind the batch too, which was looked at', async () => {
    const { id } = (await range()).toObject();
    const close = new peer.QueryStateClose();
    close.setId(id);
    await send(Type.QUERY_STATE_CLOSE, close);
    expect(recorded()).toEqual([['k', 'k100', false, -2]]); // 101 results: 51 and 50
  });

  it('is the whole range once its end was seen', async () => {
    await next((await range()).getId());
    expect(recorded()).toEqual([['k', 'l', true, -3]]); // 150 results: 51, 51 and 48
  });

  it.each([
    [60, '', 60, 'k060', ['k', 'k059', false, -2]],
    [20, 'k140', 10, '', ['k140', 'l', true, 10]],
    // The end is not seen by a page that is full.
    [10, 'k140', 10, '', ['k140', 'k149', false, 10]],
    [0, 'k140', 10, '', ['k140', 'l', true, 10]],
  ])(
    'of a page of %i from "%s" on are its rows, without the next one',
    async (size, bookmark, count, follows, info) => {
      const response = await range({ size, bookmark });
      const metadata = peer.QueryResponseMetadata.deserializeBinary(response.getMetadata_asU8());
      expect([response.getResultsList().length, response.getHasMore()]).toEqual([count, false]);
      expect([metadata.getFetchedRecordsCount(), metadata.getBookmark()]).toEqual([count, follows]);
      expect(recorded()).toEqual([info]);
    },
  );
});

describe('requests for several keys, and for metadata', () => {
  it('read and write as those for one key do', async () => {
    const multiple = new peer.GetStateMultiple();
    multiple.setKeysList(['k001', 'none']);
    const { valuesList } = peer.GetStateMultipleResult.deserializeBinary(
      await send(Type.GET_STATE_MULTIPLE, multiple),
    ).toObject();
    expect(valuesList).toEqual([Buffer.from('x').toString('base64'), '']);
    const metadata = new peer.StateMetadata();
    metadata.setMetakey('KEY');
    metadata.setValue(Buffer.from('value'));
    const record = (type: peer.WriteRecord.TypeMap[keyof peer.WriteRecord.TypeMap], key: string, collection = '') => {
      const message = new peer.WriteRecord();
      message.setType(type);
      message.setKey(key);
      message.setCollection(collection);
      message.setValue(Buffer.from('y'));
      message.setMetadata(metadata);
      return message;
    };
    const { PUT_STATE, DEL_STATE, PURGE_PRIVATE_DATA, PUT_STATE_METADATA, UNDEFINED } = peer.WriteRecord.Type;
    const batch = new peer.WriteBatchState();
    batch.setRecList([
      record(PUT_STATE, 'k001'),
      record(DEL_STATE, 'k002'),
      record(PUT_STATE_METADATA, 'k003'),
      record(PURGE_PRIVATE_DATA, 's', 'secrets'),
      record(PUT_STATE_METADATA, 's', 'secrets'),
    ]);
    await send(Type.WRITE_BATCH_STATE, batch);
    const probe = readChanges(simulation.finish().results.publicBytes()).find(({ namespace }) => namespace === 'probe');
    expect(probe?.content.toObject()).toMatchObject({
      readsList: [{ key: 'k001' }, { key: 'none' }],
      writesList: [
        { key: 'k001', isDelete: false },
        { key: 'k002', isDelete: true },
      ],
      metadataWritesList: [{ key: 'k003', entriesList: [{ name: 'KEY' }] }],
    });
    expect(probe?.collections[0]?.hashed.toObject()).toMatchObject({
      hashedWritesList: [{ isDelete: true, isPurge: true }],
      metadataWritesList: [{ entriesList: [{ name: 'KEY' }] }],
    });
    batch.setRecList([record(UNDEFINED, 'k')]);
    await expect(send(Type.WRITE_BATCH_STATE, batch)).rejects.toThrow('unknown operation type');
    batch.setRecList([record(PURGE_PRIVATE_DATA, 'k')]);
    await expect(send(Type.WRITE_BATCH_STATE, batch)).rejects.toThrow('only applicable for private data');
  });

  it('answer with the metadata that the state has', async () => {
    const set = ledger.transaction((write) => write.writeMetadata('probe', 'k001', new Map([['KEY', Buffer.of(7)]])));
    await ledger.commit(set);
    const { channel, client } = ledger;
    const snapshot = channel.store.snapshot();
    const later = new Simulation({ channel, txId: 'id', snapshot, peer: ledger.peers[0] ?? client, creator: client });
    requests = new ChaincodeRequests(later, 'probe', () => Promise.reject(new Error('there is no other chaincode')));
    const request = new peer.GetStateMetadata();
    const entries = async (key: string) => {
      request.setKey(key);
      const bytes = await send(Type.GET_STATE_METADATA, request);
      return peer.StateMetadataResult.deserializeBinary(bytes).toObject().entriesList;
    };
    expect(await entries('k001')).toEqual([{ metakey: 'KEY', value: Buffer.of(7).toString('base64') }]);
    expect(await entries('k002')).toEqual([]);
    await channel.store.release(snapshot);
  });
});
