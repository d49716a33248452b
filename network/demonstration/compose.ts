import { createAccessCode } from '#crypto/accessCode.ts';
import { randomBytes, toBase64Url, utf8 } from '#crypto/bytes.ts';
import { sealDocument } from '#crypto/envelope.ts';
import { newIdentifier, newPrescriptionId } from '#crypto/identifier.ts';
import { redeemHashOf } from '#crypto/redeem.ts';
import { tokenCommitment, tokenHolderOf } from '#crypto/token.ts';
import { packPatientSecret, wrapFor, wrapUnderCode } from '#crypto/wrap.ts';
import { buildMedicationDispense } from '#fhir/medicationDispense.ts';
import { buildMedicationRequest, type MedicationRequest } from '#fhir/medicationRequest.ts';
import { encodeResource } from '#fhir/parse.ts';
import { findProduct } from '#formulary/products.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import type { Participant } from './accounts.ts';
import type { DemonstrationPatient } from './people.ts';
import type { ScenarioItem } from './scenario.ts';

type Issue = Extract<TransactionIntent, { kind: 'issue' }>;
type Dispense = Extract<TransactionIntent, { kind: 'dispense' }>;

const dataKeyPurpose = 'medloom/prescription/data-key/v1';

/** A prescription as the doctor's page makes it; the access code is what the patient gets to show. */
export async function composeIssue(
  item: ScenarioItem,
  doctor: Participant,
  patient: Participant & { details: DemonstrationPatient },
  now = new Date(),
): Promise<{ intent: Issue; code: Uint8Array }> {
  const product = findProduct(item.product);
  if (!product) throw new Error(`The formulary has no ${item.product}.`);
  const pseudonym = patient.actor.subjectId;
  const author = doctor.actor.subjectId;
  const id = newPrescriptionId(pseudonym);
  const expires = new Date(now.getTime() + item.validDays * 24 * 60 * 60 * 1000).toISOString();
  const { name, birthDate, identifier, sex } = patient.details;
  const content = encodeResource(
    buildMedicationRequest({
      ...{ id, product, expires, authoredOn: now.toISOString() },
      patient: { name, birthDate, identifier, sex },
      requester: { id: author, name: doctor.actor.name, institution: doctor.actor.institutionName ?? '' },
      dose: { ...item.dose, unit: product.unit, route: product.route },
      ...{ quantity: item.quantity, repeats: item.repeats },
      ...(item.note === undefined ? {} : { note: item.note }),
    }),
  );
  const dataKey = randomBytes(32);
  const code = createAccessCode();
  const sealed = await sealDocument(dataKey, { documentId: id, version: 1, author }, content);
  const wrap = (reader: Participant, secret: Uint8Array) =>
    wrapFor(reader.readingKey, { purpose: dataKeyPurpose, id, reader: reader.actor.subjectId }, secret);
  const secrets = {
    patientWrap: await wrap(patient, packPatientSecret(dataKey, code)),
    authorWrap: await wrap(doctor, dataKey),
    ...(await wrapUnderCode(id, code, dataKey)),
  };
  const resume = utf8(JSON.stringify({ dataKey: toBase64Url(dataKey), code: toBase64Url(code), secrets }));
  const resumeContext = { purpose: 'medloom/prescription/resume/v1', id, reader: author } as const;
  const intent: Issue = {
    kind: 'issue',
    issue: {
      ...{ id, patient: pseudonym, expires, cid: sealed.cid, contentHash: sealed.contentHash },
      ...{ redeemHash: redeemHashOf(code), commitment: tokenCommitment(dataKey, content) },
      ...{ quantity: item.quantity, fills: item.repeats + 1 },
    },
    envelope: toBase64Url(sealed.bytes),
    tokenHolder: tokenHolderOf(dataKey),
    resumePacket: await wrapFor(doctor.readingKey, resumeContext, resume),
    secrets,
  };
  return { intent, code };
}

/** A hand-over as the pharmacist's page makes it. */
export async function composeDispense(
  request: MedicationRequest,
  dataKey: Uint8Array,
  pharmacist: Participant,
  quantity: number,
  now = new Date(),
): Promise<Dispense> {
  const id = newIdentifier('disp');
  const { subjectId, name, institutionName } = pharmacist.actor;
  const performer = { id: subjectId, name, institution: institutionName ?? '' };
  const fillComplete = quantity >= request.dispenseRequest.quantity.value;
  const content = { id, request, quantity, fillComplete, performer, handedOver: now.toISOString() };
  const plaintext = encodeResource(buildMedicationDispense(content));
  const sealed = await sealDocument(dataKey, { documentId: id, version: 1, author: subjectId }, plaintext);
  return {
    kind: 'dispense',
    id: request.id,
    dispense: { id, quantity, cid: sealed.cid, contentHash: sealed.contentHash },
    envelope: toBase64Url(sealed.bytes),
  };
}
