import { and, desc, eq, or, sql } from 'drizzle-orm';
import { prescriptionRecord } from '#chaincode/model/records.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { prescriptions } from '../gateways/db/schema/ledger.ts';
import { patientInReach } from '../people/patients.ts';
import type { Actor } from '../people/schema.ts';
import { readFromLedger } from './ledger.ts';
import { allowListing, maySee, type Scope } from './policy.ts';
import { project } from './readModel.ts';
import type { PrescriptionSummary } from './schema.ts';
import { summarise } from './summaries.ts';

const longestList = 200;

/**
 * Prescriptions of a patient (the patient's own; for a doctor those that the doctor wrote for a patient in reach), of an
 * author, or those that the actor's pharmacy holds, has dispensed on or is offered; newest first, from the read model.
 */
export async function listPrescriptions(
  actor: Actor,
  input: { scope: Scope; patientPersonId?: string },
  portal: Portal = thePortal(),
): Promise<PrescriptionSummary[]> {
  allowListing(actor, input.scope);
  const rows = await portal.db
    .select({ state: prescriptions.ledgerState })
    .from(prescriptions)
    .where(await condition(portal, actor, input))
    .orderBy(desc(prescriptions.authoredOn))
    .limit(longestList);
  const states = rows.map(({ state }) => prescriptionRecord.parse(state)).filter((state) => maySee(actor, state));
  return summarise(portal, states, actor.role !== 'patient');
}

async function condition(portal: Portal, actor: Actor, input: { scope: Scope; patientPersonId?: string }) {
  if (input.scope === 'author') return eq(prescriptions.author, actor.subjectId);
  if (input.scope === 'held') {
    const here = actor.institutionId ?? '';
    const dispensed = sql`${prescriptions.ledgerState} -> 'dispenses' @> ${JSON.stringify([{ institutionId: here }])}::jsonb`;
    const offered = sql`${prescriptions.ledgerState} -> 'transfer' ->> 'to' = ${here}`;
    return or(eq(prescriptions.holderInstitution, here), dispensed, offered);
  }
  if (actor.role === 'patient') return eq(prescriptions.patient, actor.subjectId);
  const personId = input.patientPersonId ?? '';
  const patient = personId === '' ? undefined : await patientInReach(portal, actor, { personId });
  if (patient === undefined) throw new AppError('FORBIDDEN', 'patient is out of reach');
  return and(eq(prescriptions.patient, patient.pseudonym), eq(prescriptions.author, actor.subjectId));
}

/**
 * One prescription as the ledger has it now; the read model answers while the ledger does not. What the actor may not see
 * is not found.
 */
export async function readPrescription(
  actor: Actor,
  id: string,
  portal: Portal = thePortal(),
): Promise<PrescriptionSummary> {
  const state = await currentState(portal, id, actor.mspId);
  if (!maySee(actor, state)) throw new AppError('NOT_FOUND', `${id} is not the actor's to see`);
  const [summary] = await summarise(portal, [state], actor.role !== 'patient');
  if (summary === undefined) throw new AppError('NOT_FOUND', id);
  return summary;
}

async function currentState(portal: Portal, id: string, mspId: string) {
  try {
    const state = await readFromLedger(portal.ledger, id, mspId);
    await project(portal.db, portal.ledger.careChannelOf(id), [state]);
    return state;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'LEDGER_UNAVAILABLE') throw error;
    const rows = await portal.db.select().from(prescriptions).where(eq(prescriptions.id, id));
    if (rows[0] === undefined) throw error;
    return prescriptionRecord.parse(rows[0].ledgerState);
  }
}

/**
 * Encrypted bytes of a document: for the author, the patient, and the pharmacy that holds the prescription or dispensed
 * on it. Somebody who only knows a CID is told that there is no such document.
 */
export async function readDocument(actor: Actor, cid: string, portal: Portal = thePortal()): Promise<Uint8Array> {
  const dispensed = sql`${prescriptions.ledgerState} -> 'dispenses' @> ${JSON.stringify([{ cid }])}::jsonb`;
  const rows = await portal.db
    .select({ state: prescriptions.ledgerState })
    .from(prescriptions)
    .where(or(sql`${prescriptions.ledgerState} ->> 'cid' = ${cid}`, dispensed));
  const visible = rows.some(({ state }) => maySee(actor, prescriptionRecord.parse(state)));
  if (!visible) throw new AppError('NOT_FOUND', 'no document that the actor may see');
  return portal.ipfs.read(cid);
}
