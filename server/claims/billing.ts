import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { prescriptionRecord } from '#chaincode/model/records.ts';
import { sealedNote } from '#crypto/claim/billingNote.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { billingNotes } from '../gateways/db/schema/claims.ts';
import { prescriptions } from '../gateways/db/schema/ledger.ts';
import type { Actor } from '../people/schema.ts';
import { readFromLedger } from '../prescriptions/ledger.ts';
import { allowProvider } from './policy.ts';
import type { BillingNoteView, keepNote, someDispense } from './schema.ts';

/** What pharmacies keep of hand-overs until they have billed them. The portal cannot read it. */

const mostListed = 200;
/** Nothing is claimed later than that: the longest time that a plan may give (`planTerms.filingDays`). */
const longestDays = 730;

/** Keeps a note; one that is there already stays. Throws FORBIDDEN, NOT_FOUND for a prescription that is another's. */
export async function keepBillingNote(
  actor: Actor,
  { prescription: id, note }: z.output<typeof keepNote>,
  portal: Portal = thePortal(),
): Promise<{ dispense: string }> {
  const institution = allowProvider(actor);
  if (note.institution !== institution) throw new AppError('NOT_FOUND', `the note is of ${note.institution}`);
  const { holder, dispenses } = await readFromLedger(portal.ledger, id, actor.mspId);
  const isOwn =
    holder?.institutionId === institution ||
    dispenses.some(({ id: of, institutionId }) => of === note.dispense && institutionId === institution);
  if (!isOwn) throw new AppError('NOT_FOUND', `${id} is not ${institution}'s`);
  await portal.db
    .delete(billingNotes)
    .where(lt(billingNotes.createdAt, sql`now() - ${longestDays} * interval '1 day'`));
  await portal.db
    .insert(billingNotes)
    .values({ dispense: note.dispense, prescription: id, institution, note })
    .onConflictDoNothing();
  return { dispense: note.dispense };
}

/** Hand-overs of the actor's pharmacy that the ledger has and that it has not billed, newest first. Throws FORBIDDEN. */
export async function listBillingNotes(actor: Actor, portal: Portal = thePortal()): Promise<BillingNoteView[]> {
  const own = eq(billingNotes.institution, allowProvider(actor));
  // A hand-over that was given up left a note and no dispense.
  const isRecorded = sql`${prescriptions.ledgerState} -> 'dispenses' @> jsonb_build_array(jsonb_build_object('id', ${billingNotes.dispense}))`;
  const rows = await portal.db
    .select({ note: billingNotes.note, state: prescriptions.ledgerState, dispense: billingNotes.dispense })
    .from(billingNotes)
    .innerJoin(prescriptions, eq(prescriptions.id, billingNotes.prescription))
    .where(and(own, isRecorded))
    .orderBy(desc(billingNotes.createdAt))
    .limit(mostListed);
  return rows.flatMap(({ note, state, dispense }) => {
    const { id, dispenses } = prescriptionRecord.parse(state);
    const recorded = dispenses.find((each) => each.id === dispense);
    if (recorded === undefined) return [];
    return [{ note: sealedNote.parse(note), prescription: id, servedAt: recorded.at, quantity: recorded.quantity }];
  });
}

/** Forgets a note, once it is billed or will never be. Throws FORBIDDEN. */
export async function dropBillingNote(
  actor: Actor,
  { dispense }: z.output<typeof someDispense>,
  portal: Portal = thePortal(),
): Promise<{ dispense: string }> {
  const own = eq(billingNotes.institution, allowProvider(actor));
  await portal.db.delete(billingNotes).where(and(own, eq(billingNotes.dispense, dispense)));
  return { dispense };
}
