import { fromBase64Url, toBase64Url } from '#crypto/bytes.ts';
import { checkProposal } from '#crypto/fabric/proposal.ts';
import { checkStatusRequest } from '#crypto/fabric/status.ts';
import { checkTransaction } from '#crypto/fabric/transaction.ts';
import { assertByPin } from '#crypto/pin.ts';
import { importSigningKey, signMessage } from '#crypto/signingKey.ts';
import { AppError, type ErrorCode } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { evaluateRead, prepareRead } from '#server/transactions/reading.ts';
import {
  ledgerCall,
  type ReadIntent,
  type Receipt,
  secondFactorOf,
  type TransactionIntent,
  withSecondFactor,
} from '#server/transactions/schema.ts';
import { endorseTransaction, prepareTransaction, submitTransaction } from '#server/transactions/service.ts';
import type { Signer } from './accounts.ts';
import { demonstrationPin } from './people.ts';

const attempts = 5;

/** Another change came first, as the mirror of somebody's standing may; or a busy machine took too long to endorse. */
const passing: readonly string[] = ['LEDGER_CONFLICT', 'LEDGER_UNAVAILABLE'] satisfies ErrorCode[];

/**
 * Does what a person's page does: confirms by the signing PIN what the ledger wants confirmed, has the transaction prepared,
 * checks every byte, signs, and submits; anew where that may help.
 */
export async function transact(portal: Portal, person: Signer, wanted: TransactionIntent): Promise<Receipt> {
  const intent = await confirmed(portal, person, wanted);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(portal, person, intent);
    } catch (error) {
      const mayPass = error instanceof AppError && passing.includes(error.code);
      if (!mayPass || attempt >= attempts) throw error;
    }
  }
}

async function once(portal: Portal, person: Signer, intent: TransactionIntent): Promise<Receipt> {
  const { actor } = person;
  const { privateKey } = await importSigningKey(person.keys.signingKey);
  const sign = async (message: Uint8Array) => toBase64Url(await signMessage(privateKey, message));
  const prepared = await prepareTransaction(actor, intent, portal);
  const proposal = checkProposal(fromBase64Url(prepared.proposal), ledgerCall(intent), identityOf(person));
  const { sagaId, status } = prepared;
  const statusSignature = await sign(checkStatusRequest(fromBase64Url(status), proposal).message);
  const proposalSignature = await sign(proposal.message);
  const signedProposal = { sagaId, proposal: prepared.proposal, proposalSignature };
  const { transaction } = await endorseTransaction(actor, signedProposal, portal);
  const transactionSignature = await sign(checkTransaction(fromBase64Url(transaction), proposal).message);
  return submitTransaction(actor, { sagaId, transaction, transactionSignature, status, statusSignature }, portal);
}

/** Asks what only the person's own key may ask. */
export async function readAs(portal: Portal, person: Signer, intent: ReadIntent): Promise<Uint8Array> {
  const { privateKey } = await importSigningKey(person.keys.signingKey);
  const { proposal } = await prepareRead(person.actor, intent, portal);
  const checked = checkProposal(fromBase64Url(proposal), ledgerCall(intent), identityOf(person));
  const proposalSignature = toBase64Url(await signMessage(privateKey, checked.message));
  const { result } = await evaluateRead(person.actor, { proposal, proposalSignature }, portal);
  return fromBase64Url(result);
}

async function confirmed(portal: Portal, { keys }: Signer, intent: TransactionIntent): Promise<TransactionIntent> {
  if (secondFactorOf(intent) !== 'always' || keys.pin === undefined) return intent;
  const { origin } = new URL(portal.settings.url);
  return withSecondFactor(intent, await assertByPin(keys.pin, demonstrationPin, ledgerCall(intent), origin));
}

function identityOf({ actor, certificatePem }: Signer): { mspId: string; certificatePem: string } {
  return { mspId: actor.mspId, certificatePem };
}
