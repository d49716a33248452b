import { describe, expect, it } from 'vitest';
import type { ResumableSaga, SagaView, TransactionIntent } from '#server/transactions/schema.ts';
import { VaultError } from './errors.ts';
import { createRecording, type RecordingPort } from './recording.ts';

const id = 'rx-1-aaaaaaaaaaaaaaaaaaaaaaaaaa';
const sagaId = '00000000-0000-4000-8000-000000000000';
const refusal = (code: string) => expect.objectContaining({ code });
const offline = () => new VaultError('OFFLINE', 'The portal does not answer.');
const undecided = () => new VaultError('LEDGER_UNDECIDED', 'Not confirmed yet.');

/** A portal with one prescription, whose answers can be lost. */
function portal() {
  const ledger: string[] = [];
  const abandoned: string[] = [];
  let composed = 0;
  let flow: SagaView['state'] = 'waiting';
  let sign: SagaView['steps'][number]['state'] = 'waiting';
  const fault = {
    /** Before the ledger has it, or after. */
    before: undefined as Error | undefined,
    after: undefined as Error | undefined,
    look: undefined as Error | undefined,
  };
  const saga = (): ResumableSaga => ({
    ...{ id: sagaId, kind: 'dispense', subject: id, about: {}, state: flow, createdAt: '', expiresAt: '' },
    steps: [{ name: 'sign', state: sign, ...(sign === 'done' && { proof: 'tx-1' }) }],
    intent: undefined,
  });
  const port: RecordingPort = {
    async transact(intent, onProgress = () => {}) {
      [flow, sign] = ['waiting', 'waiting'];
      onProgress('preparing');
      onProgress('signing', sagaId);
      if (fault.before) throw fault.before;
      // The ledger takes one and the same intent once.
      const entry = JSON.stringify(intent);
      if (!ledger.includes(entry)) ledger.push(entry);
      [flow, sign] = ['done', 'done'];
      if (fault.after) throw fault.after;
      const receipt = { sagaId, transactionId: 'tx-1', channel: 'care-1', blockNumber: '7' };
      return { ...receipt, saga: saga() };
    },
    async resumeSaga() {
      if (fault.look) throw fault.look;
      return { ok: true, data: saga() };
    },
    async abandonSaga(asked) {
      abandoned.push(asked);
      return { ok: true, data: saga() };
    },
  };
  const compose = async (): Promise<{ intent: TransactionIntent }> => {
    composed += 1;
    const dispense = { id: `disp-${composed}`, quantity: 2, cid: '', contentHash: '' };
    return { intent: { kind: 'dispense', id, dispense, envelope: '' } };
  };
  return {
    recording: createRecording(port),
    compose,
    ledger,
    abandoned,
    fault,
    stand: (state: typeof flow, step: typeof sign) => {
      [flow, sign] = [state, step];
    },
  };
}

describe('a recording', () => {
  it('answers what the ledger took, and then begins anew', async () => {
    const { recording, compose, ledger } = portal();
    expect(await recording.record(id, 'dispense 2', compose)).toMatchObject({
      transactionId: 'tx-1',
      blockNumber: '7',
    });
    expect(recording.isOpen(id)).toBe(false);
    await recording.record(id, 'dispense 2', compose);
    expect(ledger).toHaveLength(2);
  });

  it('finds by itself what was recorded while the answer was lost', async () => {
    const { recording, compose, ledger, fault } = portal();
    fault.after = offline();
    expect(await recording.record(id, 'dispense 2', compose)).toMatchObject({ transactionId: 'tx-1' });
    expect(ledger).toHaveLength(1);
  });

  it.each([offline(), undecided()])('records once, however often it is pressed after $code', async (lost) => {
    const { recording, compose, ledger, fault } = portal();
    fault.after = lost;
    fault.look = offline();
    await expect(recording.record(id, 'dispense 2', compose)).rejects.toThrow(refusal(lost.code));
    expect(recording.isOpen(id)).toBe(true);
    await expect(recording.record(id, 'dispense 2', compose)).rejects.toThrow(refusal('OFFLINE'));
    fault.after = fault.look = undefined;
    const { composed } = await recording.record(id, 'dispense 2', compose);
    expect(ledger).toEqual([JSON.stringify(composed.intent)]);
  });

  it('answers the earlier request where another one is asked for without knowing of it', async () => {
    const { recording, compose, ledger, fault } = portal();
    fault.after = fault.look = offline();
    await expect(recording.record(id, 'dispense 2', compose)).rejects.toThrow(refusal('OFFLINE'));
    fault.after = fault.look = undefined;
    const { composed } = await recording.record(id, 'return', async () => ({ intent: { kind: 'return', id } }));
    expect(composed.intent.kind).toBe('dispense');
    expect(ledger).toHaveLength(1);
  });

  it('repeats the very same intent where the ledger has not got it', async () => {
    const { recording, compose, ledger, fault } = portal();
    fault.before = offline();
    await expect(recording.record(id, 'dispense 2', compose)).rejects.toThrow(refusal('OFFLINE'));
    fault.before = undefined;
    const { composed } = await recording.record(id, 'dispense 2', compose);
    expect(composed.intent).toMatchObject({ dispense: { id: 'disp-1' } });
    expect(ledger).toHaveLength(1);
  });

  it('gives up what was not signed before it does something else', async () => {
    const { recording, compose, abandoned, fault } = portal();
    fault.before = offline();
    await expect(recording.record(id, 'dispense 2', compose)).rejects.toThrow(refusal('OFFLINE'));
    fault.before = undefined;
    const { composed } = await recording.record(id, 'dispense 3', compose);
    expect(abandoned).toEqual([sagaId]);
    expect(composed.intent).toMatchObject({ dispense: { id: 'disp-2' } });
  });

  it('does nothing else while the earlier one is undecided', async () => {
    const { recording, compose, ledger, abandoned, fault, stand } = portal();
    fault.before = undecided();
    fault.look = offline();
    await expect(recording.record(id, 'dispense 2', compose)).rejects.toThrow(refusal('LEDGER_UNDECIDED'));
    fault.before = fault.look = undefined;
    stand('running', 'running');
    await expect(recording.record(id, 'dispense 3', compose)).rejects.toThrow(refusal('LEDGER_UNDECIDED'));
    expect([ledger, abandoned]).toEqual([[], []]);
    expect((await recording.record('other', 'dispense 3', compose)).transactionId).toBe('tx-1');
  });

  it.each(['failed', 'expired'] as const)('composes anew once the flow is %s', async (state) => {
    const { recording, compose, abandoned, fault, stand } = portal();
    fault.before = new VaultError('QUANTITY_EXCEEDED', 'too much');
    fault.look = offline();
    await expect(recording.record(id, 'dispense 9', compose)).rejects.toThrow(refusal('QUANTITY_EXCEEDED'));
    fault.before = fault.look = undefined;
    stand(state, 'failed');
    const { composed } = await recording.record(id, 'dispense 9', compose);
    expect(composed.intent).toMatchObject({ dispense: { id: 'disp-2' } });
    expect(abandoned).toEqual([]);
  });
});
