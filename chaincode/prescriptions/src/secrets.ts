import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'fabric-contract-api';
import type { z } from 'zod';
import { parseValue } from '../../ledger/arguments.ts';
import { decodeRecord } from '../../ledger/store.ts';
import { transientField, transientJson } from '../../ledger/transient.ts';
import { LedgerError } from '../../model/errors.ts';
import {
  type Prescription,
  type Release,
  redeemTransientField,
  secretsCollection,
  secretsTransientField,
} from '../../model/prescription.ts';
import {
  longestTransferWrap,
  pickupTransientField,
  type TransferKeys,
  transferTransientField,
  transferWrap,
} from '../../model/prescriptionTerms.ts';
import { issuedSecrets, renewedSecrets, storedRelease, storedWraps } from '../../model/records.ts';
import { stateBytes } from '../../model/state.ts';

/**
 * The secrets of a prescription. They enter as transient data, lie in the private data collection and leave only by an
 * evaluated read; no write reads them, so that a peer without the collection can endorse what comes after issuing.
 */

const wrapsKey = (id: string) => `wraps:${id}`;
/** Only the patient's wrap changes with a new access code; apart from the others, so that no write needs to read them. */
const renewedWrapKey = (id: string) => `wraps:${id}:patient`;
const releaseKey = (id: string) => `release:${id}`;
const transferKey = (id: string, to: string) => `transfer:${id}:${to}`;

function transientSecrets<T>(ctx: Context, schema: z.ZodType<T>): T {
  return transientJson(ctx, secretsTransientField, schema);
}

/** Keeps what `issue` brings: the wraps for patient and author, and the release. */
export async function keepIssuedSecrets(ctx: Context, id: string): Promise<void> {
  const { patientWrap, authorWrap, codeWrap, releaseShare } = transientSecrets(ctx, issuedSecrets);
  await ctx.stub.putPrivateData(secretsCollection, wrapsKey(id), stateBytes({ patientWrap, authorWrap }));
  await ctx.stub.putPrivateData(secretsCollection, releaseKey(id), stateBytes({ codeWrap, releaseShare }));
}

/** Keeps the release and the patient's wrap that go with a new access code. */
export async function keepRenewedSecrets(ctx: Context, id: string): Promise<void> {
  const { patientWrap, codeWrap, releaseShare } = transientSecrets(ctx, renewedSecrets);
  await ctx.stub.putPrivateData(secretsCollection, releaseKey(id), stateBytes({ codeWrap, releaseShare }));
  if (patientWrap === undefined) return;
  await ctx.stub.putPrivateData(secretsCollection, renewedWrapKey(id), Buffer.from(patientWrap));
}

/** Purges the release from every peer; the wraps for patient and author stay. */
export async function purgeRelease(ctx: Context, id: string): Promise<void> {
  await ctx.stub.purgePrivateData(secretsCollection, releaseKey(id));
}

/** Keeps what the holder wrapped for another pharmacy. */
export async function keepTransfer(ctx: Context, id: string, to: string): Promise<void> {
  const wrap = parseValue(
    transferWrap,
    transientField(ctx, transferTransientField, longestTransferWrap).toString('utf8'),
    'transferWrap',
  );
  await ctx.stub.putPrivateData(secretsCollection, transferKey(id, to), Buffer.from(wrap));
}

/** What was wrapped for a pharmacy. Throws NOT_FOUND where it is purged or not kept at this peer. */
export async function readStoredTransfer(ctx: Context, id: string, to: string): Promise<TransferKeys> {
  return { wrap: Buffer.from(await privateBytes(ctx, transferKey(id, to))).toString('utf8') };
}

/**
 * Purges what a change has made worthless: the release of a prescription that has ended, and what was wrapped for a pharmacy
 * that neither is offered it any more nor holds it by a transfer.
 */
export async function purgeEnded(ctx: Context, before: Prescription, next: Prescription): Promise<void> {
  if (next.state === 'completed' || next.state === 'cancelled') await purgeRelease(ctx, next.id);
  const readers = transferReaders(next);
  for (const reader of transferReaders(before)) {
    if (!readers.includes(reader)) await ctx.stub.purgePrivateData(secretsCollection, transferKey(before.id, reader));
  }
}

/** Pharmacies that read a prescription by a transfer. */
export const transferReaders = ({ transfer, holder }: Prescription): string[] => [
  ...(transfer ? [transfer.to] : []),
  ...(holder?.from ? [holder.institutionId] : []),
];

/** Hex SHA-256 of the pickup's key; undefined where there is none. Throws INVALID_ARGUMENT unless it has 32 bytes. */
export function presentedPickupHash(ctx: Context): string | undefined {
  if (!ctx.stub.getTransient().get(pickupTransientField)?.length) return undefined;
  return hashOfKey(ctx, pickupTransientField);
}

/** Hex SHA-256 of the redeeming key that `accept` brings. Throws INVALID_ARGUMENT unless it has 32 bytes. */
export function presentedRedeemHash(ctx: Context): string {
  return hashOfKey(ctx, redeemTransientField);
}

function hashOfKey(ctx: Context, field: string): string {
  const key = transientField(ctx, field, 32);
  if (key.length !== 32) throw new LedgerError('INVALID_ARGUMENT', `transient field ${field}: 32 bytes`);
  return createHash('sha256').update(key).digest('hex');
}

export function sameHash(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
}

/** The data key's wraps for patient (the newest) and author. Throws NOT_FOUND where this peer does not have them. */
export async function readStoredWraps(ctx: Context, prescription: Prescription) {
  const wraps = decodeRecord(storedWraps, await privateBytes(ctx, wrapsKey(prescription.id)));
  const renewed = await ctx.stub.getPrivateData(secretsCollection, renewedWrapKey(prescription.id));
  return renewed.length === 0 ? wraps : { ...wraps, patientWrap: Buffer.from(renewed).toString('utf8') };
}

/** What the holder needs to decrypt with the access code. Throws NOT_FOUND where it is purged. */
export async function readStoredRelease(ctx: Context, prescription: Prescription): Promise<Release> {
  return decodeRecord(storedRelease, await privateBytes(ctx, releaseKey(prescription.id)));
}

async function privateBytes(ctx: Context, key: string): Promise<Uint8Array> {
  const bytes = await ctx.stub.getPrivateData(secretsCollection, key);
  if (bytes.length === 0) throw new LedgerError('NOT_FOUND', 'the secret is not kept here or was purged');
  return bytes;
}
