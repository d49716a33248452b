import { z } from 'zod';
import { renewalId } from '#chaincode/model/renewal.ts';
import { buildMedicationRequest, type MedicationRequest } from '#fhir/medicationRequest.ts';
import { medicationRequest as r4MedicationRequest } from '#fhir/r4/medicationRequest.ts';
import type { Product } from '#formulary/product.ts';
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
  /** The resource as it is encrypted. */
  build(id: string): MedicationRequest;
}

const members = [
  ...['contained', 'identifier', 'status', 'intent', 'priority', 'medicationCodeableConcept', 'subject', 'authoredOn'],
  ...['requester', 'reasonCode', 'note', 'dosageInstruction', 'dispenseRequest', 'substitution'],
  'supportingInformation',
];
const dispensing = 'MedicationRequest.dispenseRequest';
const dayMs = 24 * 60 * 60 * 1000;
const usualValidityMs = 90 * dayMs;
const longestAgoMs = dayMs;

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
    supportingInformation: z
      .tuple([z.strictObject({ reference: z.string(), type: z.literal('Task').optional() })])
      .optional(),
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
  const { dispenseRequest, substitution, note, reasonCode, supportingInformation } = read;
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
    ...{ practitioner, patient: pseudonym, identifiers, product, quantity: quantity.value, repeats, build, ...window },
    ...(dispenseInterval && { fillEveryDays: dispenseInterval.value }),
    ...(supportingInformation && { renews: renewedBy(supportingInformation[0].reference, base) }),
  };
}

function renewedBy(reference: string, base: string): string {
  const parsed = renewalId.safeParse(referredId(reference, 'Task', base));
  if (parsed.success) return parsed.data;
  throw unprocessable('MedicationRequest.supportingInformation', 'must be Task/rn-…: the request that this answers');
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
