import { z } from 'zod';

/** Parts of FHIR R4 (4.0.1) that the prescription resources share, in the shape that Medloom writes. */

const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    // No control characters but line breaks and tabs (FHIR string), and no half surrogate pairs.
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters');

export const shortText = text(200);
export const longText = z
  .string()
  .min(1)
  .max(2000)
  .regex(/^(?:[^\p{Cc}\p{Cs}]|[\n\t])*$/u, 'must not hold control characters');
export const resourceId = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
/** An instant with time zone. */
export const dateTime = z.iso.datetime({ offset: true });
export const date = z.iso.date();
/** JSON numbers keep decimals up to what a dose needs. */
export const positive = z.number().positive().max(1_000_000);

export const systems = {
  prescription: 'urn:medloom:prescription',
  dispense: 'urn:medloom:dispense',
  product: 'urn:medloom:product-code',
  practitioner: 'urn:medloom:practitioner',
  patient: 'urn:medloom:patient-identifier',
  /** A patient's name on a care channel, `pt-…`; a device's on the registry, `dev-…`; an institution's, `inst-…`. */
  pseudonym: 'urn:medloom:pseudonym',
  device: 'urn:medloom:device',
  institution: 'urn:medloom:institution',
  /** Extensions for an institution's software: by which device it was signed; the patient's access code, for printing. */
  via: 'urn:medloom:via',
  accessCode: 'urn:medloom:access-code',
  /** That a prescription has no token on Ethereum: `none`. */
  token: 'urn:medloom:token',
  /** What a Task asks for, and what it is given. */
  task: 'urn:medloom:task',
  renewal: 'urn:medloom:renewal',
  prescriptionState: 'urn:medloom:prescription-state',
  renewalState: 'urn:medloom:renewal-state',
  taskInput: 'urn:medloom:task-input',
  /** A claim and what it is about: `clm-…`, `pol-…`, `plan-…`, a plan's category of benefits, a service of a price list. */
  claim: 'urn:medloom:claim',
  policy: 'urn:medloom:policy',
  plan: 'urn:medloom:plan',
  benefitCategory: 'urn:medloom:benefit-category',
  service: 'urn:medloom:service',
  claimReason: 'urn:medloom:claim-reason',
  /** What of an item a person pays, beside HL7's categories of adjudication. */
  share: 'urn:medloom:share',
  /** Extensions: what was decided; a step of it; what is billed for an item before it is served. */
  claimOutcome: 'urn:medloom:claim-outcome',
  claimStep: 'urn:medloom:claim-step',
  net: 'urn:medloom:net',
  eligibility: 'urn:medloom:eligibility',
  atc: 'http://www.whocc.no/atc',
  gtin: 'https://www.gs1.org/gtin',
  snomed: 'http://snomed.info/sct',
  ucum: 'http://unitsofmeasure.org',
  /** Identifiers that are URIs, as the GS1 Digital Links of packs. */
  uri: 'urn:ietf:rfc:3986',
  /** Extensions of a dispense: a pack that was scanned; the salt of the commitment to them; why none was scanned. */
  dispensedPack: 'urn:medloom:dispensed-pack',
  packsSalt: 'urn:medloom:packs-salt',
  withoutSerial: 'urn:medloom:without-serial',
  /** Who fetched it for the patient, with the one-time code that is shown and not kept. */
  pickup: 'urn:medloom:pickup',
  /** Why another product than the prescribed one was handed out, in Medloom's words; and HL7's. */
  substitutionReason: 'urn:medloom:substitution-reason',
  substitutionKind: 'http://terminology.hl7.org/CodeSystem/v3-substanceAdminSubstitution',
  actReason: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  actCode: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
} as const;

export const coding = z.strictObject({
  system: z.string().max(200),
  code: z.string().min(1).max(64),
  display: shortText.optional(),
});
export const codeableConcept = z.strictObject({
  coding: z.array(coding).max(8).optional(),
  text: shortText.optional(),
});
export const identifier = z.strictObject({ system: z.string().max(200), value: z.string().min(1).max(128) });
export const reference = z.strictObject({
  reference: z.string().max(200).optional(),
  identifier: identifier.optional(),
  display: shortText.optional(),
});
export const quantity = z.strictObject({
  value: positive,
  unit: shortText,
  system: z.literal(systems.ucum),
  code: z.string().min(1).max(32),
});
export const annotation = z.strictObject({ text: longText });

/** What was prescribed or handed over, as the formulary knows it. */
export interface PrescribedProduct {
  code: string;
  name: string;
  /** Under which it is sold, where not by its substance. */
  brand?: string;
  atc: string;
  form: string;
  strength: string;
  unit: string;
}

/** For example `amoxicillin 500 mg capsule`, `ramipril 5 mg capsule (Vasolind)`. */
export const productTitle = ({
  name,
  strength,
  form,
  brand,
}: Pick<PrescribedProduct, 'name' | 'strength' | 'form' | 'brand'>): string =>
  `${name} ${strength} ${form}${brand === undefined ? '' : ` (${brand})`}`;

/** The medicine as a CodeableConcept: product code first, then ATC. */
export function medicationConcept(product: PrescribedProduct): z.infer<typeof codeableConcept> {
  return {
    coding: [
      { system: systems.product, code: product.code, display: productTitle(product) },
      { system: systems.atc, code: product.atc, display: product.name },
    ],
    text: productTitle(product),
  };
}

/** The code of a system in a concept. */
export const codeOf = (concept: z.infer<typeof codeableConcept>, system: string): string | undefined =>
  concept.coding?.find((each) => each.system === system)?.code;

/** UCUM: metric units are codes of it; what is only counted is an annotation. */
export const unitQuantity = (value: number, unit: string): z.infer<typeof quantity> => ({
  value,
  unit,
  system: systems.ucum,
  code: unit === 'mL' || unit === 'g' ? unit : unit === 'unit' ? '[iU]' : `{${unit}}`,
});
