import { z } from 'zod';
import type { SubstitutionReason } from '#formulary/substitution.ts';
import {
  annotation,
  codeableConcept,
  codeOf,
  coding,
  date,
  dateTime,
  identifier,
  medicationConcept,
  type PrescribedProduct,
  quantity,
  reference,
  resourceId,
  shortText,
  systems,
  unitQuantity,
} from './coding.ts';
import { dosage } from './dosage.ts';
import type { MedicationRequest } from './medicationRequest.ts';
import { parseResource } from './parse.ts';
import {
  detectedIssue,
  mostFindings,
  readSafety,
  type SafetyRecord,
  safetyExtension,
  safetyMembers,
} from './safety.ts';

const mostPacks = 100;

/**
 * A pack that was scanned, as FHIR R4 has a product with batch and serial number: a contained Medication, whose identifier is
 * the pack's GS1 Digital Link (`https://id.gs1.org/01/<GTIN>/21/<serial>`). R4 names one medication by
 * `medication[x]`, so that each pack is referred to by an extension.
 */
const packResource = z.strictObject({
  resourceType: z.literal('Medication'),
  id: resourceId,
  identifier: z.array(z.strictObject({ system: z.literal(systems.uri), value: z.url().max(128) })).length(1),
  code: z.strictObject({ coding: z.array(coding).length(1) }),
  batch: z.strictObject({ lotNumber: shortText, expirationDate: date }),
});

const extension = z.union([
  z.strictObject({
    url: z.literal(systems.dispensedPack),
    valueReference: z.strictObject({ reference: z.string().regex(/^#pack-\d{1,3}$/) }),
  }),
  z.strictObject({ url: z.literal(systems.packsSalt), valueString: z.string().regex(/^[A-Za-z0-9_-]{22}$/) }),
  z.strictObject({ url: z.literal(systems.withoutSerial), valueString: shortText }),
  safetyExtension,
]);

const shape = z.strictObject({
  resourceType: z.literal('MedicationDispense'),
  id: resourceId,
  contained: z
    .array(z.discriminatedUnion('resourceType', [packResource, detectedIssue]))
    .min(1)
    .max(mostPacks + mostFindings)
    .optional(),
  extension: z
    .array(extension)
    .min(1)
    .max(mostPacks + 3)
    .optional(),
  identifier: z.array(identifier).length(1),
  status: z.literal('completed'),
  medicationCodeableConcept: codeableConcept,
  performer: z.array(z.strictObject({ actor: reference })).length(1),
  authorizingPrescription: z.array(reference).length(1),
  type: codeableConcept,
  quantity: quantity.extend({ value: z.int().min(1).max(1_300_000) }),
  whenHandedOver: dateTime,
  note: z.array(annotation).max(4).optional(),
  dosageInstruction: z.array(dosage).length(1),
  substitution: z.strictObject({
    wasSubstituted: z.boolean(),
    type: codeableConcept.optional(),
    reason: z.array(codeableConcept).length(1).optional(),
  }),
  detectedIssue: z
    .array(z.strictObject({ reference: z.string().regex(/^#issue-\d{1,2}$/) }))
    .min(1)
    .max(mostFindings)
    .optional(),
});

const isSafety = (each: z.infer<typeof extension>): each is z.infer<typeof safetyExtension> => 'extension' in each;
const issuesIn = ({ contained = [] }: z.infer<typeof shape>) =>
  contained.filter((each) => each.resourceType === 'DetectedIssue');

/** FHIR R4 MedicationDispense (http://hl7.org/fhir/R4/medicationdispense.html), as Medloom writes it. */
export const medicationDispense = shape
  .refine(
    (dispense) =>
      issuesIn(dispense)
        .map(({ id }) => `#${id}`)
        .join() === (dispense.detectedIssue ?? []).map(({ reference }) => reference).join(),
    { path: ['detectedIssue'], error: 'must name each finding, and nothing else' },
  )
  .refine(({ extension = [] }) => extension.filter(isSafety).length <= 1, {
    ...{ path: ['extension'], error: 'must have one check at most' },
  });
export type MedicationDispense = z.infer<typeof medicationDispense>;

/** A pack as its code and the supply ledger say it. */
export interface DispensedPack {
  gtin: string;
  serial: string;
  /** Its GS1 Digital Link. */
  link: string;
  batch: string;
  /** ISO date */
  expiry: string;
}

export interface DispenseContent {
  /** The ledger's `disp-…`. */
  id: string;
  request: MedicationRequest;
  /** What was handed over in the place of the prescribed product, and why. */
  substitution?: { product: PrescribedProduct; reason: SubstitutionReason };
  /** Whole units handed over. */
  quantity: number;
  /** True when nothing is left of this fill. */
  fillComplete: boolean;
  performer: { id: string; name: string; institution?: string };
  /** ISO 8601 instant */
  handedOver: string;
  note?: string;
  /** What was scanned, with the salt of the commitment that the ledger holds. */
  packs?: { salt: string; scanned: readonly DispensedPack[] };
  /** Why some or all of it has no serial number that could be scanned. */
  withoutSerial?: string;
  /** The pharmacist's own clinical check; absent where none was made. */
  safety?: SafetyRecord;
}

function containedMembers({
  packs,
  withoutSerial,
  safety,
}: Pick<DispenseContent, 'packs' | 'withoutSerial' | 'safety'>) {
  const scanned = packs?.scanned ?? [];
  const check = safetyMembers(safety);
  const contained = [...scanned.map(packOf), ...check.issues];
  const extension = [
    ...scanned.map((_, index) => ({
      url: systems.dispensedPack,
      valueReference: { reference: `#pack-${index + 1}` },
    })),
    ...(packs === undefined ? [] : [{ url: systems.packsSalt, valueString: packs.salt }]),
    ...(withoutSerial === undefined ? [] : [{ url: systems.withoutSerial, valueString: withoutSerial }]),
    ...(check.extension === undefined ? [] : [check.extension]),
  ];
  return {
    ...(contained.length > 0 && { contained }),
    ...(extension.length > 0 && { extension }),
    ...(check.issues.length > 0 && { detectedIssue: check.issues.map(({ id }) => ({ reference: `#${id}` })) }),
  };
}

const packOf = ({ gtin, link, batch, expiry }: DispensedPack, index: number) => ({
  resourceType: 'Medication',
  id: `pack-${index + 1}`,
  identifier: [{ system: systems.uri, value: link }],
  code: { coding: [{ system: systems.gtin, code: gtin }] },
  batch: { lotNumber: batch, expirationDate: expiry },
});

/** HL7's own word for a reason, where there is one: formulary policy, out of stock. */
const actReasons: Partial<Record<SubstitutionReason, string>> = { generic: 'FP', shortage: 'OS' };

function substitutionMember(substitution: DispenseContent['substitution'], prescribed?: string) {
  if (substitution === undefined || substitution.product.code === prescribed) return { wasSubstituted: false };
  const { reason } = substitution;
  const known = actReasons[reason];
  return {
    wasSubstituted: true,
    type: { coding: [{ system: systems.substitutionKind, code: 'G', display: 'generic composition' }] },
    reason: [
      {
        coding: [
          { system: systems.substitutionReason, code: reason },
          ...(known === undefined ? [] : [{ system: systems.actReason, code: known }]),
        ],
      },
    ],
  };
}

/** Builds the resource. Throws a ZodError that names the member that is wrong. */
export function buildMedicationDispense(content: DispenseContent): MedicationDispense {
  const { request, substitution, performer } = content;
  const product = substitution?.product;
  const prescribed = request.medicationCodeableConcept;
  const handedOver = product === undefined ? prescribed : medicationConcept(product);
  const note = content.note?.trim() ?? '';
  return medicationDispense.parse({
    resourceType: 'MedicationDispense',
    id: content.id,
    ...containedMembers(content),
    identifier: [{ system: systems.dispense, value: content.id }],
    status: 'completed',
    medicationCodeableConcept: handedOver,
    performer: [
      {
        actor: {
          identifier: { system: systems.practitioner, value: performer.id },
          display: performer.institution === undefined ? performer.name : `${performer.name}, ${performer.institution}`,
        },
      },
    ],
    authorizingPrescription: [{ identifier: request.identifier[0] }],
    type: {
      coding: [
        content.fillComplete
          ? { system: systems.actCode, code: 'FFC', display: 'First Fill - Complete' }
          : { system: systems.actCode, code: 'FFP', display: 'First Fill - Part Fill' },
      ],
    },
    quantity: unitQuantity(content.quantity, product?.unit ?? request.dispenseRequest.quantity.unit),
    whenHandedOver: content.handedOver,
    ...(note === '' ? {} : { note: [{ text: note }] }),
    dosageInstruction: request.dosageInstruction,
    substitution: substitutionMember(substitution, codeOf(prescribed, systems.product)),
  });
}

/** The pharmacist's own clinical check; undefined where none was made. */
export const safetyOfDispense = (dispense: MedicationDispense): SafetyRecord | undefined =>
  readSafety(issuesIn(dispense), dispense.extension?.find(isSafety));

/** The packs that were scanned. */
export const packsOfDispense = ({ contained = [] }: Pick<MedicationDispense, 'contained'>) =>
  contained.filter((each) => each.resourceType === 'Medication');

/** Reads a decrypted dispense. Throws `FhirError`. */
export const parseMedicationDispense = (bytes: Uint8Array): MedicationDispense =>
  parseResource(medicationDispense, bytes);
