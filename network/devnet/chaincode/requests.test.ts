import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peer } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import type { Database } from '../ledger/database.ts';
import { TestLedger } from '../testing/ledger.ts';
import { ChaincodeRequests } from './requests.ts';
import { Simulation } from './simulation.ts';

const { Type } = peer.ChaincodeMessage;
let folder: string;
let ledger: TestLedger;
let iterators: MockInstance<Database['iterator']>;
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
  const simulation = new Simulation({ channel, txId: 'id', snapshot, peer: peers[0] ?? client, creator: client });
  requests = new ChaincodeRequests(simulation, 'probe', () => Promise.reject(new Error('there is no other chaincode')));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await ledger.channel.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask(type: peer.ChaincodeMessage.TypeMap[keyof peer.ChaincodeMessage.TypeMap], body: Uint8Array) {
  const message = new peer.ChaincodeMessage();
  message.setType(type);
  message.setPayload(body);
  return peer.QueryResponse.deserializeBinary(await requests.handle(message));
}

function range() {
  const request = new peer.GetStateByRange();
  request.setStartkey('k');
  request.setEndkey('l');
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
