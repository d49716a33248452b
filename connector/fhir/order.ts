import { z } from 'zod';
import { renewalId } from '#chaincode/model/renewal.ts';
import { date, systems } from '#fhir/coding.ts';
import { buildMedicationRequest, type MedicationRequest } from '#fhir/medicationRequest.ts';
import { medicationRequest as r4MedicationRequest } from '#fhir/r4/medicationRequest.ts';
import type { Product } from '#formulary/product.ts';
import {
  checkBody,
  displayOf,
  ownIdentifiers,
  practitionerOf,
  pseudonymOf,
  referredId,
  requireKnownMembers,
  unprocessable,
} from './inbound.ts';
import type { KeptIdentifier } from './kept.ts';
import { orderedDose, orderedProduct } from './orderedMedicine.ts';
import type { Site } from './site.ts';

/** A MedicationRequest that an institution's software sends, as a prescription that is not yet signed. */
export interface Order {
  practitioner: string;
  /** Pseudonym. */
  patient: string;
  identifiers: KeptIdentifier[];
  product: Product;
  expires: string;
  quantity: number;
  repeats: number;
  /** The request for a renewal that it answers, `rn-…`. */
  renews?: string;
  /** The resource as it is encrypted. */
  build(id: string): MedicationRequest;
}

const members = [
  ...['contained', 'identifier', 'status', 'intent', 'priority', 'medicationCodeableConcept', 'subject', 'authoredOn'],
  ...['requester', 'reasonCode', 'note', 'dosageInstruction', 'dispenseRequest', 'substitution', 'category'],
  'supportingInformation',
];
const usualValidityMs = 90 * 24 * 60 * 60 * 1000;

const containedPatient = z.looseObject({
  resourceType: z.literal('Patient'),
  id: z.string(),
  identifier: z.array(z.looseObject({ system: z.string().optional(), value: z.string() })).optional(),
  name: z.array(
    z.looseObject({
      text: z.string().optional(),
      family: z.string().optional(),
      given: z.array(z.string()).optional(),
      prefix: z.array(z.string()).optional(),
    }),
  ),
  birthDate: date,
  gender: z.enum(['male', 'female', 'other', 'unknown']).optional(),
});
const ordered = z.looseObject({
  dispenseRequest: z.looseObject({
    validityPeriod: z.looseObject({ start: z.string().optional(), end: z.string() }).optional(),
    numberOfRepeatsAllowed: z.int().min(0).max(12).optional(),
    quantity: z.looseObject({ value: z.int().min(1).max(100_000), unit: z.string().optional() }),
  }),
  substitution: z.strictObject({ allowedBoolean: z.boolean() }).optional(),
  note: z.tuple([z.looseObject({ text: z.string() })]).optional(),
  supportingInformation: z.tuple([z.looseObject({ reference: z.string() })]).optional(),
  reasonCode: z
    .tuple([
      z.looseObject({
        text: z.string().optional(),
        coding: z
          .array(z.looseObject({ system: z.string(), code: z.string(), display: z.string().optional() }))
          .max(1)
          .optional(),
      }),
    ])
    .optional(),
});

/** Reads and judges it, before anything is signed. */
export function readOrder(body: unknown, { institution, base }: Pick<Site, 'institution' | 'base'>, now: Date): Order {
  const sent = checkBody('MedicationRequest', r4MedicationRequest, body);
  requireKnownMembers('MedicationRequest', sent, members);
  if (sent.status !== 'active') throw unprocessable('MedicationRequest.status', 'must be active');
  if (sent.intent !== 'order') throw unprocessable('MedicationRequest.intent', 'must be order');
  const { dispenseRequest, substitution, note, reasonCode, supportingInformation } = checkBody(
    'MedicationRequest',
    ordered,
    body,
  );
  const product = orderedProduct(sent);
  if (product.controlled) {
    throw unprocessable(
      'MedicationRequest.medicationCodeableConcept',
      'a controlled medicine is prescribed by the doctor’s own key and second factor, in the portal',
      'business-rule',
    );
  }
  const { quantity, validityPeriod, numberOfRepeatsAllowed: repeats = 0 } = dispenseRequest;
  if (quantity.unit !== undefined && quantity.unit !== product.unit) {
    throw unprocessable('MedicationRequest.dispenseRequest.quantity.unit', `counted in ${product.unit}`);
  }
  const practitioner = practitionerOf(sent.requester, 'MedicationRequest.requester');
  const name = displayOf(sent.requester, 'MedicationRequest.requester.display');
  const { pseudonym, ...patient } = orderedPatient(sent);
  const expires = expiryOf(validityPeriod?.end, now);
  const dose = orderedDose(sent, product);
  const [reason] = reasonCode ?? [];
  const [coding] = reason?.coding ?? [];
  const words = reason?.text ?? coding?.display;
  const content = {
    ...{ product, patient, dose, expires, repeats, quantity: quantity.value, authoredOn: now.toISOString() },
    requester: { id: practitioner, name, institution: institution.name },
    ...(note && { note: note[0].text }),
    ...(words !== undefined && {
      reason: { text: words, ...(coding && { coding: { system: coding.system, code: coding.code } }) },
    }),
    ...(substitution && { substitutionAllowed: substitution.allowedBoolean }),
  };
  const build = (id: string) => {
    try {
      return buildMedicationRequest({ ...content, id });
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      const path = error.issues[0]?.path.map(String).join('.') ?? '';
      throw unprocessable(`MedicationRequest.${path}`, 'cannot be written so in a prescription');
    }
  };
  build('rx-0-draft');
  const identifiers = ownIdentifiers(sent.identifier, 'MedicationRequest');
  return {
    ...{ practitioner, patient: pseudonym, identifiers, product, expires, quantity: quantity.value, repeats, build },
    ...(supportingInformation && { renews: renewedBy(supportingInformation[0].reference, base) }),
  };
}

function renewedBy(reference: string, base: string): string {
  const parsed = renewalId.safeParse(referredId(reference, 'Task', base));
  if (parsed.success) return parsed.data;
  throw unprocessable('MedicationRequest.supportingInformation', 'must be Task/rn-…: the request that this answers');
}

/** Whom it is for: the pseudonym by which the ledger knows the patient, and what the pharmacist compares. */
function orderedPatient({ subject, contained = [] }: z.infer<typeof r4MedicationRequest>) {
  const at = 'MedicationRequest.subject';
  const parsed = containedPatient.safeParse(contained.find(({ resourceType }) => resourceType === 'Patient'));
  if (!parsed.success || contained.length > 1) {
    throw unprocessable('MedicationRequest.contained', 'must be one Patient with name and birthDate');
  }
  const { id, identifier = [], name, birthDate, gender } = parsed.data;
  if (subject.reference !== undefined && subject.reference !== `#${id}`) {
    throw unprocessable(`${at}.reference`, 'must refer to the contained Patient');
  }
  const pseudonym = pseudonymOf([subject.identifier, ...identifier]);
  if (pseudonym === undefined) {
    throw unprocessable(at, `must name the patient by an identifier of the system ${systems.pseudonym}`);
  }
  const [first] = name;
  const whole = [...(first?.prefix ?? []), ...(first?.given ?? []), first?.family].filter(Boolean).join(' ');
  const register = identifier.find(({ system }) => system !== systems.pseudonym)?.value;
  return {
    pseudonym,
    name: first?.text ?? whole,
    birthDate,
    ...(register !== undefined && { identifier: register }),
    ...(gender && { sex: gender }),
  };
}

/** The end as it was written, a day included; 90 days from now where it says nothing. */
function expiryOf(end: string | undefined, now: Date): string {
  if (end === undefined) return new Date(now.getTime() + usualValidityMs).toISOString();
  const at = end.length === 10 ? Date.parse(`${end}T23:59:59Z`) : end.length > 10 ? Date.parse(end) : Number.NaN;
  if (!Number.isFinite(at) || at <= now.getTime()) {
    throw unprocessable('MedicationRequest.dispenseRequest.validityPeriod.end', 'must be a day or an instant ahead');
  }
  return new Date(at).toISOString();
}
