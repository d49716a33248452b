import { z } from 'zod';
import { type PickupKind, pickupKinds } from '#chaincode/model/prescriptionTerms.ts';
import { parsePickupCode } from '#crypto/pickup.ts';
import { itemUri } from '#epcis/write.ts';
import { systems } from '#fhir/coding.ts';
import type { DispensedPack } from '#fhir/medicationDispense.ts';
import { medicationDispense as r4MedicationDispense } from '#fhir/r4/medicationDispense.ts';
import { type SubstitutionReason, substitutionReasons } from '#formulary/substitution.ts';
import { parseDigitalLink } from '#gs1/digitalLink.ts';
import { Gs1Error } from '#gs1/error.ts';
import {
  checkBody,
  displayOf,
  ownIdentifiers,
  practitionerOf,
  readExactly,
  requireKnownMembers,
  unprocessable,
} from './inbound.ts';
import type { KeptIdentifier } from './kept.ts';

/** A MedicationDispense that a pharmacy's software sends. */

const members = [
  ...[
    'contained',
    'extension',
    'identifier',
    'status',
    'medicationCodeableConcept',
    'subject',
    'performer',
    'location',
  ],
  ...['authorizingPrescription', 'quantity', 'whenHandedOver', 'note', 'substitution'],
];

const words = z.string().optional();
const coded = z.strictObject({
  coding: z.array(z.strictObject({ system: words, code: z.string(), display: words })).optional(),
  text: words,
});
const packResource = z.strictObject({
  resourceType: z.literal('Medication'),
  id: z.string(),
  identifier: z.tuple([z.strictObject({ use: words, system: words, value: z.string().max(200) })]),
  code: coded.optional(),
  batch: z.strictObject({ lotNumber: z.string().min(1).max(20), expirationDate: z.iso.date() }),
});
const pickupParts = z.tuple([
  z.strictObject({ url: z.literal('kind'), valueCode: z.enum(pickupKinds) }),
  z.strictObject({ url: z.literal('code'), valueString: z.string().max(32) }),
]);
const extensionUrls = [systems.withoutSerial, systems.pickup] as const;
const handedOver = z.looseObject({
  whenHandedOver: z.iso.datetime({ offset: true }).optional(),
  location: z.looseObject({ identifier: z.looseObject({ value: z.string().regex(/^\d{13}$/) }) }).optional(),
  note: z.tuple([z.strictObject({ text: z.string().max(2000) })]).optional(),
  performer: z.tuple([z.strictObject({ actor: z.unknown() })]),
  authorizingPrescription: z.tuple([z.looseObject({ reference: z.string() })]),
  extension: z
    .array(
      z.strictObject({
        url: z.enum(extensionUrls),
        valueString: z.string().optional(),
        extension: z.unknown().optional(),
      }),
    )
    .max(extensionUrls.length)
    .optional(),
  substitution: z
    .strictObject({ wasSubstituted: z.boolean(), type: coded.optional(), reason: z.tuple([coded]).optional() })
    .optional(),
});

export interface HandOver {
  /** Who fetches it for the patient. */
  pickup?: { kind: PickupKind; code: string };
  practitioner: string;
  performer: string;
  identifiers: KeptIdentifier[];
  packs: DispensedPack[];
  withoutSerial?: string;
  /** GLN of the place, where it is said. */
  place?: string;
  /** Product codes and GTINs that the medicine is named by. */
  medicine: { system?: string | undefined; code?: string | undefined }[];
  /** The patient, where somebody is named. */
  patient?: KeptIdentifier;
  /** As it was sent: what it is counted in is known with the prescription. */
  quantity?: unknown;
  note?: string;
  handedOver: string;
  reason?: SubstitutionReason;
}

const longestPastMs = 24 * 60 * 60 * 1000;

/** Reads and judges it, but for what the ledgers say. */
export function readHandOver(body: unknown, now: Date): HandOver {
  const at = 'MedicationDispense';
  const sent = checkBody(at, r4MedicationDispense, body);
  requireKnownMembers(at, sent, members);
  if (sent.status !== 'completed')
    throw unprocessable(`${at}.status`, 'must be completed: what is recorded is a hand-over');
  const read = readExactly(at, handedOver, sent);
  const { whenHandedOver, location, note, extension, substitution, performer } = read;
  const [{ actor }] = performer;
  const practitioner = practitionerOf(actor, `${at}.performer[0].actor`);
  const packs = (sent.contained ?? []).map((one, index) => packOf(one, `${at}.contained[${index}]`));
  if (new Set(packs.map(({ link }) => link)).size < packs.length) {
    throw unprocessable(`${at}.contained`, 'names a pack twice', 'duplicate');
  }
  const withoutSerial = extension?.find(({ url }) => url === systems.withoutSerial)?.valueString;
  if (packs.length === 0 && withoutSerial === undefined) {
    throw unprocessable(
      `${at}.contained`,
      `must name the packs, or ${systems.withoutSerial} must say why not`,
      'required',
    );
  }
  const when = whenHandedOver ?? now.toISOString();
  const ago = now.getTime() - Date.parse(when);
  if (ago < -120_000 || ago > longestPastMs) {
    throw unprocessable(`${at}.whenHandedOver`, 'must lie in the last 24 hours');
  }
  return {
    ...{ practitioner, packs, handedOver: new Date(when).toISOString() },
    performer: displayOf(actor, `${at}.performer[0].actor.display`),
    identifiers: ownIdentifiers(sent.identifier, at),
    ...(withoutSerial !== undefined && { withoutSerial }),
    ...pickupOf(extension?.find(({ url }) => url === systems.pickup)),
    ...(location && { place: location.identifier.value }),
    medicine: sent.medicationCodeableConcept?.coding ?? [],
    ...(sent.subject && { patient: namedPatient(sent.subject) }),
    ...(sent.quantity && { quantity: sent.quantity }),
    ...(note && { note: note[0].text }),
    ...reasonOf(substitution),
  };
}

function pickupOf(extension: { extension?: unknown } | undefined): Pick<HandOver, 'pickup'> {
  if (!extension) return {};
  const parsed = pickupParts.safeParse(extension.extension);
  const code = parsed.success ? parsePickupCode(parsed.data[1].valueString) : undefined;
  if (parsed.success && code !== undefined) return { pickup: { kind: parsed.data[0].valueCode, code } };
  const expected = `must have kind (${pickupKinds.join(', ')}) and code, of 8 characters`;
  throw unprocessable(`MedicationDispense.extension('${systems.pickup}')`, expected);
}

function reasonOf(substitution: z.infer<typeof handedOver>['substitution']): { reason?: SubstitutionReason } {
  if (!substitution?.wasSubstituted) return {};
  const codes = (substitution.reason ?? []).flatMap(({ coding = [] }) => coding.map(({ code }) => code));
  const reason = substitutionReasons.find((one) => codes.includes(one));
  if (reason) return { reason };
  throw unprocessable('MedicationDispense.substitution.reason', `must be one of ${substitutionReasons.join(', ')}`);
}

const subject = z.looseObject({ identifier: z.looseObject({ system: z.string().optional(), value: z.string() }) });

function namedPatient(sent: unknown): KeptIdentifier {
  const { system, value } = readExactly('MedicationDispense.subject', subject, sent).identifier;
  return { ...(system !== undefined && { system }), value };
}

/** A contained Medication whose identifier is the pack's GS1 Digital Link, with its batch. */
function packOf(contained: unknown, at: string): DispensedPack {
  const { identifier, batch } = readExactly(at, packResource, contained);
  const item = sgtinOf(identifier[0].value);
  if (item === undefined)
    throw unprocessable(`${at}.identifier[0].value`, 'must be a GS1 Digital Link with GTIN and serial');
  return { ...item, link: itemUri(item), batch: batch.lotNumber, expiry: batch.expirationDate };
}

function sgtinOf(link: string): { gtin: string; serial: string } | undefined {
  try {
    const { type, key, part } = parseDigitalLink(link).id;
    return type === 'sgtin' && part !== '' ? { gtin: key, serial: part } : undefined;
  } catch (error) {
    // What is no Digital Link names no pack; the caller says so.
    if (error instanceof Gs1Error) return undefined;
    throw error;
  }
}
