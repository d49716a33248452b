import { z } from 'zod';

/**
 * EPCIS 2.0 events in JSON (EPCIS Standard 2.0, section 7.4 and the JSON binding in section 10): their shape as portal
 * and contracts read it, with sizes that no event of a supply chain needs to pass. What stands under a name with a colon
 * is an extension and is kept as it came. That identifiers and times make sense is looked at in rules.ts.
 */

/** The most EPCs of all lists of one event together: a pallet of packs. */
export const maxEpcs = 2000;

const text = z.string().max(4096);
const uri = z.string().min(1).max(1024);
const epcs = z.array(uri).max(maxEpcs);
/** With an offset: `2026-11-27T08:15:00.000+01:00` or `…Z`. */
const time = z.iso.datetime({ offset: true }).max(40);
/** A bare term of the core business vocabulary, or the URI of anybody's own. */
const term = z.string().min(1).max(256);

type Extension = string | number | boolean | null | Extension[] | { [name: string]: Extension };

const extension: z.ZodType<Extension> = z.lazy(() =>
  z.union([
    text,
    z.number(),
    z.boolean(),
    z.null(),
    z.array(extension).max(maxEpcs),
    z.record(z.string().max(256), extension),
  ]),
);

/** An object with members of the standard and, under names with a colon, extensions. */
function withExtensions<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z
    .object(shape)
    .catchall(extension)
    .superRefine((value, context) => {
      for (const name of Object.keys(value)) {
        if (!Object.hasOwn(shape, name) && !name.includes(':')) {
          context.addIssue({ code: 'custom', path: [name], message: 'is neither of EPCIS nor an extension' });
        }
      }
    });
}

/** The members that the standard knows: code reads no others, and extensions stay in the value. */
type Known<Shape extends z.core.$ZodLooseShape> = z.output<z.ZodObject<Shape, z.core.$strip>>;

function extensible<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodType<Known<Shape>> {
  return withExtensions(shape);
}

export const sensorReportSchema = extensible({
  type: term,
  exception: term.optional(),
  deviceID: uri.optional(),
  deviceMetadata: uri.optional(),
  rawData: uri.optional(),
  dataProcessingMethod: uri.optional(),
  bizRules: uri.optional(),
  time: time.optional(),
  microorganism: uri.optional(),
  chemicalSubstance: uri.optional(),
  coordinateReferenceSystem: uri.optional(),
  value: z.number().optional(),
  component: term.optional(),
  stringValue: text.optional(),
  booleanValue: z.boolean().optional(),
  hexBinaryValue: text.regex(/^[0-9A-Fa-f]+$/).optional(),
  uriValue: uri.optional(),
  minValue: z.number().optional(),
  maxValue: z.number().optional(),
  meanValue: z.number().optional(),
  sDev: z.number().optional(),
  percRank: z.number().optional(),
  percValue: z.number().optional(),
  /** UN/ECE Recommendation 20: `CEL`, `FAH`, `KEL` for temperatures. */
  uom: z.string().max(8).optional(),
});

export const sensorElementSchema = extensible({
  sensorMetadata: extensible({
    time: time.optional(),
    startTime: time.optional(),
    endTime: time.optional(),
    deviceID: uri.optional(),
    deviceMetadata: uri.optional(),
    rawData: uri.optional(),
    dataProcessingMethod: uri.optional(),
    bizRules: uri.optional(),
  }).optional(),
  sensorReport: z.array(sensorReportSchema).min(1).max(2000),
});

export const quantitySchema = z.strictObject({
  epcClass: uri,
  quantity: z.number().optional(),
  uom: z
    .string()
    .regex(/^[A-Z0-9]{2,3}$/)
    .optional(),
});
const quantities = z.array(quantitySchema).max(500);

const namespaces = z.union([uri, z.record(z.string().max(256), extension)]);

const what = {
  '@context': z.union([namespaces, z.array(namespaces).max(20)]).optional(),
  eventID: uri.optional(),
  eventTime: time,
  /** Of the place where it happened, kept beside the time: `+01:00`. */
  eventTimeZoneOffset: z.string().regex(/^[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)$/),
  recordTime: time.optional(),
  certificationInfo: z.union([uri, z.array(uri).max(50)]).optional(),
  errorDeclaration: extensible({
    declarationTime: time,
    /** `did_not_occur`, `incorrect_data` or a URI. */
    reason: term.optional(),
    correctiveEventIDs: z.array(uri).max(100).optional(),
  }).optional(),
};

const place = extensible({ id: uri });

const why = {
  bizStep: term.optional(),
  disposition: term.optional(),
  persistentDisposition: z
    .strictObject({ set: z.array(term).min(1).max(50).optional(), unset: z.array(term).min(1).max(50).optional() })
    .optional(),
  readPoint: place.optional(),
  bizLocation: place.optional(),
  bizTransactionList: z
    .array(z.strictObject({ type: term.optional(), bizTransaction: uri }))
    .max(100)
    .optional(),
  sourceList: z
    .array(z.strictObject({ type: term, source: uri }))
    .max(20)
    .optional(),
  destinationList: z
    .array(z.strictObject({ type: term, destination: uri }))
    .max(20)
    .optional(),
  sensorElementList: z.array(sensorElementSchema).max(500).optional(),
};

/** Data of the batch or item that was made, each under a name with a colon, as `cbvmda:lotNumber`. */
const ilmd = z.record(z.string().max(256).includes(':'), extension);
const action = z.enum(['ADD', 'OBSERVE', 'DELETE']);

const objectEvent = {
  type: z.literal('ObjectEvent'),
  ...what,
  action,
  epcList: epcs.optional(),
  quantityList: quantities.optional(),
  ...why,
  ilmd: ilmd.optional(),
};

const aggregationEvent = {
  type: z.literal('AggregationEvent'),
  ...what,
  action,
  parentID: uri.optional(),
  childEPCs: epcs.optional(),
  childQuantityList: quantities.optional(),
  ...why,
};

const associationEvent = {
  type: z.literal('AssociationEvent'),
  ...what,
  action,
  parentID: uri,
  childEPCs: epcs.optional(),
  childQuantityList: quantities.optional(),
  ...why,
};

const transactionEvent = {
  type: z.literal('TransactionEvent'),
  ...what,
  action,
  parentID: uri.optional(),
  epcList: epcs.optional(),
  quantityList: quantities.optional(),
  ...why,
  bizTransactionList: why.bizTransactionList.unwrap().min(1),
};

const transformationEvent = {
  type: z.literal('TransformationEvent'),
  ...what,
  inputEPCList: epcs.optional(),
  inputQuantityList: quantities.optional(),
  outputEPCList: epcs.optional(),
  outputQuantityList: quantities.optional(),
  transformationID: uri.optional(),
  ...why,
  ilmd: ilmd.optional(),
};

export type EpcisEvent =
  | Known<typeof objectEvent>
  | Known<typeof aggregationEvent>
  | Known<typeof associationEvent>
  | Known<typeof transactionEvent>
  | Known<typeof transformationEvent>;

/** The lists in which EPCs stand. */
export type EpcRole = 'parent' | 'epc' | 'child' | 'input' | 'output';

function listsOf(event: EpcisEvent): Partial<Record<EpcRole, string[] | undefined>> {
  switch (event.type) {
    case 'ObjectEvent':
      return { epc: event.epcList };
    case 'AggregationEvent':
    case 'AssociationEvent':
      return { parent: event.parentID === undefined ? [] : [event.parentID], child: event.childEPCs };
    case 'TransactionEvent':
      return { parent: event.parentID === undefined ? [] : [event.parentID], epc: event.epcList };
    case 'TransformationEvent':
      return { input: event.inputEPCList, output: event.outputEPCList };
  }
}

/** The EPCs that an event names, with the list in which each stands. */
export function epcsOf(event: EpcisEvent): { role: EpcRole; epc: string }[] {
  const roles: EpcRole[] = ['parent', 'epc', 'child', 'input', 'output'];
  const lists = listsOf(event);
  return roles.flatMap((role) => (lists[role] ?? []).map((epc) => ({ role, epc })));
}

const anyEvent: z.ZodType<EpcisEvent> = z.discriminatedUnion('type', [
  withExtensions(objectEvent),
  withExtensions(aggregationEvent),
  withExtensions(associationEvent),
  withExtensions(transactionEvent),
  withExtensions(transformationEvent),
]);

export const eventSchema = anyEvent.refine(
  (event) => epcsOf(event).filter(({ role }) => role !== 'parent').length <= maxEpcs,
  {
    message: `has more than ${maxEpcs} EPCs`,
  },
);

export type EventType = EpcisEvent['type'];
export type Action = z.infer<typeof action>;
export type SensorElement = z.infer<typeof sensorElementSchema>;
export type SensorReport = z.infer<typeof sensorReportSchema>;
export type Quantity = z.infer<typeof quantitySchema>;
