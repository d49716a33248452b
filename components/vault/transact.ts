import { z } from 'zod';
import { fromBase64Url } from '#crypto/bytes.ts';
import {
  type EndorsedTransaction,
  endorsedTransaction,
  type PreparedRead,
  type PreparedTransaction,
  preparedTransaction,
  type ReadIntent,
  type Receipt,
  receipt,
  type SignedProposal,
  type SignedRead,
  type SignedTransaction,
  type TransactionIntent,
} from '#server/transactions/schema.ts';
import { type VaultClient, vaultClient } from './client.ts';
import { VaultError } from './errors.ts';
import { postToPortal } from './portal.ts';

/** Where a transaction stands: prepared by the server, signed here, endorsed, signed again, recorded. */
export type TransactProgress = 'preparing' | 'signing' | 'endorsing' | 'recording';

/** Told of every stage; the flow's id is known once the server has prepared it. */
export type TransactListener = (progress: TransactProgress, sagaId?: string) => void;

/** What a transaction and a reading ask of the portal. */
export interface LedgerPort {
  prepareTransaction(intent: TransactionIntent): Promise<PreparedTransaction>;
  endorseTransaction(signed: SignedProposal): Promise<EndorsedTransaction>;
  submitTransaction(signed: SignedTransaction): Promise<Receipt>;
  prepareRead(intent: ReadIntent): Promise<PreparedRead>;
  evaluateRead(signed: SignedRead): Promise<{ result: string }>;
}

const portal: LedgerPort = {
  prepareTransaction: (intent) => postToPortal('/api/transactions', intent, preparedTransaction),
  endorseTransaction: (signed) => postToPortal('/api/transactions/endorsement', signed, endorsedTransaction),
  submitTransaction: (signed) => postToPortal('/api/transactions/submission', signed, receipt),
  prepareRead: (intent) => postToPortal('/api/readings', intent, z.object({ proposal: z.string() })),
  evaluateRead: (signed) => postToPortal('/api/readings/answer', signed, z.object({ result: z.string() })),
};

const attempts = 3;
/** A proposal says when it was made, which no peer takes when it is more than two minutes ago. */
const freshMs = 60_000;

/** What the portal prepares while its person still reads what it is. */
export interface Preparation {
  prepared: Promise<PreparedTransaction>;
  /** Milliseconds of the clock. */
  at: number;
}

/** Whether there is time enough to sign what was prepared. */
export const isFresh = ({ at }: Preparation): boolean => Date.now() - at < freshMs;

/** A reading that is signed: `ask` has the ledger answer it, when it can. */
export interface SignedReading {
  ask(): Promise<Uint8Array>;
}

/** Functions that act for the person whose vault `client` keeps. */
export function createTransact(client: () => VaultClient, ledger: LedgerPort) {
  const signRead = async (intent: ReadIntent): Promise<SignedReading> => {
    const { proposal } = await ledger.prepareRead(intent);
    const { proposalSignature } = await client().call('signRead', { intent, proposal });
    return { ask: async () => fromBase64Url((await ledger.evaluateRead({ proposal, proposalSignature })).result) };
  };
  const once = async (
    intent: TransactionIntent,
    onProgress: TransactListener,
    ahead: Preparation | undefined,
  ): Promise<Receipt> => {
    onProgress('preparing');
    const isPrepared = ahead !== undefined && isFresh(ahead);
    const prepared = await (isPrepared ? ahead.prepared : ledger.prepareTransaction(intent));
    const { sagaId, proposal, status } = prepared;
    onProgress('signing', sagaId);
    const { proposalSignature, statusSignature } = await client().call('signProposal', { intent, prepared });
    onProgress('endorsing', sagaId);
    const { transaction } = await ledger.endorseTransaction({ sagaId, proposal, proposalSignature });
    const { transactionSignature } = await client().call('signTransaction', { sagaId, transaction });
    onProgress('recording', sagaId);
    return ledger.submitTransaction({ sagaId, transaction, transactionSignature, status, statusSignature });
  };

  return {
    /**
     * Has an intent recorded: prepared by the server, checked byte by byte and signed in the worker, endorsed, checked
     * and signed again, submitted. Where another change came first, it is prepared and signed anew. Throws a
     * `VaultError`; with `PROPOSAL_MISMATCH`, `TRANSACTION_MISMATCH` or `STATUS_MISMATCH` nothing further was signed.
     */
    async transact(
      intent: TransactionIntent,
      onProgress: TransactListener = () => {},
      ahead?: Preparation,
    ): Promise<Receipt> {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await once(intent, onProgress, attempt === 1 ? ahead : undefined);
        } catch (error) {
          const conflict = error instanceof VaultError && error.code === 'LEDGER_CONFLICT';
          if (!conflict || attempt >= attempts) throw error;
        }
      }
    },

    /**
     * Has an intent prepared, once what it needs is ready, before it is certain that it will be signed. What prevents it,
     * `transact` throws.
     */
    prepare(intent: TransactionIntent, ready?: Promise<unknown>): Preparation {
      const prepared =
        ready === undefined ? ledger.prepareTransaction(intent) : ready.then(() => ledger.prepareTransaction(intent));
      prepared.catch(() => undefined); // whoever awaits it is told
      return { prepared, at: Date.now() };
    },

    signRead,

    /** Asks a ledger what only this person's key may ask. */
    async readAsPerson(intent: ReadIntent): Promise<Uint8Array> {
      return (await signRead(intent)).ask();
    },
  };
}

export const { transact, prepare, signRead, readAsPerson } = createTransact(vaultClient, portal);
