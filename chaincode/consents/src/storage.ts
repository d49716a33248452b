import type { Context } from 'fabric-contract-api';
import { newestFirst } from '../../ledger/order.ts';
import { announce, getRecord, putIndex, putRecord } from '../../ledger/store.ts';
import { careEvents } from '../../model/careEvents.ts';
import { type Consent, type ConsentRequest, consentRecord, consentRequest } from '../../model/consent.ts';
import { LedgerError } from '../../model/errors.ts';

/** Public: that there is a consent or a request. The terms are in the patient's folder. */
export const objectTypes = {
  consent: 'consent',
  consentRequest: 'consentRequest',
  /** patient, time from the newest, consent → consent */
  patientConsent: 'patientConsent',
  /** patient, time from the newest, request → request */
  patientRequest: 'patientRequest',
} as const;

export async function findConsent(ctx: Context, id: string): Promise<Consent | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.consent, [id]), consentRecord);
}

/** Throws NOT_FOUND. */
export async function getConsent(ctx: Context, id: string): Promise<Consent> {
  const consent = await findConsent(ctx, id);
  if (!consent) throw new LedgerError('NOT_FOUND', `there is no consent ${id}`);
  return consent;
}

/** Writes a consent and announces the change. */
export async function putConsent(ctx: Context, consent: Consent, change: string, at: Date): Promise<void> {
  const { id, patient, state, version } = consent;
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.consent, [id]), consent);
  if (version === 1) await putIndex(ctx, objectTypes.patientConsent, [patient, newestFirst(at), id], id);
  announce(ctx, careEvents.consents, { id, change, state, version, at: at.toISOString(), patient });
}

export async function findRequest(ctx: Context, id: string): Promise<ConsentRequest | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.consentRequest, [id]), consentRequest);
}

/** Throws NOT_FOUND. */
export async function getRequest(ctx: Context, id: string): Promise<ConsentRequest> {
  const request = await findRequest(ctx, id);
  if (!request) throw new LedgerError('NOT_FOUND', `there is no request ${id}`);
  return request;
}

export async function putRequest(ctx: Context, request: ConsentRequest): Promise<void> {
  const { id, patient, version, at } = request;
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.consentRequest, [id]), request);
  if (version === 1) await putIndex(ctx, objectTypes.patientRequest, [patient, newestFirst(new Date(at)), id], id);
}

export function announceRequest(
  ctx: Context,
  { id, patient, state, version }: ConsentRequest,
  change: string,
  at: Date,
) {
  announce(ctx, careEvents.consents, { id, change, state, version, at: at.toISOString(), patient });
}
