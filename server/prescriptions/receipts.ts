import { writeReceipt } from '#crypto/receipt.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { readFromLedger } from './ledger.ts';
import { mayHaveReceipt } from './policy.ts';

/** Each asks all notaries, and each of them its peer. */
const receipts = { max: 60, windowSeconds: 60 };

/**
 * The receipt of a prescription that is over, signed by the notaries, as the text of its file (`crypto/receipt.ts`): for the patient,
 * the author and a pharmacy that dispensed. Throws NOT_FOUND also for everybody else, WRONG_STATE, RATE_LIMITED, LEDGER_UNAVAILABLE,
 * CONNECTOR_UNAVAILABLE.
 */
export async function readReceipt(actor: Actor, id: string, portal: Portal = thePortal()): Promise<string> {
  await countAttempt(portal.db, `receipt:${actor.personId}`, receipts);
  const prescription = await readFromLedger(portal.ledger, id, actor.mspId);
  if (!mayHaveReceipt(actor, prescription)) throw new AppError('NOT_FOUND', `${id} is not the actor's to have`);
  const receipt = await portal.connector.receipt(id);
  if (receipt.record.id !== id) throw new AppError('CONNECTOR_REFUSED', 'a receipt of another prescription');
  return writeReceipt(receipt);
}
