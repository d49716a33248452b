import type { Context } from 'fabric-contract-api';
import { clinicians } from '../../care/actor.ts';
import { parseCareId, requireChannel } from '../../care/channel.ts';
import { Folder, folderTypes } from '../../care/folder.ts';
import { requireOwner } from '../../care/owner.ts';
import { getPatient, requirePatientActive } from '../../care/people.ts';
import { parseJson } from '../../ledger/arguments.ts';
import { transientJson } from '../../ledger/transient.ts';
import {
  type ConsentRequest,
  consentTransientField,
  newConsentRequest,
  requestId,
  requestTerms,
} from '../../model/consent.ts';
import { LedgerError } from '../../model/errors.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { announceRequest, findRequest, getRequest, putRequest } from './storage.ts';
import * as transitions from './transitions.ts';

/** A clinician asks a patient for a consent. What for lies in private data; that somebody asks, the channel knows. */
export async function request(ctx: Context, at: Date, json: string): Promise<void> {
  const { id, patient } = parseJson(newConsentRequest, json, 'request');
  for (const named of [id, patient]) requireChannel(ctx, named);
  const { practitioner } = await requirePractitioner(ctx, clinicians, at);
  const terms = transientJson(ctx, consentTransientField, requestTerms);
  requirePatientActive(await getPatient(ctx, patient));
  if (await findRequest(ctx, id)) throw new LedgerError('ALREADY_EXISTS', `${id} exists already`);
  const folder = await Folder.of(ctx, patient);
  await folder.put(folderTypes.terms, [id], terms);
  const asked: ConsentRequest = {
    id,
    patient,
    requester: practitioner.id,
    institution: practitioner.institutionId,
    state: 'open',
    at: at.toISOString(),
    version: 1,
  };
  await putRequest(ctx, asked);
  announceRequest(ctx, asked, 'consents:request', at);
}

export async function decline(ctx: Context, at: Date, id: string): Promise<void> {
  const asked = await getRequest(ctx, parseCareId(ctx, requestId, id, 'id'));
  await requireOwner(ctx, asked.patient, at);
  const declined = transitions.answer(asked, 'decline');
  await putRequest(ctx, declined);
  announceRequest(ctx, declined, 'consents:decline', at);
}

export async function withdraw(ctx: Context, at: Date, id: string): Promise<void> {
  const asked = await getRequest(ctx, parseCareId(ctx, requestId, id, 'id'));
  const { practitioner } = await requirePractitioner(ctx, clinicians, at);
  if (practitioner.id !== asked.requester) throw new LedgerError('NOT_AUTHORISED', `${id} is of another clinician`);
  const withdrawn = transitions.answer(asked, 'withdraw');
  await putRequest(ctx, withdrawn);
  announceRequest(ctx, withdrawn, 'consents:withdraw', at);
}
