import { packFault, packFaultWords } from '#components/dispensing/packFaults.ts';
import { codeOf, systems } from '#fhir/coding.ts';
import { type MedicationRequest, patientIdentity } from '#fhir/medicationRequest.ts';
import { findProduct } from '#formulary/products.ts';
import { substitutionOf } from '#formulary/substitution.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import type { Looked } from '#server/supply/schema.ts';
import type { Conflict, ConflictKind, DowntimeEntry, DowntimePack, Overruled } from './entry.ts';

/** What keeps an entry of the log from the ledgers, told by kind. */
export class ConflictError extends Error {
  readonly kind: ConflictKind;
  readonly detail: string | undefined;

  constructor(kind: ConflictKind, detail?: string) {
    super(kind);
    this.name = 'ConflictError';
    this.kind = kind;
    this.detail = detail;
  }

  at(now: Date): Conflict {
    const { kind, detail } = this;
    return { kind, at: now.toISOString(), ...(detail && { detail: detail.slice(0, 600) }) };
  }
}

/** Refusals of ledger and portal that stay what they are however often one asks. Whatever else is thrown is tried again. */
const refusals: Partial<Record<string, ConflictKind>> = {
  WRONG_CODE: 'UNKNOWN_CODE',
  NOT_FOUND: 'UNKNOWN_CODE',
  CODE_VOID: 'CODE_VOID',
  EXPIRED: 'EXPIRED',
  NOT_YET_VALID: 'NOT_YET_VALID',
  CANCELLED: 'CANCELLED',
  COMPLETED: 'COMPLETED',
  HELD_BY_ANOTHER: 'HELD_BY_ANOTHER',
  TRANSFER_PENDING: 'HELD_BY_ANOTHER',
  SUSPENDED: 'PRESCRIBER',
  LICENCE_INVALID: 'PRESCRIBER',
  CONTROLLED_INCOMPLETE: 'CONTROLLED',
  QUANTITY_EXCEEDED: 'MORE_THAN_LEFT',
  ALTERED: 'ALTERED',
  WRONG_KEY: 'ALTERED',
  UNREADABLE: 'ALTERED',
  CANCEL_REQUESTED: 'REFUSED',
  WRONG_STATE: 'REFUSED',
};

/** The conflict that a refusal means; undefined where it may pass by itself. */
export function conflictOfCode(code: string): ConflictError | undefined {
  const kind = refusals[code];
  return kind && new ConflictError(kind, code);
}

const folded = (name: string) => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();

/**
 * Compares an entry with the opened prescription; answers how many units are recorded, whether a substitute was handed out, and what
 * was overruled of what differs.
 * `overruled`: what a person decided before. Throws ConflictError.
 */
export function compareEntry(
  entry: DowntimeEntry,
  {
    request,
    prescription,
  }: { request: MedicationRequest; prescription: Pick<PrescriptionSummary, 'left' | 'controlled'> },
  overruled: readonly Overruled[],
): { quantity: number; isSubstitute: boolean; overruled: Overruled[] } {
  const given = findProduct(entry.product);
  const prescribed = findProduct(codeOf(request.medicationCodeableConcept, systems.product) ?? '');
  if (prescription.controlled || given?.controlled || prescribed?.controlled) throw new ConflictError('CONTROLLED');
  const { name, birthDate } = patientIdentity(request);
  const isSame = folded(name) === folded(entry.patient.name) && birthDate === entry.patient.birthDate;
  if (!isSame && !overruled.includes('PATIENT_DIFFERS')) {
    throw new ConflictError('PATIENT_DIFFERS', `${name}, ${birthDate}`);
  }
  const medicine = request.medicationCodeableConcept.text ?? '';
  if (given === undefined || prescribed === undefined) throw new ConflictError('MEDICINE_DIFFERS', medicine);
  const standing = substitutionOf(prescribed, given, { allowed: request.substitution.allowedBoolean });
  if (standing.kind === 'refused') throw new ConflictError('MEDICINE_DIFFERS', medicine);
  const { left } = prescription;
  if (left === 0) throw new ConflictError('COMPLETED');
  if (entry.quantity > left && !overruled.includes('MORE_THAN_LEFT')) {
    throw new ConflictError('MORE_THAN_LEFT', String(left));
  }
  return {
    ...{ quantity: Math.min(entry.quantity, left), isSubstitute: standing.kind === 'substitute' },
    overruled: [
      ...(isSame ? [] : ['PATIENT_DIFFERS' as const]),
      ...(entry.quantity > left ? ['MORE_THAN_LEFT' as const] : []),
    ],
  };
}

/** Compares the packs of an entry with what the supply ledgers have. Throws ConflictError, which names each that is not to be had. */
export function comparePacks(
  packs: readonly DowntimePack[],
  looked: readonly Looked[],
  own: string,
  product: string,
  now: number,
) {
  const faults = packs.flatMap(({ gtin, serial, batch, expiry }, index) => {
    const known = looked[index];
    const named = { item: { kind: 'pack' as const, gtin, serial }, ...(batch && { batch }), ...(expiry && { expiry }) };
    const fault =
      known && packFault(named, known, { prescribed: findProduct(product), substitutable: false, own, now });
    return fault ? [`${serial}: ${packFaultWords(fault)}`] : [];
  });
  if (faults.length > 0) throw new ConflictError('PACK_REFUSED', faults.join('. '));
}
