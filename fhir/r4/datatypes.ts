import { z } from 'zod';
import {
  base64,
  boolean,
  boundTo,
  code,
  dateTime,
  decimal,
  id,
  instant,
  integer,
  longestText,
  positiveInt,
  text,
  time,
  unsignedInt,
  uri,
} from './primitives.ts';

/**
 * Complex types of FHIR R4 (https://hl7.org/fhir/R4/datatypes.html). Elements that are not named here are kept as they came;
 * those that are named must be right.
 */

/** No element of one resource repeats more often. */
export const mostRepeats = 1_000;
export const many = <Schema extends z.ZodType>(schema: Schema) =>
  z.array(schema).min(1, 'must not be an empty list').max(mostRepeats);

interface Checked {
  value: object;
  issues: z.core.$ZodRawIssue[];
}
const refuse = ({ value, issues }: Checked, path: string, message: string) =>
  issues.push({ code: 'custom', input: value, path: [path], message });

/**
 * Choice elements (`value[x]`): at most one of them, of a type that the element allows; `required` asks for one. A primitive
 * whose value is missing may stand as its extension (`_valueString`).
 */
export const choice =
  (name: string, types: readonly string[], { required = false } = {}) =>
  (payload: Checked): void => {
    const present = Object.entries(payload.value).flatMap(([key, value]) => (value === undefined ? [] : [key]));
    const given = present.filter((key) => isChoice(key, name));
    for (const key of given) {
      if (!types.includes(key.slice(name.length))) refuse(payload, key, `must be one of ${types.join(', ')}`);
    }
    if (given.length > 1) refuse(payload, `${name}[x]`, `must be given once, not as ${given.join(' and ')}`);
    const extended = present.some((key) => key.startsWith('_') && isChoice(key.slice(1), name));
    if (required && given.length === 0 && !extended) refuse(payload, `${name}[x]`, 'must be given');
  };
const isChoice = (key: string, name: string) =>
  key.length > name.length && key.startsWith(name) && /^[A-Z]/.test(key.slice(name.length));

/** An invariant of the specification, told at an element. */
export const invariant =
  <Value extends object>(path: string, message: string, holds: (value: Value) => boolean) =>
  (payload: { value: Value; issues: z.core.$ZodRawIssue[] }): void => {
    if (!holds(payload.value)) refuse(payload, path, message);
  };

export const extension = z.looseObject({ url: uri });
/** Members that every element has. */
const elementFields = { id: z.string().max(256).optional(), extension: many(extension).optional() };
export const element = <Shape extends z.ZodRawShape>(shape: Shape) => z.looseObject({ ...elementFields, ...shape });

export const coding = element({
  system: uri.optional(),
  version: text.optional(),
  code: code.optional(),
  display: text.optional(),
  userSelected: boolean.optional(),
});
export type Coding = z.infer<typeof coding>;
export const codeableConcept = element({ coding: many(coding).optional(), text: text.optional() });
export type CodeableConcept = z.infer<typeof codeableConcept>;

export const period = element({ start: dateTime.optional(), end: dateTime.optional() }).check(
  invariant('end', 'must not lie before the start', ({ start, end }) => !isBefore(end, start)),
);
/** Compared as far as both are written: `2024` and `2024-05-01` overlap. */
function isBefore(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.length > 10 && b.length > 10) return Date.parse(a) < Date.parse(b);
  const digits = Math.min(a.length, b.length, 10);
  return a.slice(0, digits) < b.slice(0, digits);
}

const target = element({ reference: z.string().max(2048).optional(), display: text.optional() });
export const identifier = element({
  use: boundTo(['usual', 'official', 'temp', 'secondary', 'old']).optional(),
  type: codeableConcept.optional(),
  system: uri.optional(),
  value: text.optional(),
  period: period.optional(),
  assigner: target.optional(),
});
export type Identifier = z.infer<typeof identifier>;

/** `Type/id`, an absolute address, `urn:uuid:…`, `#contained`, or the conditional form of a transaction. */
const literal =
  /^(?:#[A-Za-z0-9.-]{0,64}|urn:(?:uuid|oid):[0-9A-Za-z.-]+|[a-z][a-z0-9+.-]*:\/\/\S+|([A-Z][A-Za-z]+)(?:\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?|\?\S+))$/;
/** A reference to a resource of one of these types; to any without. */
export const reference = (...types: string[]) =>
  element({
    reference: z.string().max(2048).regex(literal, 'must be a reference: Type/id, urn:uuid:… or an address').optional(),
    type: uri.optional(),
    identifier: identifier.optional(),
    display: text.optional(),
  })
    .check(
      invariant('reference', 'must say what it refers to', (value) =>
        ['reference', '_reference', 'identifier', 'display', 'extension'].some((key) => key in value),
      ),
    )
    .check(
      invariant('reference', `must refer to ${types.join(' or ')}`, ({ reference: at }) => {
        const type = at === undefined ? undefined : typeOf(at);
        return types.length === 0 || type === undefined || types.includes(type);
      }),
    );
export type Reference = z.infer<ReturnType<typeof reference>>;
/** The type that a reference names, where its form says it. */
export const typeOf = (at: string): string | undefined =>
  literal.exec(at)?.[1] ??
  /^[a-z][a-z0-9+.-]*:\/\/\S*\/([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]{1,64}(?:\/_history\/\S+)?$/.exec(at)?.[1];

const comparator = boundTo(['<', '<=', '>=', '>']);
const quantityFields = {
  value: decimal.optional(),
  unit: text.optional(),
  system: uri.optional(),
  code: code.optional(),
};
const codedUnit = invariant<{ code?: string; system?: string }>(
  'system',
  'must be given where the unit has a code',
  ({ code: unitCode, system }) => unitCode === undefined || system !== undefined,
);
export const quantity = element({ ...quantityFields, comparator: comparator.optional() }).check(codedUnit);
export type Quantity = z.infer<typeof quantity>;
/** SimpleQuantity: without a comparator. */
export const simpleQuantity = element({
  ...quantityFields,
  comparator: z.undefined({ error: 'must not be given here' }).optional(),
}).check(codedUnit);
export const range = element({ low: simpleQuantity.optional(), high: simpleQuantity.optional() });
export const ratio = element({ numerator: quantity.optional(), denominator: quantity.optional() });
/** An amount in the currency's major unit. */
export const money = element({ value: decimal.optional(), currency: code.optional() });
export const sampledData = element({
  origin: simpleQuantity,
  period: decimal,
  factor: decimal.optional(),
  lowerLimit: decimal.optional(),
  upperLimit: decimal.optional(),
  dimensions: positiveInt,
  data: z.string().max(longestText).optional(),
});

export const narrative = element({
  status: boundTo(['generated', 'extensions', 'additional', 'empty']),
  /** XHTML of another system: kept, and never shown as markup. */
  div: z.string().min(1).max(longestText),
});
export const annotation = element({
  authorString: text.optional(),
  authorReference: reference().optional(),
  time: dateTime.optional(),
  text,
}).check(choice('author', ['Reference', 'String']));
export const attachment = element({
  contentType: code.optional(),
  language: code.optional(),
  data: base64.optional(),
  url: uri.optional(),
  size: unsignedInt.optional(),
  hash: base64.optional(),
  title: text.optional(),
  creation: dateTime.optional(),
}).check(
  invariant('contentType', 'must be given where there is data', ({ data, contentType }) => !data || !!contentType),
);
export type Attachment = z.infer<typeof attachment>;

const primitiveList = <Schema extends z.ZodType>(schema: Schema) => many(schema.nullable());
export const humanName = element({
  use: boundTo(['usual', 'official', 'temp', 'nickname', 'anonymous', 'old', 'maiden']).optional(),
  text: text.optional(),
  family: text.optional(),
  given: primitiveList(text).optional(),
  prefix: primitiveList(text).optional(),
  suffix: primitiveList(text).optional(),
  period: period.optional(),
});
export type HumanName = z.infer<typeof humanName>;
export const contactPoint = element({
  system: boundTo(['phone', 'fax', 'email', 'pager', 'url', 'sms', 'other']).optional(),
  value: text.optional(),
  use: boundTo(['home', 'work', 'temp', 'old', 'mobile']).optional(),
  rank: positiveInt.optional(),
  period: period.optional(),
}).check(invariant('system', 'must be given where there is a value', ({ value, system }) => !value || !!system));
export const address = element({
  use: boundTo(['home', 'work', 'temp', 'old', 'billing']).optional(),
  type: boundTo(['postal', 'physical', 'both']).optional(),
  text: text.optional(),
  line: primitiveList(text).optional(),
  city: text.optional(),
  district: text.optional(),
  state: text.optional(),
  postalCode: text.optional(),
  country: text.optional(),
  period: period.optional(),
});

const timeUnit = boundTo(['s', 'min', 'h', 'd', 'wk', 'mo', 'a']);
export const timing = element({
  event: primitiveList(dateTime).optional(),
  repeat: element({
    boundsDuration: quantity.optional(),
    boundsRange: range.optional(),
    boundsPeriod: period.optional(),
    count: positiveInt.optional(),
    countMax: positiveInt.optional(),
    duration: decimal.optional(),
    durationMax: decimal.optional(),
    durationUnit: timeUnit.optional(),
    frequency: positiveInt.optional(),
    frequencyMax: positiveInt.optional(),
    period: decimal.optional(),
    periodMax: decimal.optional(),
    periodUnit: timeUnit.optional(),
    dayOfWeek: primitiveList(boundTo(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).optional(),
    timeOfDay: primitiveList(time).optional(),
    when: primitiveList(code).optional(),
    offset: unsignedInt.optional(),
  })
    .check(choice('bounds', ['Duration', 'Range', 'Period']))
    .optional(),
  code: codeableConcept.optional(),
});
export const dosage = element({
  sequence: integer.optional(),
  text: text.optional(),
  additionalInstruction: many(codeableConcept).optional(),
  patientInstruction: text.optional(),
  timing: timing.optional(),
  asNeededBoolean: boolean.optional(),
  asNeededCodeableConcept: codeableConcept.optional(),
  site: codeableConcept.optional(),
  route: codeableConcept.optional(),
  method: codeableConcept.optional(),
  doseAndRate: many(
    element({
      type: codeableConcept.optional(),
      doseRange: range.optional(),
      doseQuantity: simpleQuantity.optional(),
      rateRatio: ratio.optional(),
      rateRange: range.optional(),
      rateQuantity: simpleQuantity.optional(),
    }),
  ).optional(),
}).check(choice('asNeeded', ['Boolean', 'CodeableConcept']));
export type Dosage = z.infer<typeof dosage>;

export const meta = element({
  versionId: id.optional(),
  lastUpdated: instant.optional(),
  source: uri.optional(),
  profile: primitiveList(uri).optional(),
  security: many(coding).optional(),
  tag: many(coding).optional(),
});

/** A resource of a type, with what every DomainResource has. */
export const resource = <Type extends string, Shape extends z.ZodRawShape>(resourceType: Type, shape: Shape) =>
  z.looseObject({
    resourceType: z.literal(resourceType),
    id: id.optional(),
    meta: meta.optional(),
    /** Rules that must be understood to read the resource; nobody here does. */
    implicitRules: z.undefined({ error: 'names rules that Medloom does not know' }).optional(),
    /** Extensions that change what the resource means. */
    modifierExtension: z.undefined({ error: 'changes the meaning in a way that Medloom does not know' }).optional(),
    language: code.optional(),
    text: narrative.optional(),
    contained: many(z.looseObject({ resourceType: code, id })).optional(),
    extension: many(extension).optional(),
    identifier: many(identifier).optional(),
    ...shape,
  });
