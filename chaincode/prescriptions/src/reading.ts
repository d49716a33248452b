import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { parsePseudonym, requireChannel } from '../../care/channel.ts';
import { callingPatient, requirePatientActive } from '../../care/people.ts';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { peerTime } from '../../ledger/clock.ts';
import { readFound } from '../../ledger/found.ts';
import { followIndex, readPage } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { hex32, institutionId } from '../../model/identifiers.ts';
import type { Prescription, PrescriptionHistoryEntry, PrescriptionWrap, Release } from '../../model/prescription.ts';
import type { TransferKeys } from '../../model/prescriptionTerms.ts';
import { prescriptionId } from '../../model/records.ts';
import type { Page } from '../../model/registry.ts';
import { requireActive } from '../../model/standing.ts';
import { callingStanding, requirePractitioner } from '../../people/callers.ts';
import { parsePrescriptionId } from './ids.ts';
import { readStoredRelease, readStoredTransfer, readStoredWraps, transferReaders } from './secrets.ts';
import { findPrescription, getPrescription, objectTypes, readVersions } from './storage.ts';

/** Reads, to be evaluated and never submitted: what they answer would stay in a block for ever. */

const ids = (max: number) => z.array(prescriptionId).min(1).max(max);

export async function read(ctx: Context, id: string): Promise<Prescription> {
  return getPrescription(ctx, parsePrescriptionId(ctx, id));
}

/** In the order asked for; an id that is unknown is left out. */
export async function readMany(ctx: Context, json: string): Promise<Prescription[]> {
  const wanted = parseJson(ids(100), json, 'ids');
  const found: Prescription[] = [];
  for (const id of wanted) {
    requireChannel(ctx, id);
    const prescription = await findPrescription(ctx, id);
    if (prescription) found.push(prescription);
  }
  return found;
}

export async function listByPatient(
  ctx: Context,
  pseudonym: string,
  pageSize: string,
  bookmark: string,
): Promise<Page<Prescription>> {
  const patient = parsePseudonym(ctx, pseudonym);
  return readPage(ctx, objectTypes.patientPrescription, [patient], pageSize, bookmark, (_key, value) =>
    getPrescription(ctx, Buffer.from(value).toString('utf8')),
  );
}

/** What is offered to a pharmacy by those that hold it, page by page. */
export async function listOffered(
  ctx: Context,
  institution: string,
  pageSize: string,
  bookmark: string,
): Promise<Page<Prescription>> {
  const pharmacy = parseValue(institutionId, institution, 'institution');
  return readPage(ctx, objectTypes.offeredPrescription, [pharmacy], pageSize, bookmark, (_key, value) =>
    getPrescription(ctx, Buffer.from(value).toString('utf8')),
  );
}

/** Throws WRONG_CODE for a hash that was never in use, CODE_VOID for one that the patient has replaced. */
export async function findByRedeemHash(ctx: Context, redeemHash: string): Promise<Prescription> {
  const hash = parseValue(hex32, redeemHash, 'redeemHash');
  const id = await followIndex(ctx, objectTypes.redeemHash, hash);
  if (id === undefined) throw new LedgerError('WRONG_CODE', 'no prescription has this access code');
  const prescription = await getPrescription(ctx, id);
  if (prescription.redeemHash !== hash) {
    throw new LedgerError('CODE_VOID', 'the patient has replaced this access code');
  }
  return prescription;
}

export async function history(ctx: Context, id: string): Promise<PrescriptionHistoryEntry[]> {
  const prescription = await getPrescription(ctx, parsePrescriptionId(ctx, id));
  return readVersions(ctx, prescription.id);
}

/**
 * The data keys wrapped for the caller, who must be patient or author of every prescription asked for, without those that are not
 * there. Throws NOT_AUTHORISED; NOT_FOUND where none is there.
 */
export async function readWraps(ctx: Context, json: string): Promise<PrescriptionWrap[]> {
  const wanted = parseJson(ids(50), json, 'ids');
  const isReader = await wrapReader(ctx);
  return readFound(wanted, async (id) => {
    requireChannel(ctx, id);
    const prescription = await getPrescription(ctx, id);
    const as = isReader(prescription);
    if (!as) throw new LedgerError('NOT_AUTHORISED', `you are neither patient nor author of ${id}`);
    return { id, wrap: (await readStoredWraps(ctx, prescription))[as] };
  });
}

type WrapReader = (prescription: Prescription) => 'patientWrap' | 'authorWrap' | undefined;

/** Which wrap the caller's exact key entitles to; an author keeps it after the licence ends, not while suspended. */
async function wrapReader(ctx: Context): Promise<WrapReader> {
  const patient = await callingPatient(ctx);
  if (patient) {
    requirePatientActive(patient);
    return (prescription) => (prescription.patient === patient.pseudonym ? 'patientWrap' : undefined);
  }
  const { practitioner, institution } = await callingStanding(ctx);
  requireActive(practitioner, institution);
  return (prescription) => (prescription.author === practitioner.id ? 'authorWrap' : undefined);
}

/** What the pharmacy that holds the prescription needs, with the access code, to decrypt it. */
export async function readRelease(ctx: Context, id: string): Promise<Release> {
  const prescriptionId = parsePrescriptionId(ctx, id);
  const { practitioner: pharmacist } = await requirePractitioner(ctx, 'pharmacist', peerTime());
  const prescription = await getPrescription(ctx, prescriptionId);
  if (!prescription.holder) throw new LedgerError('WRONG_STATE', `${prescription.id} is ${prescription.state}`);
  if (prescription.holder.institutionId !== pharmacist.institutionId) {
    throw new LedgerError('HELD_BY_ANOTHER', `${prescription.id} is held by another pharmacy`);
  }
  return readStoredRelease(ctx, prescription);
}

/** The keys of a prescription for a pharmacist of an institution that is offered it, or holds it by a transfer. */
export async function readTransfer(ctx: Context, id: string): Promise<TransferKeys> {
  const prescriptionId = parsePrescriptionId(ctx, id);
  const { practitioner: pharmacist } = await requirePractitioner(ctx, 'pharmacist', peerTime());
  const prescription = await getPrescription(ctx, prescriptionId);
  if (!transferReaders(prescription).includes(pharmacist.institutionId)) {
    throw new LedgerError('NOT_AUTHORISED', `${prescription.id} is not transferred to your pharmacy`);
  }
  return readStoredTransfer(ctx, prescription.id, pharmacist.institutionId);
}
