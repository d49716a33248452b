import { describe, expect, it } from 'vitest';
import type { Receipt, TransactionIntent } from '#server/transactions/schema.ts';
import { createSigned, type SigningPort } from './createSigned.ts';

const id = `rx-0-${'a'.repeat(26)}`;
const emergency = { id: `emg-0-${'a'.repeat(26)}`, patient: `pt-0-${'a'.repeat(26)}`, reason: 'unconscious' };
const receipt: Receipt = {
  ...{ sagaId: '', transactionId: '', channel: '', blockNumber: '1' },
  saga: { id: '', kind: 'cancel', subject: id, about: {}, state: 'done', steps: [], createdAt: '', expiresAt: '' },
};

function port(ask: SigningPort['ask'] = async (intent) => intent) {
  const asked: TransactionIntent[] = [];
  const said: string[] = [];
  const recorded: TransactionIntent[] = [];
  const prepared: TransactionIntent[] = [];
  const abandoned: number[] = [];
  const used: (number | undefined)[] = [];
  const waited: Promise<unknown>[] = [];
  const signed = createSigned({
    ask: (intent, names) => {
      asked.push(structuredClone(intent));
      return ask(intent, names);
    },
    say: (words) => said.push(words),
    prepare: (intent, ready) => {
      if (ready !== undefined) waited.push(ready);
      const preparation = { prepared: new Promise<never>(() => {}), at: prepared.length };
      prepared.push(structuredClone(intent));
      return preparation;
    },
    abandon: ({ at }) => abandoned.push(at),
    transact: async (intent, _, ahead) => {
      recorded.push(structuredClone(intent));
      used.push(ahead?.at);
      return receipt;
    },
  });
  return { signed, asked, said, recorded, prepared, abandoned, used, waited };
}

describe('what is signed', () => {
  it('is what was shown, also where the page changes its own copy meanwhile', async () => {
    const intent = { kind: 'cancel' as const, id, reason: 'dose too high' };
    const { signed, asked, recorded } = port(async (shown) => {
      intent.reason = 'something else';
      return shown;
    });
    await signed(intent);
    expect(asked).toEqual([{ kind: 'cancel', id, reason: 'dose too high' }]);
    expect(recorded).toEqual(asked);
  });

  it('is nothing where another intent comes back than was shown', async () => {
    const { signed, recorded } = port(async () => ({ kind: 'cancel', id, reason: 'another' }));
    const refusal = expect.objectContaining({ code: 'PROPOSAL_MISMATCH' });
    await expect(signed({ kind: 'cancel', id, reason: 'dose too high' })).rejects.toThrow(refusal);
    expect(recorded).toEqual([]);
  });

  it('may come back with its second factor, which is no part of what it confirms', async () => {
    const assertion = { credentialId: 'c', authenticatorData: 'a', clientDataJSON: 'd', signature: 's' };
    const { signed, recorded } = port(async () => ({ kind: 'access:openEmergency', emergency, assertion }));
    await signed({ kind: 'access:openEmergency', emergency });
    expect(recorded).toEqual([{ kind: 'access:openEmergency', emergency, assertion }]);
  });

  it('is said without a sheet only where the page asked already and no second factor is needed', async () => {
    const { signed, asked, said } = port();
    await signed({ kind: 'cancel', id, reason: 'dose too high' }, { sheet: 'factorOnly' });
    expect([asked.length, said.length]).toEqual([0, 1]);
    expect(said[0]).toContain('dose too high');
    await signed({ kind: 'access:openEmergency', emergency }, { sheet: 'factorOnly' });
    expect([asked.length, said.length]).toEqual([1, 1]);
  });

  it('is read before what it needs is there, and recorded after; not at all where that fails', async () => {
    const intent = { kind: 'cancel' as const, id, reason: 'dose too high' };
    for (const sheet of ['always', 'quiet'] as const) {
      let arrive = () => {};
      const ready = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      const { signed, asked, recorded, waited } = port();
      const recording = signed(intent, { sheet, ready });
      await new Promise((resolve) => setImmediate(resolve));
      expect([asked.length, recorded, waited]).toEqual(sheet === 'always' ? [1, [], [ready]] : [0, [], []]);
      arrive();
      await recording;
      expect(recorded).toEqual([intent]);
      const failing = port();
      await expect(failing.signed(intent, { sheet, ready: Promise.reject(new Error('lost')) })).rejects.toThrow('lost');
      expect(failing.recorded).toEqual([]);
    }
  });

  it('uses what was prepared of it before, where no sheet opens', async () => {
    const intent = { kind: 'cancel' as const, id, reason: 'dose too high' };
    const { signed, prepared, used } = port();
    await signed(intent, { sheet: 'factorOnly', ahead: { prepared: new Promise<never>(() => {}), at: 7 } });
    expect([prepared, used]).toEqual([[], [7]]);
  });

  it('is prepared while it is read, given up where it is not signed, and not begun before its second factor', async () => {
    const intent = { kind: 'cancel' as const, id, reason: 'dose too high' };
    const read = port();
    await read.signed(intent);
    expect([read.prepared, read.used, read.abandoned]).toEqual([[intent], [0], []]);
    const declined = port(async () => Promise.reject(new Error('no')));
    await expect(declined.signed(intent)).rejects.toThrow('no');
    expect([declined.prepared, declined.recorded, declined.abandoned]).toEqual([[intent], [], [0]]);
    const factor = port();
    await factor.signed({ kind: 'access:openEmergency', emergency });
    expect([factor.prepared, factor.used]).toEqual([[], [undefined]]);
  });
});
