import { writeDispenseReceipt } from '#crypto/dispenseReceipt.ts';
import { writeReceipt } from '#crypto/receipt.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { readFromLedger } from './ledger.ts';
import { mayHaveDispenseReceipt, mayHaveReceipt } from './policy.ts';
import type { DispenseOf } from './schema.ts';

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

/**
 * The receipt of one dispense, whatever became of the prescription since, as the text of its file (`crypto/dispenseReceipt.ts`): for the
 * patient, the author and the pharmacy that handed it out, which shows it to an insurer. Throws NOT_FOUND also for everybody else, RATE_LIMITED,
 * LEDGER_UNAVAILABLE, CONNECTOR_UNAVAILABLE.
 */
export async function readDispenseReceipt(
  actor: Actor,
  { id, dispenseId }: DispenseOf,
  portal: Portal = thePortal(),
): Promise<string> {
  await countAttempt(portal.db, `receipt:${actor.personId}`, receipts);
  const prescription = await readFromLedger(portal.ledger, id, actor.mspId);
  if (!mayHaveDispenseReceipt(actor, prescription, dispenseId))
    throw new AppError('NOT_FOUND', `${dispenseId} of ${id} is not the actor's to have`);
  const receipt = await portal.connector.dispenseReceipt(id, dispenseId);
  if (receipt.record.id !== id || receipt.record.dispense.id !== dispenseId)
    throw new AppError('CONNECTOR_REFUSED', 'a receipt of another dispense');
  return writeDispenseReceipt(receipt);
}
