import type { Category } from '#chaincode/model/category.ts';
import { type Pack, Packer } from '#fhir/import/pack.ts';
import { byCategory, sampleHistory } from '#fhir/samples/history.ts';
import type { RecordBrowser } from '../../demonstration/recordBrowser.ts';
import { foldRecord, writeDocument } from '../../demonstration/records/perform.ts';

/** The part of a sample history that has most of it. */
export const longCategory: Category = 'results';

/** Of a hundred resources of a sample history, those that are of the long part. */
const longOfHundred = 92;

/** Writes a history of which the long part alone has so many entries, and indexes of all of it. */
export async function writeLongRecord(patient: RecordBrowser, entries: number): Promise<void> {
  const { subjectId } = patient.person.actor;
  const count = Math.ceil((entries * 100) / longOfHundred);
  const history = sampleHistory({ seed: 5, count, patient: subjectId, until: new Date().toISOString() });
  for (const [category, resources] of byCategory(history)) {
    const packer = new Packer();
    const packs: Pack[] = [];
    for (const [entry, resource] of resources.entries())
      packs.push(...packer.add({ resource, files: [], category, entry }));
    packs.push(...packer.rest());
    for (const pack of packs) await writeDocument(patient, subjectId, pack);
  }
  for (;;) {
    const { source } = await patient.openOwn();
    if (source.views.every(({ tail }) => tail.length === 0)) return;
    await foldRecord(patient);
  }
}
