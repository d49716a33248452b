import type { Category } from '#chaincode/model/category.ts';
import { labelOf } from './category.ts';
import { systems } from './coding.ts';
import { diastolic, type Measurement, quantityOf, systolic } from './measurements.ts';
import type { Attachment, CodeableConcept } from './r4/datatypes.ts';
import { checkResource, type RecordResource, type ResourceType } from './r4/resource.ts';
import { statusSystems } from './r4/statusConcept.ts';
import { type Identified, isIdentified } from './record.ts';
import { type Language, languageSystem } from './sentence/language.ts';

/** Resources as Medloom's own forms write them: what a clinician or a patient says, in the places where FHIR has it. */

const terminology = 'http://terminology.hl7.org/CodeSystem';
export const loincSystem = 'http://loinc.org';

/** Who says it, about whom. */
export interface Said {
  /** FHIR id, new for each resource. */
  id: string;
  /** Pseudonym. */
  patient: string;
  author: { id: string; name: string };
  /** ISO 8601 instant at which it was written. */
  recorded: string;
  /** Sensitive where it belongs to a category other than its type's. */
  category?: Category;
}
/** A code with its words; the code may be missing where somebody only wrote words. */
export interface Named {
  system?: string;
  code?: string;
  text: string;
}

export const concept = ({ system, code, text }: Named): CodeableConcept => ({
  ...(system === undefined || code === undefined ? {} : { coding: [{ system, code, display: text }] }),
  text,
});
const coded = (system: string, code: string): CodeableConcept => ({ coding: [{ system, code }] });
const subjectOf = ({ patient }: Said) => ({ reference: `Patient/${patient}` });
const authorOf = ({ author }: Said) => ({
  identifier: { system: author.id.startsWith('prac-') ? systems.practitioner : systems.patient, value: author.id },
  display: author.name,
});

function built<Type extends ResourceType>(resourceType: Type, said: Said, members: Record<string, unknown>) {
  const { id, category } = said;
  const meta = category === undefined ? {} : { meta: { security: [labelOf(category)] } };
  const defined = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  const checked = checkResource({ resourceType, id, ...meta, ...defined });
  if (!checked.ok) throw new TypeError(checked.issues.map(({ path, reason }) => `${path}: ${reason}`).join('; '));
  if (!isOfType(checked.resource, resourceType) || !isIdentified(checked.resource)) throw new TypeError(resourceType);
  return checked.resource;
}
const isOfType = <Type extends ResourceType>(
  resource: RecordResource,
  type: Type,
): resource is Extract<RecordResource, { resourceType: Type }> => resource.resourceType === type;

export type ProblemStatus = 'active' | 'recurrence' | 'relapse' | 'inactive' | 'remission' | 'resolved';
export const buildProblem = (
  said: Said,
  problem: { code: Named; status: ProblemStatus; onset?: string; ended?: string; note?: string; confirmed?: boolean },
) =>
  built('Condition', said, {
    clinicalStatus: coded(statusSystems.conditionClinical, problem.status),
    verificationStatus: coded(
      statusSystems.conditionVerification,
      problem.confirmed === false ? 'unconfirmed' : 'confirmed',
    ),
    category: [coded(`${terminology}/condition-category`, 'problem-list-item')],
    code: concept(problem.code),
    subject: subjectOf(said),
    onsetDateTime: problem.onset,
    abatementDateTime: problem.ended,
    recordedDate: said.recorded,
    recorder: authorOf(said),
    note: noteOf(problem.note),
  });

export const buildAllergy = (
  said: Said,
  allergy: {
    code: Named;
    category?: 'food' | 'medication' | 'environment' | 'biologic';
    severe?: boolean;
    reaction?: string;
    onset?: string;
  },
) =>
  built('AllergyIntolerance', said, {
    clinicalStatus: coded(statusSystems.allergyClinical, 'active'),
    verificationStatus: coded(statusSystems.allergyVerification, 'confirmed'),
    category: allergy.category === undefined ? undefined : [allergy.category],
    criticality: allergy.severe === undefined ? undefined : allergy.severe ? 'high' : 'low',
    code: concept(allergy.code),
    patient: subjectOf(said),
    onsetDateTime: allergy.onset,
    recordedDate: said.recorded,
    recorder: authorOf(said),
    reaction: allergy.reaction === undefined ? undefined : [{ manifestation: [{ text: allergy.reaction }] }],
  });

/** A number with its unit, range and flag. */
export const buildResult = (
  said: Said,
  result: { measurement: Measurement; value: number; at: string; note?: string },
) => {
  const { measurement, value } = result;
  return built('Observation', said, {
    status: 'final',
    category: [coded(`${terminology}/observation-category`, measurement.kind)],
    code: concept({ system: loincSystem, code: measurement.code, text: measurement.name }),
    subject: subjectOf(said),
    effectiveDateTime: result.at,
    performer: [authorOf(said)],
    valueQuantity: quantityOf(measurement, value),
    ...rangeOf(measurement, value),
    note: noteOf(result.note),
  });
};
export const buildBloodPressure = (said: Said, pressure: { systolic: number; diastolic: number; at: string }) =>
  built('Observation', said, {
    status: 'final',
    category: [coded(`${terminology}/observation-category`, 'vital-signs')],
    code: concept({ system: loincSystem, code: '85354-9', text: 'Blood pressure' }),
    subject: subjectOf(said),
    effectiveDateTime: pressure.at,
    performer: [authorOf(said)],
    component: [[systolic, pressure.systolic] as const, [diastolic, pressure.diastolic] as const].map(
      ([measurement, value]) => ({
        code: concept({ system: loincSystem, code: measurement.code, text: measurement.name }),
        valueQuantity: quantityOf(measurement, value),
        ...rangeOf(measurement, value),
      }),
    ),
  });
/** What is found and said in words: a smoking status, a questionnaire, an examination. */
export const buildFinding = (
  said: Said,
  finding: { code: Named; value: string; at: string; kind: 'social-history' | 'survey' | 'exam' | 'laboratory' },
) =>
  built('Observation', said, {
    status: 'final',
    category: [coded(`${terminology}/observation-category`, finding.kind)],
    code: concept(finding.code),
    subject: subjectOf(said),
    effectiveDateTime: finding.at,
    performer: [authorOf(said)],
    valueString: finding.value,
  });

function rangeOf(measurement: Measurement, value: number) {
  const { low, high } = measurement;
  if (low === undefined && high === undefined) return {};
  const flag = low !== undefined && value < low ? 'L' : high !== undefined && value > high ? 'H' : 'N';
  return {
    interpretation: [coded(`${terminology}/v3-ObservationInterpretation`, flag)],
    referenceRange: [
      {
        ...(low === undefined ? {} : { low: quantityOf(measurement, low) }),
        ...(high === undefined ? {} : { high: quantityOf(measurement, high) }),
      },
    ],
  };
}

export const buildMedicine = (
  said: Said,
  medicine: {
    code: Named;
    status: 'active' | 'completed' | 'stopped' | 'on-hold';
    dose: string;
    from: string;
    until?: string;
    reason?: string;
  },
) =>
  built('MedicationStatement', said, {
    status: medicine.status,
    medicationCodeableConcept: concept(medicine.code),
    subject: subjectOf(said),
    effectivePeriod: { start: medicine.from, ...(medicine.until === undefined ? {} : { end: medicine.until }) },
    dateAsserted: said.recorded,
    informationSource: authorOf(said),
    reasonCode: medicine.reason === undefined ? undefined : [{ text: medicine.reason }],
    dosage: [{ text: medicine.dose }],
  });

export const buildImmunization = (
  said: Said,
  given: { code: Named; at: string; lot?: string; dose?: number; of?: number; disease?: string },
) =>
  built('Immunization', said, {
    status: 'completed',
    vaccineCode: concept(given.code),
    patient: subjectOf(said),
    occurrenceDateTime: given.at,
    recorded: said.recorded,
    lotNumber: given.lot,
    performer: [{ actor: authorOf(said) }],
    protocolApplied:
      given.dose === undefined
        ? undefined
        : [
            {
              doseNumberPositiveInt: given.dose,
              ...(given.of === undefined ? {} : { seriesDosesPositiveInt: given.of }),
              ...(given.disease === undefined ? {} : { targetDisease: [{ text: given.disease }] }),
            },
          ],
  });

export const buildVisit = (
  said: Said,
  visit: {
    type: Named;
    kind: 'AMB' | 'IMP' | 'EMER' | 'VR';
    from: string;
    to?: string;
    reason?: string;
    place?: string;
  },
) =>
  built('Encounter', said, {
    status: 'finished',
    class: { system: `${terminology}/v3-ActCode`, code: visit.kind },
    type: [concept(visit.type)],
    subject: subjectOf(said),
    participant: [{ individual: authorOf(said) }],
    period: { start: visit.from, end: visit.to ?? visit.from },
    reasonCode: visit.reason === undefined ? undefined : [{ text: visit.reason }],
    serviceProvider: visit.place === undefined ? undefined : { display: visit.place },
  });

export const buildProcedure = (said: Said, done: { code: Named; at: string; outcome?: string; note?: string }) =>
  built('Procedure', said, {
    status: 'completed',
    code: concept(done.code),
    subject: subjectOf(said),
    performedDateTime: done.at,
    recorder: authorOf(said),
    performer: [{ actor: authorOf(said) }],
    outcome: done.outcome === undefined ? undefined : { text: done.outcome },
    note: noteOf(done.note),
  });

export const buildReport = (
  said: Said,
  report: {
    code: Named;
    at: string;
    conclusion: string;
    results?: readonly Identified[];
    files?: readonly Attachment[];
  },
) =>
  built('DiagnosticReport', said, {
    status: 'final',
    code: concept(report.code),
    subject: subjectOf(said),
    effectiveDateTime: report.at,
    issued: said.recorded,
    performer: [authorOf(said)],
    result: report.results?.map(({ resourceType, id }) => ({ reference: `${resourceType}/${id}` })),
    conclusion: report.conclusion,
    presentedForm: report.files,
  });

/** Files, each an Attachment element (`fhir/attachment.ts`). */
export const buildDocument = (
  said: Said,
  document: { type: Named; title: string; files: readonly [Attachment, ...Attachment[]] },
) =>
  built('DocumentReference', said, {
    status: 'current',
    docStatus: 'final',
    type: concept(document.type),
    subject: subjectOf(said),
    date: said.recorded,
    author: [authorOf(said)],
    description: document.title,
    content: document.files.map((attachment) => ({ attachment })),
  });

export const buildPatient = (
  said: Said,
  person: {
    name: string;
    birthDate: string;
    sex: 'male' | 'female' | 'other';
    identifier?: string;
    language?: Language;
  },
) =>
  built('Patient', said, {
    active: true,
    identifier: person.identifier === undefined ? undefined : [{ system: systems.patient, value: person.identifier }],
    name: [{ use: 'official', text: person.name }],
    gender: person.sex,
    birthDate: person.birthDate,
    communication:
      person.language === undefined
        ? undefined
        : [{ language: coded(languageSystem, person.language), preferred: true }],
  });

const noteOf = (note: string | undefined) => (note === undefined ? undefined : [{ text: note }]);
