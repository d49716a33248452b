import { consentTerms } from '#chaincode/model/consent.ts';
import { consentResource } from '#fhir/consent/exchange.ts';
import { emergencySummary } from '#fhir/export/emergencySummary.ts';
import { exportRecord } from '#fhir/export/exportRecord.ts';
import { nameFiles } from '#fhir/import/files.ts';
import { encodeRecord, type Identified } from '#fhir/record.ts';
import { sampleHistory } from '#fhir/samples/history.ts';
import { observationOf } from '#monitoring/observation.ts';
import { sampleReadings } from '#monitoring/samples.ts';
import { demonstrationRecords } from '../demonstration/records/records.ts';

/** What Medloom writes of FHIR, one JSON text by a name: documents of records, exports, a summary, readings and a consent. */
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
  const terms = consentTerms.parse({
    ...{ decision: 'permit', grantee: { kind: 'role', id: 'inst-lakeside-hospital', role: 'doctor' } },
    ...{ categories: ['medication', 'hiv'], purposes: ['TREAT'], from: at },
  });
  const facts = { id: `con-0-${'c'.repeat(26)}`, patient, since: at, state: 'active', names: {} } as const;
  note('consent', consentResource(terms, facts));
  return written;
}
