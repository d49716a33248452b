import { fromBase64Url } from '#crypto/bytes.ts';
import * as actions from '#server/transactions/actions.ts';
import type { ReadIntent, Receipt, TransactionIntent } from '#server/transactions/schema.ts';
import { type VaultClient, vaultClient } from './client.ts';
import { expectData, VaultError } from './errors.ts';

/** Where a transaction stands: prepared by the server, signed here, endorsed, signed again, recorded. */
export type TransactProgress = 'preparing' | 'signing' | 'endorsing' | 'recording';

/** Told of every stage; the flow's id is known once the server has prepared it. */
export type TransactListener = (progress: TransactProgress, sagaId?: string) => void;

export type LedgerActions = Pick<
  typeof actions,
  'prepareTransaction' | 'endorseTransaction' | 'submitTransaction' | 'prepareRead' | 'evaluateRead'
>;

const attempts = 3;

/** Functions that act for the person whose vault `client` keeps. */
export function createTransact(client: () => VaultClient, ledger: LedgerActions) {
  const once = async (intent: TransactionIntent, onProgress: TransactListener): Promise<Receipt> => {
    onProgress('preparing');
    const prepared = expectData(await ledger.prepareTransaction(intent));
    const { sagaId, proposal, status } = prepared;
    onProgress('signing', sagaId);
    const { proposalSignature, statusSignature } = await client().call('signProposal', { intent, prepared });
    onProgress('endorsing', sagaId);
    const { transaction } = expectData(await ledger.endorseTransaction({ sagaId, proposal, proposalSignature }));
    const { transactionSignature } = await client().call('signTransaction', { sagaId, transaction });
    onProgress('recording', sagaId);
    return expectData(
      await ledger.submitTransaction({ sagaId, transaction, transactionSignature, status, statusSignature }),
    );
  };

  return {
    /**
     * Has an intent recorded: prepared by the server, checked byte by byte and signed in the worker, endorsed, checked
     * and signed again, submitted. Where another change came first, it is prepared and signed anew. Throws a
     * `VaultError`; with `PROPOSAL_MISMATCH`, `TRANSACTION_MISMATCH` or `STATUS_MISMATCH` nothing further was signed.
     */
    async transact(intent: TransactionIntent, onProgress: TransactListener = () => {}): Promise<Receipt> {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await once(intent, onProgress);
        } catch (error) {
          const conflict = error instanceof VaultError && error.code === 'LEDGER_CONFLICT';
          if (!conflict || attempt >= attempts) throw error;
        }
      }
    },

    /** Asks a ledger what only this person's key may ask. */
    async readAsPerson(intent: ReadIntent): Promise<Uint8Array> {
      const { proposal } = expectData(await ledger.prepareRead(intent));
      const { proposalSignature } = await client().call('signRead', { intent, proposal });
      return fromBase64Url(expectData(await ledger.evaluateRead({ proposal, proposalSignature })).result);
    },
  };
}

export const { transact, readAsPerson } = createTransact(vaultClient, actions);
