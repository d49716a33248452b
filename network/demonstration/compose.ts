import type { Seen } from '#components/safety/readSeen.ts';
import { toBase64Url } from '#crypto/bytes.ts';
import { type RegisterAuthority, sealRegisterEntry } from '#crypto/controlledRegister.ts';
import { newIdentifier, newPrescriptionId } from '#crypto/identifier.ts';
import { type ComposedIssue, composeIssue, sealDispense } from '#crypto/prescription.ts';
import { safetySummaryOf } from '#crypto/safety.ts';
import { buildMedicationDispense } from '#fhir/medicationDispense.ts';
import { buildMedicationRequest, type MedicationRequest } from '#fhir/medicationRequest.ts';
import { encodeResource } from '#fhir/parse.ts';
import type { Product } from '#formulary/product.ts';
import { findProduct } from '#formulary/products.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import type { Participant } from './accounts.ts';
import { checkPrescribed } from './checking.ts';
import type { DemonstrationPatient } from './people.ts';
import type { ScenarioItem } from './scenario.ts';

type Dispense = Extract<TransactionIntent, { kind: 'dispense' }>;

const readerOf = ({ actor, readingKey }: Participant) => ({ id: actor.subjectId, readingKey });
const performerOf = ({ actor }: Participant) => ({
  id: actor.subjectId,
  name: actor.name,
  institution: actor.institutionName ?? '',
});

/**
 * A prescription as the doctor's page makes it, with the check that is signed with it and the access code that the patient gets to show;
 * a controlled one with its entry for the authority.
 */
export async function composePrescription(
  item: ScenarioItem,
  doctor: Participant,
  patient: Participant & { details: DemonstrationPatient },
  seen: Seen,
  authority?: RegisterAuthority,
  now = new Date(),
): Promise<ComposedIssue & { code: Uint8Array }> {
  const product = findProduct(item.product);
  if (!product) throw new Error(`The formulary has no ${item.product}.`);
  const id = newPrescriptionId(patient.actor.subjectId);
  const expires = new Date(now.getTime() + item.validDays * 24 * 60 * 60 * 1000).toISOString();
  const safety = await checkPrescribed(item, product, patient.details, seen, now);
  const { name, birthDate, identifier, sex, language } = patient.details;
  const request = buildMedicationRequest({
    ...{ id, product, expires, authoredOn: now.toISOString(), requester: performerOf(doctor) },
    patient: { name, birthDate, identifier, sex, ...(language !== undefined && { language }) },
    safety,
    dose: { ...item.dose, unit: product.unit, route: product.route },
    ...{ quantity: item.quantity, repeats: item.repeats },
    ...(item.note === undefined ? {} : { note: item.note }),
  });
  return composeIssue({
    ...{ id, expires, patient: readerOf(patient), author: readerOf(doctor), document: encodeResource(request) },
    ...{ quantity: item.quantity, fills: item.repeats + 1 },
    terms: { safety: safetySummaryOf(id, safety) },
    ...(product.controlled && { register: await registerOf(authority, doctor, { id, product, item, now }) }),
  });
}

/** The entry of a controlled medicine in the authority's register. */
function registerOf(
  authority: RegisterAuthority | undefined,
  doctor: Participant,
  { id, product, item, now }: { id: string; product: Product; item: ScenarioItem; now: Date },
) {
  if (!authority) throw new Error(`${item.product} is controlled, and no authority has a register.`);
  const { code: medicine, atc, name, strength, unit } = product;
  const said = { id, medicine, atc, name: `${name} ${strength}`, quantity: item.quantity, unit };
  return sealRegisterEntry({ ...said, author: doctor.actor.subjectId, at: now.toISOString() }, authority);
}

/** A hand-over as the pharmacist's page makes it. */
export async function composeHandOver(
  request: MedicationRequest,
  dataKey: Uint8Array,
  pharmacist: Participant,
  quantity: number,
  now = new Date(),
): Promise<Dispense> {
  const id = newIdentifier('disp');
  const performer = performerOf(pharmacist);
  const fillComplete = quantity >= request.dispenseRequest.quantity.value;
  const content = { id, request, quantity, fillComplete, performer, handedOver: now.toISOString() };
  const document = encodeResource(buildMedicationDispense(content));
  const { cid, contentHash, bytes } = await sealDispense(dataKey, { id, author: performer.id }, document);
  return {
    ...{ kind: 'dispense', id: request.id, envelope: toBase64Url(bytes) },
    dispense: { id, quantity, cid, contentHash, withoutPacks: 'noSerial' },
  };
}
