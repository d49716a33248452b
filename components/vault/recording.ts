import type { abandonSaga, resumeSaga } from '#server/transactions/actions.ts';
import type { SagaView, TransactionIntent } from '#server/transactions/schema.ts';
import { expectData, VaultError } from './errors.ts';
import type { TransactListener, transact } from './transact.ts';

/** What became of a request: the intent that is on the ledger now, and what is known of its transaction. */
export interface Recorded<Composed> {
  composed: Composed;
  sagaId: string;
  /** Empty where the ledger shows the outcome and nobody knows by which transaction. */
  transactionId: string;
  blockNumber?: string;
}

interface Begun<Composed> {
  request: string;
  composed: Composed;
  sagaId?: string;
}

export interface RecordingPort {
  transact: typeof transact;
  resumeSaga: typeof resumeSaga;
  abandonSaga: typeof abandonSaga;
}

const signOf = ({ steps }: Pick<SagaView, 'steps'>) => steps.find(({ name }) => name === 'sign');

/**
 * Brings what a person asks for to the ledger once, whatever happens to the answers. What was composed for a subject is
 * kept until it is known what became of it: a second press first asks for the first one, and repeats the very same
 * intent. A screen makes one for itself.
 */
export function createRecording<Composed extends { intent: TransactionIntent }>(port: RecordingPort) {
  const begun = new Map<string, Begun<Composed>>();

  /** The flow of a request, after asking the ledgers. Forgets a request that can no longer come to the ledger. */
  const lookUp = async (subject: string, sagaId: string) => {
    const saga = expectData(await port.resumeSaga(sagaId));
    const sign = signOf(saga);
    if (sign?.state === 'done') return { saga, recordedBy: sign.proof ?? '' };
    if (saga.state === 'failed' || saga.state === 'expired') begun.delete(subject);
    return { saga };
  };

  const settle = (subject: string, { composed }: Begun<Composed>, sagaId: string, transactionId: string) => {
    begun.delete(subject);
    return { composed, sagaId, transactionId };
  };

  return {
    /** True while it is unknown what became of something that was begun on the subject. */
    isOpen: (subject: string): boolean => begun.get(subject)?.sagaId !== undefined,

    /** Forgets what was begun on a subject, or on all. */
    forget(subject?: string): void {
      if (subject === undefined) begun.clear();
      else begun.delete(subject);
    },

    /**
     * Records one request on a subject. `request` says what the person asks for: the same words mean a repetition.
     * Where an earlier request on the subject turns out to be recorded, that one is answered and nothing new is done:
     * the person asked without knowing of it. Throws LEDGER_UNDECIDED while nobody knows of another request before.
     */
    async record(
      subject: string,
      request: string,
      compose: () => Promise<Composed>,
      onProgress: TransactListener = () => {},
    ): Promise<Recorded<Composed>> {
      const before = begun.get(subject);
      if (before?.sagaId !== undefined) {
        const { saga, recordedBy } = await lookUp(subject, before.sagaId);
        if (recordedBy !== undefined) return settle(subject, before, saga.id, recordedBy);
        if (before.request !== request && begun.has(subject)) {
          if (signOf(saga)?.state === 'running') {
            throw new VaultError('LEDGER_UNDECIDED', 'What you asked for before is not decided yet.');
          }
          expectData(await port.abandonSaga(saga.id));
        }
      }
      if (before?.request !== request) begun.delete(subject);
      const now: Begun<Composed> = begun.get(subject) ?? { request, composed: await compose() };
      begun.set(subject, now);
      try {
        const receipt = await port.transact(now.composed.intent, (stage, sagaId) => {
          if (sagaId !== undefined) now.sagaId = sagaId;
          onProgress(stage, sagaId);
        });
        const { sagaId, transactionId, blockNumber } = receipt;
        return { ...settle(subject, now, sagaId, transactionId), blockNumber };
      } catch (error) {
        if (now.sagaId !== undefined) {
          // Where this question has no answer either, the first error is what the person is told.
          const found = await lookUp(subject, now.sagaId).catch(() => undefined);
          if (found?.recordedBy !== undefined) return settle(subject, now, now.sagaId, found.recordedBy);
        }
        throw error;
      }
    },
  };
}

export type Recording<Composed extends { intent: TransactionIntent }> = ReturnType<typeof createRecording<Composed>>;
