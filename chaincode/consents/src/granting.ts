import type { Context } from 'fabric-contract-api';
import { readerOf } from '../../care/actor.ts';
import { parseCareId, requireChannel } from '../../care/channel.ts';
import { Folder, folderTypes } from '../../care/folder.ts';
import { requireOwner } from '../../care/owner.ts';
import { parseJson } from '../../ledger/arguments.ts';
import { requireSecondFactor } from '../../ledger/secondFactor.ts';
import { transientJson } from '../../ledger/transient.ts';
import {
  type ConsentTerms,
  concerns,
  consentId,
  consentTerms,
  consentTransientField,
  hasEnded,
  mostConsents,
  newConsent,
  requestId,
} from '../../model/consent.ts';
import { LedgerError } from '../../model/errors.ts';
import { type NewEpochs, recordTransientField } from '../../model/healthRecord.ts';
import { standingOf } from '../../people/callers.ts';
import { beginEpochs, presentedEpochs } from '../../records/src/epochs.ts';
import { currentEpoch } from '../../records/src/storage.ts';
import { keepWraps } from '../../records/src/wraps.ts';
import { type ConsentInForce, keepConsents, readConsents } from './inForce.ts';
import { findConsent, getConsent, getRequest, putConsent, putRequest } from './storage.ts';
import * as transitions from './transitions.ts';

const nothingNew: NewEpochs = { epochs: [], wraps: [] };

/** Whether the transaction brings epochs or wraps at all. */
function bringsKeys(ctx: Context): boolean {
  return (ctx.stub.getTransient().get(recordTransientField)?.length ?? 0) > 0;
}

/**
 * Records what the patient allows or forbids, with the seeds of present epochs for whom it allows. How many documents there
 * are does not matter: their keys are under the categories'.
 */
export async function grant(ctx: Context, at: Date, json: string): Promise<void> {
  const { id, patient, answers } = parseJson(newConsent, json, 'consent');
  for (const named of [id, patient]) requireChannel(ctx, named);
  const owner = await requireOwner(ctx, patient, at);
  const terms = transientJson(ctx, consentTransientField, consentTerms);
  if (terms.decision === 'permit') requireSecondFactor(ctx, owner.person.credentials);
  if (await findConsent(ctx, id)) throw new LedgerError('ALREADY_EXISTS', `${id} exists already`);
  if (hasEnded(terms, at)) throw new LedgerError('INVALID_ARGUMENT', 'until: has passed');
  const folder = await Folder.of(ctx, patient);
  const before = (await readConsents(folder)).filter((consent) => !hasEnded(consent.terms, at));
  if (before.length >= mostConsents) throw new LedgerError('WRONG_STATE', `${mostConsents} consents are in force`);
  const consents: ConsentInForce[] = [...before, { id, state: 'active', terms }];
  const { epochs, wraps } = bringsKeys(ctx) ? presentedEpochs(ctx) : nothingNew;
  if (epochs.length > 0) throw new LedgerError('INVALID_ARGUMENT', 'epochs: none here');
  requireOfGrantee(wraps, terms);
  await keepWraps(ctx, folder, wraps, { owner, consents, at });
  if (answers) await answerRequest(ctx, answers, patient, terms);
  await keepConsents(folder, consents, at);
  await folder.put(folderTypes.terms, [id], terms);
  const by = owner.person.pseudonym;
  const consent = { id, patient, state: 'active' as const, by, answers, since: at.toISOString(), version: 1 };
  await putConsent(ctx, consent, 'consents:grant', at);
}

/** Seeds go to the person, or to the institution, whose staff share its key; the grantee’s id names it in each case. */
function requireOfGrantee(wraps: NewEpochs['wraps'], { decision, grantee, categories }: ConsentTerms): void {
  if (decision === 'deny' && wraps.length > 0) throw new LedgerError('INVALID_ARGUMENT', 'wraps: none for a denial');
  for (const { category, reader } of wraps) {
    if (reader === grantee.id && categories.includes(category)) continue;
    throw new LedgerError('INVALID_ARGUMENT', 'wraps: of another reader or category than is granted');
  }
}

async function answerRequest(ctx: Context, id: string, patient: string, terms: ConsentTerms): Promise<void> {
  const request = await getRequest(ctx, parseCareId(ctx, requestId, id, 'answers'));
  if (request.patient !== patient) throw new LedgerError('NOT_AUTHORISED', `${id} is to another patient`);
  const { practitioner } = await standingOf(ctx, request.requester);
  if (terms.decision !== 'permit' || !concerns(terms, readerOf(practitioner))) {
    throw new LedgerError('INVALID_ARGUMENT', 'answers: a request of somebody whom it does not permit');
  }
  await putRequest(ctx, transitions.answer(request, 'grant'));
}

/**
 * Ends a consent at once. With it come the next epochs of every category that it permitted, for those who remain: what is
 * written from then on, the former reader has no key to.
 */
export async function revoke(ctx: Context, at: Date, id: string): Promise<void> {
  const consent = await getConsent(ctx, parseCareId(ctx, consentId, id, 'id'));
  const owner = await requireOwner(ctx, consent.patient, at);
  const revoked = transitions.revoke(consent, owner.person.pseudonym, at);
  const folder = await Folder.of(ctx, consent.patient);
  const terms = await folder.get(folderTypes.terms, [id], consentTerms);
  if (!terms) throw new LedgerError('NOT_FOUND', `the terms of ${id} are not kept here`);
  const consents = (await readConsents(folder)).filter((kept) => kept.id !== id);
  const brought = bringsKeys(ctx) ? presentedEpochs(ctx) : nothingNew;
  await requireRenewed(folder, brought, terms);
  const begun = await beginEpochs(ctx, folder, owner, brought, at);
  await keepWraps(ctx, folder, brought.wraps, { owner, consents, begun, at });
  await keepConsents(folder, consents, at);
  await putConsent(ctx, revoked, 'consents:revoke', at);
}

async function requireRenewed(folder: Folder, { epochs }: NewEpochs, { decision, categories }: ConsentTerms) {
  if (decision === 'deny') return;
  for (const category of categories) {
    if (epochs.some((next) => next.category === category)) continue;
    if (await currentEpoch(folder, category)) {
      throw new LedgerError('INVALID_ARGUMENT', 'epochs: the next one of every category that was permitted');
    }
  }
}
