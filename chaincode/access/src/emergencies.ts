import type { Context } from 'fabric-contract-api';
import { parseCareId, requireChannel } from '../../care/channel.ts';
import { getPatient } from '../../care/people.ts';
import { parseJson, parseReason } from '../../ledger/arguments.ts';
import { requireSecondFactor } from '../../ledger/secondFactor.ts';
import { emergencyId, emergencyReview, newEmergency } from '../../model/access.ts';
import { LedgerError } from '../../model/errors.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { findEmergency, getEmergency, newestEmergency, putEmergency } from './storage.ts';
import * as transitions from './transitions.ts';

/** Break-glass: reading without a consent, in sight of everybody who answers for it. */

/** A doctor states an emergency, one at a time with a patient: it opens the summary. */
export async function open(ctx: Context, at: Date, json: string): Promise<void> {
  const { id, patient, reason } = parseJson(newEmergency, json, 'emergency');
  for (const named of [id, patient]) requireChannel(ctx, named);
  const words = parseReason(reason);
  const { practitioner } = await requirePractitioner(ctx, 'doctor', at);
  requireSecondFactor(ctx, practitioner.credentials);
  await getPatient(ctx, patient);
  if (await findEmergency(ctx, id)) throw new LedgerError('ALREADY_EXISTS', `${id} exists already`);
  const before = await newestEmergency(ctx, patient, practitioner.id);
  if (before && transitions.isOpen(before, at)) throw new LedgerError('ALREADY_EXISTS', `${before.id} is open`);
  const who = { actor: practitioner.id, institution: practitioner.institutionId };
  await putEmergency(ctx, transitions.open({ id, patient, ...who, reason: words }, at), 'access:openEmergency', at);
}

/** Another doctor of the institution opens the whole record to the first. */
export async function confirm(ctx: Context, at: Date, id: string): Promise<void> {
  const emergency = await getEmergency(ctx, parseCareId(ctx, emergencyId, id, 'id'));
  const { practitioner } = await requirePractitioner(ctx, 'doctor', at);
  if (practitioner.institutionId !== emergency.institution || practitioner.id === emergency.actor) {
    throw new LedgerError('NOT_AUTHORISED', 'another doctor of the same institution confirms');
  }
  requireSecondFactor(ctx, practitioner.credentials);
  await putEmergency(ctx, transitions.confirm(emergency, practitioner.id, at), 'access:confirmEmergency', at);
}

/** A regulator, or an admin of the institution, says whether it was justified. */
export async function review(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const emergency = await getEmergency(ctx, parseCareId(ctx, emergencyId, id, 'id'));
  const said = parseJson(emergencyReview, json, 'review');
  const { practitioner } = await requirePractitioner(ctx, ['regulator', 'admin'], at);
  if (practitioner.role === 'admin' && practitioner.institutionId !== emergency.institution) {
    throw new LedgerError('NOT_AUTHORISED', `${id} is of another institution`);
  }
  const note = parseReason(said.note);
  const reviewed = transitions.review(emergency, practitioner.id, { ...said, note }, at);
  await putEmergency(ctx, reviewed, 'access:reviewEmergency', at);
}
