import type { Context } from 'fabric-contract-api';
import { announce, decodeRecord, getRecord, putIndex, putRecord } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import {
  type Prescription,
  type PrescriptionChanged,
  type PrescriptionHistoryEntry,
  prescriptionEvent,
} from '../../model/prescription.ts';
import { prescriptionRecord } from '../../model/records.ts';
import { actingDevice } from '../../people/delegates.ts';
import { purgeEnded } from './secrets.ts';

/** Keys: one prescription a key; every index entry is a key of its own, so that nothing unrelated conflicts. */
export const objectTypes = {
  prescription: 'prescription',
  /** patient → prescription */
  patientPrescription: 'patientPrescription',
  /** hash of a redeeming key → prescription; never removed, so that a replaced code is known as void. */
  redeemHash: 'redeemHash',
  /** dispense → prescription */
  dispense: 'dispense',
  /** series, part → prescription */
  seriesPart: 'seriesPart',
  /** pharmacy → prescription that is offered to it; only while it is. */
  offeredPrescription: 'offeredPrescription',
  /** series → whose it is, and of how many parts */
  series: 'series',
} as const;

function prescriptionKey(ctx: Context, id: string): string {
  return ctx.stub.createCompositeKey(objectTypes.prescription, [id]);
}

export async function findPrescription(ctx: Context, id: string): Promise<Prescription | undefined> {
  return getRecord(ctx, prescriptionKey(ctx, id), prescriptionRecord);
}

/** Throws NOT_FOUND. */
export async function getPrescription(ctx: Context, id: string): Promise<Prescription> {
  const prescription = await findPrescription(ctx, id);
  if (!prescription) throw new LedgerError('NOT_FOUND', `there is no prescription ${id}`);
  return prescription;
}

/**
 * Writes a prescription, with the device that signed this version for a practitioner. Whoever decides about a controlled
 * medicine signs with an own key: NOT_AUTHORISED.
 */
async function writePrescription(ctx: Context, prescription: Prescription): Promise<void> {
  const via = actingDevice(ctx);
  if (via && prescription.controlled) {
    throw new LedgerError('NOT_AUTHORISED', 'what concerns a controlled medicine is never delegated');
  }
  await putRecord(ctx, prescriptionKey(ctx, prescription.id), { ...prescription, via });
}

/** Writes a new prescription, and what it replaces, and announces it with the request that it answers. */
export async function putIssued(
  ctx: Context,
  prescription: Prescription,
  replaced: Prescription | undefined,
  at: Date,
): Promise<void> {
  await writePrescription(ctx, prescription);
  if (replaced) {
    await writePrescription(ctx, replaced);
    await purgeEnded(ctx, replaced, replaced);
  }
  announceChange(ctx, prescription, 'issue', at, { replaced: replaced?.id, renewal: prescription.renews?.id });
}

/** Writes the next version of a prescription, purges what nobody may read after it, and announces the change. */
export async function changePrescription(
  ctx: Context,
  before: Prescription,
  next: Prescription,
  change: string,
  at: Date,
): Promise<void> {
  await writePrescription(ctx, next);
  await indexOffer(ctx, before, next);
  await purgeEnded(ctx, before, next);
  announceChange(ctx, next, change, at);
}

/** So a pharmacy finds what is offered to it, although it never saw it before. */
async function indexOffer(ctx: Context, { id, transfer: before }: Prescription, next: Prescription): Promise<void> {
  if (before?.to === next.transfer?.to) return;
  const { offeredPrescription } = objectTypes;
  if (before) await ctx.stub.deleteState(ctx.stub.createCompositeKey(offeredPrescription, [before.to, id]));
  if (next.transfer) await putIndex(ctx, offeredPrescription, [next.transfer.to, id], id);
}

function announceChange(
  ctx: Context,
  { id, state, version }: Prescription,
  change: string,
  at: Date,
  also: Pick<PrescriptionChanged, 'replaced' | 'renewal'> = {},
): void {
  const changed: PrescriptionChanged = { id, change, state, version, at: at.toISOString(), ...also };
  announce(ctx, prescriptionEvent, changed);
}

/** All committed versions of a prescription, oldest first. */
export async function readVersions(ctx: Context, id: string): Promise<PrescriptionHistoryEntry[]> {
  const iterator = await ctx.stub.getHistoryForKey(prescriptionKey(ctx, id));
  const entries: PrescriptionHistoryEntry[] = [];
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    const { txId, timestamp, value, isDelete } = next.value;
    if (isDelete) continue;
    const at = new Date(Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1e6)).toISOString();
    entries.push({ transactionId: txId, at, prescription: decodeRecord(prescriptionRecord, value) });
  }
  await iterator.close();
  return entries.sort((a, b) => a.prescription.version - b.prescription.version);
}
