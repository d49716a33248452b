import { z } from 'zod';
import { type Delegation, delegationRecord } from '#chaincode/model/delegation.ts';
import { type FormularyEntry, formularyEntry } from '#chaincode/model/formulary.ts';
import { type Reenrolment, reenrolment } from '#chaincode/model/patient.ts';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { deviceRecord, institutionRecord, practitionerRecord, prescriptionRecord } from '#chaincode/model/records.ts';
import type { Device, Institution, Practitioner } from '#chaincode/model/registry.ts';
import { type Renewal, renewal } from '#chaincode/model/renewal.ts';
import type { LedgerConnection } from '../ledger/connection.ts';

/** All of what a contract lists, page by page, as the organisation's own peer has it. */

const pageSize = '100';
const registry = { channel: 'registry', contract: 'registry' };

export function institutionsOf(ledger: LedgerConnection): AsyncGenerator<Institution> {
  return pages(ledger, { ...registry, function: 'listInstitutions', args: [] }, institutionRecord);
}

export function practitionersOf(ledger: LedgerConnection, institutionId: string): AsyncGenerator<Practitioner> {
  return pages(ledger, { ...registry, function: 'listPractitioners', args: [institutionId] }, practitionerRecord);
}

export function devicesOf(ledger: Pick<LedgerConnection, 'evaluate'>, institutionId: string): AsyncGenerator<Device> {
  return pages(ledger, { ...registry, function: 'listDevices', args: [institutionId] }, deviceRecord);
}

/** What a practitioner has given, or a device was given, those that have ended among them. */
export function delegationsOf(ledger: Pick<LedgerConnection, 'evaluate'>, subject: string): AsyncGenerator<Delegation> {
  return pages(ledger, { ...registry, function: 'listDelegations', args: [subject] }, delegationRecord);
}

/** What one scope says of medicines, what is withdrawn among it. */
export function formularyOf(ledger: Pick<LedgerConnection, 'evaluate'>, scope: string): AsyncGenerator<FormularyEntry> {
  return pages(ledger, { ...registry, function: 'formulary:list', args: [scope] }, formularyEntry);
}

/** Prescriptions of a care channel that are offered to a pharmacy. */
export function offeredTo(
  ledger: Pick<LedgerConnection, 'evaluate'>,
  channel: string,
  institutionId: string,
): AsyncGenerator<Prescription> {
  return pages(
    ledger,
    { channel, contract: 'care', function: 'listOffered', args: [institutionId] },
    prescriptionRecord,
  );
}

/** Requests for renewals of a patient, on the patient's care channel. */
export function renewalsOf(
  ledger: Pick<LedgerConnection, 'evaluate'>,
  channel: string,
  pseudonym: string,
): AsyncGenerator<Renewal> {
  return pages(ledger, { channel, contract: 'care', function: 'listRenewals', args: [pseudonym] }, renewal);
}

/** The newest re-enrolment of each practitioner, on a care channel of each patient. */
export function reenrolmentsOf(ledger: LedgerConnection, channel: string): AsyncGenerator<Reenrolment> {
  const place =
    channel === 'registry'
      ? { ...registry, function: 'listReenrolments' }
      : { channel, contract: 'care', function: 'patients:listReenrolments' };
  return pages(ledger, { ...place, args: [] }, reenrolment);
}

/** Items of all pages; an empty bookmark ends them. */
async function* pages<T>(
  ledger: Pick<LedgerConnection, 'evaluate'>,
  call: { channel: string; contract: string; function: string; args: string[] },
  item: z.ZodType<T>,
): AsyncGenerator<T> {
  const page = z.object({ items: z.array(item), bookmark: z.string() });
  let bookmark = '';
  do {
    const answer = await ledger.evaluate({ ...call, args: [...call.args, pageSize, bookmark] });
    const { items, bookmark: next } = page.parse(JSON.parse(answer));
    yield* items;
    bookmark = next;
  } while (bookmark !== '');
}
