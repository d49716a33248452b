import { consentTerms } from '#chaincode/model/consent.ts';
import { buildAdverseEvent } from '#fhir/adverseEvent.ts';
import { consentResource } from '#fhir/consent/exchange.ts';
import { emergencySummary } from '#fhir/export/emergencySummary.ts';
import { exportRecord } from '#fhir/export/exportRecord.ts';
import { nameFiles } from '#fhir/import/files.ts';
import { buildMedicationDispense } from '#fhir/medicationDispense.ts';
import { buildMedicationRequest, type MedicationRequest } from '#fhir/medicationRequest.ts';
import { encodeRecord, type Identified } from '#fhir/record.ts';
import type { SafetyRecord } from '#fhir/safety.ts';
import { sampleHistory } from '#fhir/samples/history.ts';
import { observationOf } from '#monitoring/observation.ts';
import { sampleReadings } from '#monitoring/samples.ts';
import { demonstrationRecords } from '../demonstration/records/records.ts';
import { answeredFhir } from './answered.ts';
import { insuranceFhir } from './insurance.ts';

/** What Medloom writes of FHIR, one JSON text by a name: documents of records, exports, a summary, readings, a consent, answers to software. */
export function writtenFhir(today: Date): Map<string, string> {
  const written = new Map<string, string>();
  const at = today.toISOString();
  const idOf = (email: string) =>
    email
      .replace(/[^a-z]/g, '')
      .slice(0, 26)
      .padEnd(26, 'a');
  const pseudonymOf = (email: string) => `pt-0-${idOf(email)}`;
  const authorOf = (email: string) => ({ id: `prac-${idOf(email)}`, name: email });
  const lind: Identified[] = [];
  const note = (name: string, value: object) => written.set(name, JSON.stringify(value));
  const noteRecord = (name: string, ...record: Parameters<typeof encodeRecord>) =>
    written.set(name, new TextDecoder().decode(encodeRecord(...record)));
  for (const { key, category, patient, resources, files } of demonstrationRecords({ today, pseudonymOf, authorOf })) {
    const stored = files.map(({ contentType, content }, index) => ({
      ...{ index, contentType, size: content.length },
      ...{ root: 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi', hash: '0'.repeat(64) },
    }));
    const named = resources.map((resource) => nameFiles(resource, stored));
    noteRecord(key, category, named, today);
    if (patient === 'jonas.lind@mail.example') lind.push(...named);
  }
  const patient = pseudonymOf('jonas.lind@mail.example');
  const options = { patient, at, timeZone: 'UTC', withheld: ['hiv'], files: new Map() } as const;
  for (const scope of ['record', 'summary'] as const) note(scope, exportRecord(lind, { ...options, scope }).bundle);
  note('empty', exportRecord([], { ...options, scope: 'record', name: 'Nobody' }).bundle);
  noteRecord('emergency', 'summary', emergencySummary(lind), today);
  noteRecord('history', 'results', [...sampleHistory({ seed: 1, count: 120, patient, until: at })], today);
  for (const reading of sampleReadings(today.getTime())) {
    const { measure } = reading;
    note(`reading-${measure}`, observationOf({ id: measure, patient, device: 'dev-bedside-1', reading }));
  }
  note('prescription', prescriptionOf(patient, at));
  note('checked-dispense', checkedDispenseOf(patient, at));
  note('adverse-event', adverseEventOf(patient, at));
  const terms = consentTerms.parse({
    ...{ decision: 'permit', grantee: { kind: 'role', id: 'inst-lakeside-hospital', role: 'doctor' } },
    ...{ categories: ['medication', 'hiv'], purposes: ['TREAT'], from: at },
  });
  const facts = { id: `con-0-${'c'.repeat(26)}`, patient, since: at, state: 'active', names: {} } as const;
  note('consent', consentResource(terms, facts));
  for (const [name, resource] of [...answeredFhir(today), ...insuranceFhir(at)]) note(name, resource);
  return written;
}

/** A serious report of harm, with the pack that is suspected. */
function adverseEventOf(patient: string, at: string): object {
  return buildAdverseEvent({
    id: `ae-0-${'d'.repeat(26)}`,
    patient,
    recorder: { id: `prac-${'b'.repeat(26)}`, name: 'Dr Amara Weiss' },
    medicine: { code: 'MP-24021', atc: 'J01CA04', name: 'amoxicillin 500 mg', batch: 'B-1', serial: 'S1' },
    began: at.slice(0, 10),
    criteria: ['hospitalisation', 'medicallyImportant'],
    outcome: 'recovering',
    narrative: 'Swelling of the face an hour after the first capsule.',
    recordedAt: at,
  });
}

/** A prescription with a clinical check in it, in another language than English. */
function prescriptionOf(patient: string, at: string): MedicationRequest {
  return buildMedicationRequest({
    id: `rx-0-${'a'.repeat(26)}`,
    product: {
      ...{
        code: 'MP-24021',
        name: 'amoxicillin',
        atc: 'J01CA04',
        form: 'capsule',
        strength: '500 mg',
        unit: 'capsule',
      },
    },
    patient: { name: 'Jonas Lind', birthDate: '1968-03-14', identifier: patient, sex: 'male', language: 'de' },
    requester: { id: `prac-${'b'.repeat(26)}`, name: 'Dr Amara Weiss', institution: 'Lakeside Hospital' },
    authoredOn: at,
    expires: at,
    dose: { amount: 1, unit: 'capsule', route: 'oral', frequency: 3, period: 1, periodUnit: 'd', durationDays: 7 },
    quantity: 21,
    repeats: 0,
    reason: { text: 'Pneumonia' },
    safety: checkAt(at),
  });
}

/** A hand-over of it with the pharmacist's own check. */
function checkedDispenseOf(patient: string, at: string): object {
  return buildMedicationDispense({
    ...{ id: `disp-${'e'.repeat(26)}`, request: prescriptionOf(patient, at), quantity: 21, fillComplete: true },
    ...{
      performer: { id: `prac-${'d'.repeat(26)}`, name: 'P. Moreau' },
      handedOver: at,
      withoutSerial: 'No code on it',
    },
    safety: { ...checkAt(at), stated: [] },
  });
}

/** A clinical check that found something, and did not know something. */
const checkAt = (at: string): SafetyRecord => ({
  ...{ tableVersion: 'medloom-1', outcome: 'overridden', at, salt: 's'.repeat(22) },
  findings: [
    {
      ...{
        rule: 'allergy-penicillins',
        kind: 'allergy',
        severity: 'contraindicated',
        title: 'Allergy to penicillins',
      },
      ...{
        explanation: 'Amoxicillin is a penicillin.',
        evidence: 'Allergy to penicillin',
        override: 'Tolerated since',
      },
      source: {
        name: 'Summary of product characteristics',
        section: 'section 4.3',
        url: 'https://www.medicines.org.uk/emc',
      },
    },
  ],
  unknown: [{ what: 'kidney', why: 'notShared', detail: 'results' }],
  stated: [{ what: 'weight', value: '80 kg' }],
});
