import { z } from 'zod';
import { renewalId } from '#chaincode/model/renewal.ts';
import type { DoseInstruction } from '#fhir/dosage.ts';
import { buildMedicationRequest, type MedicationRequest } from '#fhir/medicationRequest.ts';
import { medicationRequest as r4MedicationRequest } from '#fhir/r4/medicationRequest.ts';
import type { SafetyRecord } from '#fhir/safety.ts';
import type { Product } from '#formulary/product.ts';
import type { Person } from '#safety/subject.ts';
import { type Told, toldIn } from './clinicalCheck.ts';
import {
  checkBody,
  displayOf,
  ownIdentifiers,
  practitionerOf,
  readExactly,
  referredId,
  requireKnownMembers,
  unprocessable,
} from './inbound.ts';
import type { KeptIdentifier } from './kept.ts';
import { orderedDose, orderedProduct } from './orderedMedicine.ts';
import { orderedPatient } from './orderedPatient.ts';
import { countedIn, days } from './quantities.ts';
import type { Site } from './site.ts';

/** A MedicationRequest that an institution's software sends, as a prescription that is not yet signed. */
export interface Order {
  practitioner: string;
  /** Pseudonym. */
  patient: string;
  identifiers: KeptIdentifier[];
  product: Product;
  expires: string;
  /** Not before. */
  validFrom?: string;
  quantity: number;
  repeats: number;
  /** Days from one fill to the next. */
  fillEveryDays?: number;
  /** The request for a renewal that it answers, `rn-…`. */
  renews?: string;
  /** What is checked: the patient, the dose, and what else the software tells. */
  person: Person;
  dose: DoseInstruction;
  told: Told;
  /** The resource as it is encrypted, with the check that was made. */
  build(id: string, safety?: SafetyRecord): MedicationRequest;
}

const members = [
  ...['contained', 'identifier', 'status', 'intent', 'priority', 'medicationCodeableConcept', 'subject', 'authoredOn'],
  ...['requester', 'reasonCode', 'note', 'dosageInstruction', 'dispenseRequest', 'substitution'],
  ...['supportingInformation', 'detectedIssue'],
];
const dispensing = 'MedicationRequest.dispenseRequest';
const dayMs = 24 * 60 * 60 * 1000;
const usualValidityMs = 90 * dayMs;
const longestAgoMs = dayMs;

const referred = z.strictObject({ reference: z.string(), type: z.string().optional() });
const mostReferred = 200;

const orderedIn = ({ unit }: Product) =>
  z.looseObject({
    priority: z.literal('routine', 'must be routine: nobody would hear of another').optional(),
    dispenseRequest: z.strictObject({
      validityPeriod: z.strictObject({ start: z.string().optional(), end: z.string().optional() }).optional(),
      dispenseInterval: days(z.int().min(1).max(180)).optional(),
      numberOfRepeatsAllowed: z.int().min(0).max(12).optional(),
      quantity: countedIn(unit, z.int().min(1).max(100_000)),
    }),
    substitution: z.strictObject({ allowedBoolean: z.boolean() }).optional(),
    note: z.tuple([z.strictObject({ text: z.string() })]).optional(),
    supportingInformation: z.array(referred).max(mostReferred).optional(),
    detectedIssue: z.array(referred).max(mostReferred).optional(),
    reasonCode: z
      .tuple([
        z.strictObject({
          text: z.string().optional(),
          coding: z
            .tuple([z.strictObject({ system: z.string(), code: z.string(), display: z.string().optional() })])
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
  const product = orderedProduct(sent);
  if (product.controlled) {
    throw unprocessable(
      'MedicationRequest.medicationCodeableConcept',
      'a controlled medicine is prescribed by the doctor’s own key and second factor, in the portal',
      'business-rule',
    );
  }
  const read = readExactly('MedicationRequest', orderedIn(product), sent);
  const { dispenseRequest, substitution, note, reasonCode, supportingInformation = [], detectedIssue = [] } = read;
  const { quantity, numberOfRepeatsAllowed: repeats = 0, dispenseInterval } = dispenseRequest;
  if (dispenseInterval && repeats === 0) {
    throw unprocessable(`${dispensing}.dispenseInterval`, 'goes with numberOfRepeatsAllowed');
  }
  requireRecent(sent.authoredOn, now);
  const practitioner = practitionerOf(sent.requester, 'MedicationRequest.requester');
  const name = displayOf(sent.requester, 'MedicationRequest.requester.display');
  const { pseudonym, ...patient } = orderedPatient(sent);
  const window = windowOf(dispenseRequest.validityPeriod, now);
  const dose = orderedDose(sent, product);
  const [reason] = reasonCode ?? [];
  const [coding] = reason?.coding ?? [];
  const words = reason?.text ?? coding?.display;
  if (reason && words === undefined) {
    throw unprocessable('MedicationRequest.reasonCode[0]', 'must have words: text or display', 'required');
  }
  const content = {
    ...{ product, patient, dose, repeats, quantity: quantity.value, authoredOn: now.toISOString(), ...window },
    requester: { id: practitioner, name, institution: institution.name },
    ...(note && { note: note[0].text }),
    ...(words !== undefined && { reason: { text: words, ...(coding && { coding }) } }),
    ...(substitution && { substitutionAllowed: substitution.allowedBoolean }),
  };
  const build = (id: string, safety?: SafetyRecord) => {
    try {
      return buildMedicationRequest({ ...content, id, ...(safety && { safety }) });
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      const path = error.issues[0]?.path.map(String).join('.') ?? '';
      throw unprocessable(`MedicationRequest.${path}`, 'cannot be written so in a prescription');
    }
  };
  build('rx-0-draft');
  const identifiers = ownIdentifiers(sent.identifier, 'MedicationRequest');
  return {
    ...{ practitioner, patient: pseudonym, identifiers, product, quantity: quantity.value, repeats, build, ...window },
    ...(dispenseInterval && { fillEveryDays: dispenseInterval.value }),
    ...renewedBy(supportingInformation, base),
    ...{ dose, person: { birthDate: patient.birthDate, sex: patient.sex ?? 'unknown' } },
    told: toldIn(
      sent,
      [...supportingInformation, ...detectedIssue].map(({ reference }) => reference),
    ),
  };
}

/** The one request that it answers, besides what is told of the patient. */
function renewedBy(references: readonly { reference: string }[], base: string): Pick<Order, 'renews'> {
  const others = references.map(({ reference }) => reference).filter((reference) => !reference.startsWith('#'));
  const [first] = others;
  if (first === undefined) return {};
  const parsed = renewalId.safeParse(referredId(first, 'Task', base));
  if (parsed.success && others.length === 1) return { renews: parsed.data };
  throw unprocessable(
    'MedicationRequest.supportingInformation',
    'must be Task/rn-…: the one request that this answers',
  );
}

/** It is signed now: what was written long before is to be judged again. */
function requireRecent(authoredOn: string | undefined, now: Date): void {
  const ago = authoredOn === undefined ? 0 : now.getTime() - Date.parse(authoredOn);
  if (Math.abs(ago) <= longestAgoMs) return;
  throw unprocessable('MedicationRequest.authoredOn', 'must lie in the last 24 hours: it is signed now');
}

/** From when until when it can be redeemed: whole days where days are written, and 90 of them where no end is. */
function windowOf(
  { start, end }: { start?: string | undefined; end?: string | undefined } = {},
  now: Date,
): Pick<Order, 'validFrom' | 'expires'> {
  const from = start === undefined ? now.getTime() : instantOf(start, 'start', 'T00:00:00Z');
  const begins = Math.max(from, now.getTime());
  const ends = end === undefined ? begins + usualValidityMs : instantOf(end, 'end', 'T23:59:59Z');
  if (ends <= begins) {
    throw unprocessable(`${dispensing}.validityPeriod.end`, 'must be a day or an instant ahead, after the start');
  }
  const expires = new Date(ends).toISOString();
  return { expires, ...(from > now.getTime() && { validFrom: new Date(from).toISOString() }) };
}

function instantOf(written: string, member: 'start' | 'end', dayAt: string): number {
  const at = written.length < 10 ? Number.NaN : Date.parse(written.length === 10 ? `${written}${dayAt}` : written);
  if (Number.isFinite(at)) return at;
  throw unprocessable(`${dispensing}.validityPeriod.${member}`, 'must be a day or an instant');
}
