import { duplicateKeys } from '../duplicate.ts';
import type { CodeableConcept, Dosage, Reference } from '../r4/datatypes.ts';
import type { RecordResource } from '../r4/resource.ts';
import { statusOf, statusSystems } from '../r4/statusConcept.ts';
import { clip, codeKey, wordsOf } from './concept.ts';
import type { ChartEntry, EntryKind } from './entry.ts';
import { measuredOf, partsOf } from './result.ts';

/** Where resources come from: a document of the record. */
export interface Origin {
  /** `doc-…` */
  document: string;
  /** When the ledger recorded it, ISO 8601. */
  at: string;
}

type Said = Omit<ChartEntry, 'k' | 'r' | 'y' | 'd' | 'w' | 'q'>;
type Digest = Said & { k: EntryKind };

/** The line of the index for a resource. Deterministic: equal resources make equal entries. */
export function digest(resource: RecordResource & { id: string }, { document, at }: Origin): ChartEntry {
  const { k, ...said } = tidy(saidOf(resource));
  const q = duplicateKeys(resource);
  return { k, r: resource.id, y: resource.resourceType, d: document, w: at, ...said, q };
}

/** Leaves out what is undefined, so that entries compare and travel alike. */
function tidy(
  entry: { [Key in keyof Digest]: Digest[Key] | undefined } & { k: EntryKind; x: string; s: string },
): Digest {
  const kept = Object.entries(entry).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(kept), k: entry.k, x: entry.x, s: entry.s };
}

type Loose = { [Key in keyof Digest]?: Digest[Key] | undefined } & { k: EntryKind; x: string; s: string };

function saidOf(resource: RecordResource): Loose {
  switch (resource.resourceType) {
    case 'Condition':
      return {
        k: 'problem',
        x: named(resource.code, 'Problem'),
        code: codeKey(resource.code),
        s: statusOf(resource.clinicalStatus, statusSystems.conditionClinical) ?? errorOr(resource.verificationStatus),
        v: doubtOf(statusOf(resource.verificationStatus, statusSystems.conditionVerification)),
        a: resource.onsetDateTime ?? resource.onsetPeriod?.start ?? resource.recordedDate,
        e: resource.abatementDateTime ?? resource.abatementPeriod?.end,
        n: wordsOf(resource.severity),
      };
    case 'AllergyIntolerance':
      return {
        k: 'allergy',
        x: named(resource.code, 'Allergy'),
        code: codeKey(resource.code),
        s: statusOf(resource.clinicalStatus, statusSystems.allergyClinical) ?? errorOr(resource.verificationStatus),
        v: doubtOf(statusOf(resource.verificationStatus, statusSystems.allergyVerification)),
        a: resource.onsetDateTime ?? resource.onsetPeriod?.start ?? resource.recordedDate,
        n: joined(
          resource.reaction?.flatMap(({ manifestation, severity }) => [
            ...manifestation.map((each) => wordsOf(each)),
            severity,
          ]),
        ),
        hi: resource.criticality === 'high' ? true : undefined,
      };
    case 'MedicationStatement':
      return {
        k: 'medicine',
        x: named(resource.medicationCodeableConcept, resource.medicationReference?.display ?? 'Medicine'),
        code: codeKey(resource.medicationCodeableConcept),
        s: resource.status,
        a: resource.effectiveDateTime ?? resource.effectivePeriod?.start ?? resource.dateAsserted,
        e: resource.effectivePeriod?.end,
        n: dosageWords(resource.dosage),
      };
    case 'MedicationRequest':
      return {
        k: 'medicine',
        x: named(resource.medicationCodeableConcept, resource.medicationReference?.display ?? 'Medicine'),
        code: codeKey(resource.medicationCodeableConcept),
        // What nobody ordered yet is not taken.
        s:
          resource.intent === 'proposal' || resource.intent === 'plan' || resource.doNotPerform
            ? 'draft'
            : resource.status,
        a: resource.authoredOn,
        e: resource.dispenseRequest?.validityPeriod?.end,
        n: dosageWords(resource.dosageInstruction),
      };
    case 'Immunization':
      return {
        k: 'immunization',
        x: named(resource.vaccineCode, 'Immunisation'),
        code: codeKey(resource.vaccineCode),
        s: resource.status,
        a: resource.occurrenceDateTime ?? resource.recorded,
        n: joined([
          doseNumber(resource.protocolApplied?.[0]),
          ...(resource.protocolApplied?.[0]?.targetDisease ?? []).map((each) => wordsOf(each)),
        ]),
      };
    case 'Observation':
      return {
        k: observationKind(resource.category),
        x: named(resource.code, 'Result'),
        code: codeKey(resource.code),
        s: resource.status,
        a:
          resource.effectiveDateTime ?? resource.effectiveInstant ?? resource.effectivePeriod?.start ?? resource.issued,
        m: measuredOf(resource),
        ...partsOf(resource),
      };
    case 'DiagnosticReport':
      return {
        k: 'report',
        x: named(resource.code, 'Report'),
        code: codeKey(resource.code),
        s: resource.status,
        a: resource.effectiveDateTime ?? resource.effectivePeriod?.start ?? resource.issued,
        n: clip(resource.conclusion) ?? joined(resource.conclusionCode?.map((each) => wordsOf(each))),
        f: count(resource.presentedForm),
      };
    case 'DocumentReference':
      return {
        k: 'document',
        x:
          clip(resource.description) ?? clip(resource.content[0]?.attachment.title) ?? named(resource.type, 'Document'),
        code: codeKey(resource.type),
        s: resource.docStatus === 'entered-in-error' ? resource.docStatus : resource.status,
        a: resource.date ?? resource.content[0]?.attachment.creation,
        n: joined([wordsOf(resource.type), ...names(resource.author)]),
        f: count(resource.content),
      };
    case 'Encounter':
      return {
        k: 'encounter',
        x: named(resource.type?.[0] ?? resource.serviceType, resource.class.display ?? 'Encounter'),
        code: codeKey(resource.type?.[0]),
        s: resource.status,
        a: resource.period?.start,
        e: resource.period?.end,
        n: joined([...(resource.reasonCode ?? []).map((each) => wordsOf(each)), resource.serviceProvider?.display]),
      };
    case 'Procedure':
      return {
        k: 'procedure',
        x: named(resource.code, 'Procedure'),
        code: codeKey(resource.code),
        s: resource.status,
        a: resource.performedDateTime ?? resource.performedPeriod?.start,
        e: resource.performedPeriod?.end,
        n: joined([wordsOf(resource.outcome), ...names(resource.performer?.map(({ actor }) => actor))]),
      };
    case 'Patient':
      return {
        k: 'person',
        x: clip(personName(resource)) ?? 'Personal details',
        s: resource.active === false ? 'inactive' : 'active',
        a: undefined,
        // The language in which somebody reads, as a code of BCP 47.
        code: codeKey(
          (resource.communication?.find(({ preferred }) => preferred) ?? resource.communication?.[0])?.language,
        ),
        n: joined([resource.birthDate, resource.gender]),
      };
  }
}

/** A patient's name in one line: the official one, else the first. */
export function personName({
  name,
}: Pick<Extract<RecordResource, { resourceType: 'Patient' }>, 'name'>): string | undefined {
  const chosen = name?.find(({ use }) => use === 'official') ?? name?.[0];
  if (chosen?.text !== undefined) return chosen.text;
  const parts = [...(chosen?.prefix ?? []), ...(chosen?.given ?? []), chosen?.family].filter((each) => each != null);
  return parts.length === 0 ? undefined : parts.join(' ');
}

const named = (concept: CodeableConcept | undefined, otherwise: string) =>
  wordsOf(concept) ?? clip(otherwise) ?? otherwise;
const joined = (words: readonly (string | undefined)[] | undefined) =>
  clip((words ?? []).filter((each) => each !== undefined && each !== '').join(', '));
const names = (references: readonly Reference[] | undefined) => (references ?? []).map(({ display }) => display);
const count = (list: readonly unknown[] | undefined) =>
  list === undefined || list.length === 0 ? undefined : list.length;
const doubtOf = (verification: string | undefined) => (verification === 'confirmed' ? undefined : verification);
const errorOr = (verification: CodeableConcept | undefined) =>
  verification?.coding?.some(({ code }) => code === 'entered-in-error') ? 'entered-in-error' : 'unknown';

type Protocol = NonNullable<Extract<RecordResource, { resourceType: 'Immunization' }>['protocolApplied']>[number];
function doseNumber(protocol: Protocol | undefined): string | undefined {
  const dose = protocol?.doseNumberPositiveInt ?? protocol?.doseNumberString;
  const of = protocol?.seriesDosesPositiveInt ?? protocol?.seriesDosesString;
  if (dose === undefined) return undefined;
  return of === undefined ? `dose ${dose}` : `dose ${dose} of ${of}`;
}

function dosageWords(dosages: readonly Dosage[] | undefined): string | undefined {
  const [first] = dosages ?? [];
  if (first === undefined) return undefined;
  if (first.text !== undefined) return clip(first.text);
  const dose = first.doseAndRate?.[0]?.doseQuantity;
  const repeat = first.timing?.repeat;
  return joined([
    dose?.value === undefined ? undefined : `${dose.value} ${dose.unit ?? dose.code ?? ''}`.trim(),
    wordsOf(first.timing?.code) ??
      (repeat?.frequency === undefined
        ? undefined
        : `${repeat.frequency} × / ${repeat.period ?? 1} ${repeat.periodUnit ?? ''}`),
    wordsOf(first.route),
    first.asNeededBoolean ? 'as needed' : undefined,
  ]);
}

function observationKind(categories: readonly CodeableConcept[] | undefined): EntryKind {
  const codes = new Set(categories?.flatMap(({ coding }) => (coding ?? []).map(({ code }) => code)));
  if (codes.has('vital-signs')) return 'vital';
  return codes.has('social-history') ? 'social' : 'result';
}
