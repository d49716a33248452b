import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { parsePseudonym, requireChannel } from '../../care/channel.ts';
import { markStale } from '../../care/circles.ts';
import { isRegistrar, requireAuthority, requireHospitalAdmin } from '../../care/officers.ts';
import { isPatientMember, requirePatient } from '../../care/owner.ts';
import { claimKeys, findKeyOwner, getPatient, putPatient, requirePatientActive } from '../../care/people.ts';
import { findReenrolment, getReenrolment, putReenrolment } from '../../care/reenrolments.ts';
import { parseJson, parseReason } from '../../ledger/arguments.ts';
import { LedgerError } from '../../model/errors.ts';
import { patientPseudonym } from '../../model/identifiers.ts';
import type { Reenrolment } from '../../model/patient.ts';
import * as course from '../../model/reenrolment.ts';
import { patientMsp, regulatorMsp } from '../../model/registry.ts';
import { newKeys } from '../../model/shapes/keys.ts';

/** New keys for a patient who has lost the old ones: one organisation proposes, another approves, and the patient may object. */

/** Those that register patients propose; those that know them otherwise, or watch over all, approve. */
const proposers = [patientMsp, 'HospitalMSP'];
const approvers = ['PharmacyMSP', regulatorMsp];

const proposal = z.strictObject({ subject: patientPseudonym, keys: newKeys });

export async function propose(ctx: Context, at: Date, json: string): Promise<void> {
  const { subject, keys } = parseJson(proposal, json, 'reenrolment');
  requireChannel(ctx, subject);
  const proposedFor = ctx.clientIdentity.getMSPID();
  const proposedBy = isRegistrar(ctx, proposers)
    ? `registrar:${proposedFor}`
    : (await requireHospitalAdmin(ctx, at)).practitioner.id;
  requirePatientActive(await getPatient(ctx, subject));
  if (await findKeyOwner(ctx, keys.signingKeyHash)) {
    throw new LedgerError('KEY_EXISTS', 'this signing key is or was in use');
  }
  const before = await findReenrolment(ctx, subject);
  const proposed = course.propose(before, { subject, keys, proposedBy, proposedFor }, at);
  await putReenrolment(ctx, proposed, 'patients:proposeReenrolment', at);
}

export async function approve(ctx: Context, at: Date, subject: string): Promise<void> {
  const id = parsePseudonym(ctx, subject);
  if (!isRegistrar(ctx, approvers)) await requireAuthority(ctx, at);
  const approved = course.approve(await getReenrolment(ctx, id), ctx.clientIdentity.getMSPID(), at);
  await putReenrolment(ctx, approved, 'patients:approveReenrolment', at);
}

export async function refuse(ctx: Context, at: Date, subject: string, reason: string): Promise<void> {
  const id = parsePseudonym(ctx, subject);
  const words = parseReason(reason);
  const open = await getReenrolment(ctx, id);
  await requireParty(ctx, open, at);
  const refused = course.refuse(open, words);
  await putReenrolment(ctx, refused, 'patients:refuseReenrolment', at);
}

/** The patient by the present key, who thereby shows that it is not lost; who proposed; or who approves. */
async function requireParty(ctx: Context, { subject, proposedFor }: Reenrolment, at: Date): Promise<void> {
  if (isRegistrar(ctx, [proposedFor, ...approvers])) return;
  if (isPatientMember(ctx)) {
    await requirePatient(ctx, subject);
  } else if (ctx.clientIdentity.getMSPID() === proposedFor) {
    await requireHospitalAdmin(ctx, at);
  } else {
    await requireAuthority(ctx, at);
  }
}

/** The new keys count; second factors go, since they were lost with the old keys or are added anew. */
export async function complete(ctx: Context, at: Date, subject: string): Promise<void> {
  const id = parsePseudonym(ctx, subject);
  if (!isRegistrar(ctx, [...proposers, ...approvers])) {
    throw new LedgerError('NOT_AUTHORISED', 'only a registrar may do this');
  }
  const completed = course.complete(await getReenrolment(ctx, id), at);
  const { credentials: _lost, ...patient } = await getPatient(ctx, id);
  requirePatientActive(patient);
  await claimKeys(ctx, id, completed.keys);
  const change = 'patients:completeReenrolment';
  await putPatient(ctx, { ...patient, keys: completed.keys, version: patient.version + 1 }, change, at);
  // A transaction carries one event, the last one: the re-enrolment's.
  await putReenrolment(ctx, completed, change, at, await markStale(ctx, id, id, at));
}

export async function readReenrolment(ctx: Context, subject: string): Promise<Reenrolment> {
  return getReenrolment(ctx, parsePseudonym(ctx, subject));
}
