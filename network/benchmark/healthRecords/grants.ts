import { type Category, categories } from '#chaincode/model/category.ts';
import type { ConsentTerms } from '#chaincode/model/consent.ts';
import type { Portal } from '#server/portal.ts';
import { readersOf } from '#server/records/readers.ts';
import type { RecordBrowser } from '../../demonstration/recordBrowser.ts';

/** Lets a person read, as the patient's page does once the record is open; answers how long that took. */
async function grant(portal: Portal, patient: RecordBrowser, reader: string, of: readonly Category[]): Promise<number> {
  const { person, vault, transact } = patient;
  const { actor } = person;
  const terms: ConsentTerms = {
    ...{ decision: 'permit', grantee: { kind: 'person', id: reader }, categories: [...of], purposes: ['TREAT'] },
    from: new Date(Date.now() - 60_000).toISOString(),
  };
  const started = performance.now();
  const [claim] = await readersOf(actor, { ids: [reader] }, portal);
  if (claim === undefined) throw new Error(`${reader} has no key.`);
  const intent = await vault.grantConsent({ patient: actor.subjectId, terms, reader: claim });
  await transact(intent);
  return performance.now() - started;
}

/** The whole record to one reader. */
export async function grantAll(portal: Portal, patient: RecordBrowser, reader: string): Promise<void> {
  await patient.openOwn();
  await grant(portal, patient, reader, categories);
}

/** Grants one part so many times; milliseconds of each. */
export async function timeGrants(
  portal: Portal,
  patient: RecordBrowser,
  reader: string,
  { category, rounds }: { category: Category; rounds: number },
): Promise<number[]> {
  await patient.openOwn();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await grant(portal, patient, reader, [category]));
  return times;
}
