import { z } from 'zod';
import { date, dateTime, identifier, longText, reference, resourceId, shortText, systems } from './coding.ts';
import { parseResource } from './parse.ts';

/** What makes an event serious, by ICH E2A, section II.B. */
export const seriousnessCriteria = [
  'death',
  'lifeThreatening',
  'hospitalisation',
  'disability',
  'congenitalAnomaly',
  'medicallyImportant',
] as const;
export type SeriousnessCriterion = (typeof seriousnessCriteria)[number];

/** HL7's adverse-event-outcome (http://terminology.hl7.org/CodeSystem/adverse-event-outcome). */
export const eventOutcomes = ['resolved', 'recovering', 'ongoing', 'resolvedWithSequelae', 'fatal', 'unknown'] as const;
export type EventOutcome = (typeof eventOutcomes)[number];

const criterionUrl = 'urn:medloom:seriousness-criterion';
const seriousnessSystem = 'http://terminology.hl7.org/CodeSystem/adverse-event-seriousness';
const outcomeSystem = 'http://terminology.hl7.org/CodeSystem/adverse-event-outcome';

const oneCoding = <Code extends z.ZodType>(system: string, code: Code) =>
  z.strictObject({ coding: z.array(z.strictObject({ system: z.literal(system), code })).length(1) });

/** FHIR R4 AdverseEvent (http://hl7.org/fhir/R4/adverseevent.html), as Medloom writes a report to the authority. */
export const adverseEvent = z.strictObject({
  resourceType: z.literal('AdverseEvent'),
  id: resourceId,
  /** The suspected medicine, with batch and serial number as far as they are known. */
  contained: z
    .array(
      z.strictObject({
        resourceType: z.literal('Medication'),
        id: z.literal('suspect'),
        identifier: z.array(identifier).length(1).optional(),
        code: z.strictObject({
          coding: z
            .array(z.strictObject({ system: z.string().max(200), code: z.string().min(1).max(64) }))
            .max(2)
            .optional(),
          text: shortText,
        }),
        batch: z.strictObject({ lotNumber: shortText }).optional(),
      }),
    )
    .length(1),
  extension: z
    .array(z.strictObject({ url: z.literal(criterionUrl), valueCode: z.enum(seriousnessCriteria) }))
    .max(seriousnessCriteria.length)
    .optional(),
  actuality: z.literal('actual'),
  event: z.strictObject({ text: longText }),
  subject: reference,
  date: date.optional(),
  recordedDate: dateTime,
  /** R4 has these in capitals; reports from before are read too. */
  seriousness: oneCoding(seriousnessSystem, z.enum(['Serious', 'Non-serious', 'serious', 'non-serious'])),
  outcome: oneCoding(outcomeSystem, z.enum(eventOutcomes)),
  recorder: reference,
  suspectEntity: z.array(z.strictObject({ instance: z.strictObject({ reference: z.literal('#suspect') }) })).length(1),
});
export type AdverseEvent = z.infer<typeof adverseEvent>;

export interface SuspectedMedicine {
  /** `MP-…` and ATC, where the formulary knows it. */
  code?: string;
  atc?: string;
  /** What it is called. */
  name: string;
  batch?: string;
  serial?: string;
}

/** What a report says. */
export interface AdverseEventContent {
  /** The ledger's `ae-…`. */
  id: string;
  /** Pseudonym, where the reporter knows it. */
  patient?: string;
  recorder: { id: string; name: string };
  medicine: SuspectedMedicine;
  /** Day on which it began, ISO. */
  began?: string;
  /** None: it is not serious. */
  criteria: readonly SeriousnessCriterion[];
  outcome: EventOutcome;
  /** What happened, in the reporter's words. */
  narrative: string;
  /** ISO 8601 instant */
  recordedAt: string;
}

const serialSystem = 'urn:medloom:pack-serial';

export function buildAdverseEvent(content: AdverseEventContent): AdverseEvent {
  const { medicine, patient, recorder, criteria, began } = content;
  const { code, atc, name, batch, serial } = medicine;
  const coding = [
    ...(code === undefined ? [] : [{ system: systems.product, code }]),
    ...(atc === undefined ? [] : [{ system: systems.atc, code: atc }]),
  ];
  return {
    resourceType: 'AdverseEvent',
    id: content.id,
    contained: [
      {
        ...{ resourceType: 'Medication', id: 'suspect' },
        ...(serial !== undefined && { identifier: [{ system: serialSystem, value: serial }] }),
        code: { ...(coding.length > 0 && { coding }), text: name },
        ...(batch !== undefined && { batch: { lotNumber: batch } }),
      },
    ],
    ...(criteria.length > 0 && { extension: criteria.map((valueCode) => ({ url: criterionUrl, valueCode })) }),
    actuality: 'actual',
    event: { text: content.narrative },
    subject:
      patient === undefined ? { display: 'Not named' } : { identifier: { system: systems.patient, value: patient } },
    ...(began !== undefined && { date: began }),
    recordedDate: content.recordedAt,
    seriousness: {
      coding: [{ system: seriousnessSystem, code: criteria.length > 0 ? 'Serious' : 'Non-serious' }],
    },
    outcome: { coding: [{ system: outcomeSystem, code: content.outcome }] },
    recorder: { identifier: { system: systems.practitioner, value: recorder.id }, display: recorder.name },
    suspectEntity: [{ instance: { reference: '#suspect' } }],
  };
}

/** Reads a report. Throws `FhirError`. */
export const parseAdverseEvent = (bytes: Uint8Array): AdverseEvent => parseResource(adverseEvent, bytes);

/** What of a report the screens show, back out of its resource. */
export function contentOf(event: AdverseEvent): AdverseEventContent {
  const [suspect] = event.contained;
  const codeIn = (system: string) => suspect?.code.coding?.find((each) => each.system === system)?.code;
  const [code, atc, batch, serial] = [
    ...[codeIn(systems.product), codeIn(systems.atc), suspect?.batch?.lotNumber, suspect?.identifier?.[0]?.value],
  ];
  const patient = event.subject.identifier?.value;
  return {
    id: event.id,
    ...(patient !== undefined && { patient }),
    recorder: { id: event.recorder.identifier?.value ?? '', name: event.recorder.display ?? '' },
    medicine: {
      name: suspect?.code.text ?? '',
      ...(code !== undefined && { code }),
      ...(atc !== undefined && { atc }),
      ...(batch !== undefined && { batch }),
      ...(serial !== undefined && { serial }),
    },
    ...(event.date !== undefined && { began: event.date }),
    criteria: (event.extension ?? []).map(({ valueCode }) => valueCode),
    outcome: event.outcome.coding[0]?.code ?? 'unknown',
    narrative: event.event.text,
    recordedAt: event.recordedDate,
  };
}
