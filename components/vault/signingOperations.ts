import { fromBase64Url, toBase64Url } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { checkProposal } from '#crypto/fabric/proposal.ts';
import { checkStatusRequest } from '#crypto/fabric/status.ts';
import { checkTransaction } from '#crypto/fabric/transaction.ts';
import { signMessage } from '#crypto/signingKey.ts';
import {
  ledgerCall,
  type PreparedTransaction,
  type ReadIntent,
  type TransactionIntent,
} from '#server/transactions/schema.ts';
import { VaultError } from './errors.ts';
import type { OpenState } from './openVault.ts';

/** Signs for the ledgers, and only what is the person's own intent: there is no way to have any other bytes signed. */
export function signingOperations(opened: () => OpenState) {
  const sign = async (state: OpenState, message: Uint8Array) =>
    toBase64Url(await signMessage(state.signing.privateKey, message));

  return {
    /** Checks the prepared proposal against the intent and signs it, together with the question for its outcome. */
    async signProposal(input: {
      intent: TransactionIntent;
      prepared: PreparedTransaction;
    }): Promise<{ proposalSignature: string; statusSignature: string }> {
      const state = opened();
      const { intent, prepared } = input;
      const proposal = checkProposal(fromBase64Url(prepared.proposal), ledgerCall(intent), state.owner);
      if (proposal.transactionId !== prepared.transactionId) {
        throw new CryptoError('PROPOSAL_MISMATCH', 'transaction id');
      }
      const status = checkStatusRequest(fromBase64Url(prepared.status), proposal);
      const [proposalSignature, statusSignature] = await Promise.all([
        sign(state, proposal.message),
        sign(state, status.message),
      ]);
      state.proposals.set(prepared.sagaId, proposal);
      return { proposalSignature, statusSignature };
    },

    /** Checks that the endorsed transaction answers the signed proposal and signs it. */
    async signTransaction(input: { sagaId: string; transaction: string }): Promise<{ transactionSignature: string }> {
      const state = opened();
      const proposal = state.proposals.get(input.sagaId);
      if (proposal === undefined) throw new VaultError('TRANSACTION_MISMATCH', 'There is no signed proposal for it.');
      const { message } = checkTransaction(fromBase64Url(input.transaction), proposal);
      state.proposals.delete(input.sagaId);
      return { transactionSignature: await sign(state, message) };
    },

    /** Checks the prepared reading against the intent and signs it. */
    async signRead(input: { intent: ReadIntent; proposal: string }): Promise<{ proposalSignature: string }> {
      const state = opened();
      const { message } = checkProposal(fromBase64Url(input.proposal), ledgerCall(input.intent), state.owner);
      return { proposalSignature: await sign(state, message) };
    },
  };
}
