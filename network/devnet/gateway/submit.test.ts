import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { common, gateway } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestLedger, type TestTransaction } from '../testing/ledger.ts';
import { GatewayNode } from './node.ts';
import { submit } from './submit.ts';

let folder: string;
let ledger: TestLedger;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-submit-'));
  ledger = await TestLedger.open(folder);
});

afterEach(async () => {
  vi.useRealTimers();
  await ledger.channel.close();
  await rm(folder, { recursive: true, force: true });
});

function submitTo(transaction: TestTransaction): void {
  const { membership, channel } = ledger;
  const node = new GatewayNode({
    mspId: 'AlphaMSP',
    peers: new Map(),
    membership,
    channels: new Map([[channel.name, channel]]),
  });
  const request = new gateway.SubmitRequest();
  request.setChannelId(channel.name);
  request.setPreparedTransaction(common.Envelope.deserializeBinary(transaction.envelope));
  submit(node, request);
}

describe('submit', () => {
  it('refuses a transaction whose private values nobody has', async () => {
    const withSecret = () =>
      ledger.transaction((set) => set.writePrivate('probe', 'secrets', 'key', Buffer.from('value')));
    const notHere = expect.objectContaining({ code: status.FAILED_PRECONDITION });
    expect(() => submitTo(withSecret())).toThrow(notHere);

    const kept = withSecret();
    await ledger.keep(kept);
    submitTo(kept);
    await ledger.channel.status(kept.txId, AbortSignal.timeout(10_000));
    expect(ledger.channel.store.privateState('probe', 'secrets', 'key')?.value.toString()).toBe('value');
    submitTo(kept); // once more: it is a duplicate, and its values are not needed

    const late = withSecret();
    await ledger.keep(late);
    vi.useFakeTimers({ now: Date.now() + 61 * 60 * 1000, toFake: ['Date'] });
    expect(() => submitTo(late)).toThrow(notHere);
  });

  it('takes one that cannot be read: the commit says what is wrong with it', async () => {
    const broken = ledger.transaction(() => {});
    const envelope = common.Envelope.deserializeBinary(broken.envelope);
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    payload.setData('');
    envelope.setPayload(payload.serializeBinary());
    envelope.setSignature(ledger.client.sign(envelope.getPayload_asU8()));
    submitTo({ ...broken, envelope: envelope.serializeBinary() });
    const outcome = await ledger.channel.status(broken.txId, AbortSignal.timeout(10_000));
    expect(outcome.code).not.toBe(0);
  });
});
