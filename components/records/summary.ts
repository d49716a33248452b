import type { Category } from '#chaincode/model/category.ts';
import type { Signed } from '#components/signing/createSigned.ts';
import { vaultClient } from '#components/vault/client.ts';
import { VaultError } from '#components/vault/errors.ts';
import { type OpenedRecord, openDocumentsOf } from '#components/vault/records.ts';
import { writeDocument } from '#components/vault/uploads.ts';
import { byTime, entryKey } from '#fhir/chart/entry.ts';
import type { Shown } from '#fhir/chart/screen.ts';
import { emergencySummary } from '#fhir/export/emergencySummary.ts';
import { inSummary } from '#fhir/export/section.ts';
import type { Identified } from '#fhir/record.ts';
import { t } from '#messages/en.ts';

/** The emergency summary holds copies of entries of these parts, so that an emergency opens them and nothing else. */
const sources: readonly Category[] = ['clinical', 'medication', 'results'];
const isSource = ({ category }: Pick<Shown, 'category'>) => sources.includes(category);

/** What the summary is to be made of, and the summary that it takes the place of; null where the present one is up to date. */
export function summaryDue(timeline: readonly Shown[]): { entries: Shown[]; replaces?: string } | null {
  const originals = timeline.filter(isSource);
  const copies = timeline.filter(({ category }) => category === 'summary');
  const [newest] = copies.toSorted((one, other) => (one.w < other.w ? 1 : -1));
  const standing = new Set(originals.map(entryKey));
  const isGone = copies.some((copy) => !standing.has(entryKey(copy)));
  const isOlder = originals.some(({ w }) => newest === undefined || w > newest.w);
  if (!isGone && !isOlder) return null;
  const lines = originals.toSorted(byTime).map((entry) => ({ entry }));
  const entries = inSummary(lines).map(({ entry }) => entry);
  return { entries, ...(newest !== undefined && { replaces: newest.d }) };
}

/** The resources of entries, out of their documents. Throws where one does not check. */
async function resourcesOf(record: OpenedRecord, entries: readonly Shown[]): Promise<Identified[]> {
  const found: Identified[] = [];
  for (const category of sources) {
    const wanted = entries.filter((entry) => entry.category === category);
    const ids = [...new Set(wanted.map(({ d }) => d))];
    const keys = new Set(wanted.map((entry) => `${entry.d} ${entryKey(entry)}`));
    for (const opened of await openDocumentsOf(record, category, ids)) {
      if ('problem' in opened) throw new VaultError(opened.problem.code, opened.problem.message);
      found.push(...opened.resources.filter(({ resourceType, id }) => keys.has(`${opened.id} ${resourceType}/${id}`)));
    }
  }
  return found;
}

/**
 * Writes the emergency summary anew where an entry that belongs into it was added, corrected or taken back since. True where
 * it did. Throws where a part that it is made of does not open: a summary with a gap is worse than an older one.
 */
export async function renewSummary(
  record: OpenedRecord,
  signed: Signed,
  names: Readonly<Record<string, string>>,
): Promise<boolean> {
  const { patient } = record.source;
  const due = summaryDue(await vaultClient().call('readTimeline', record.source));
  if (due === null) return false;
  const { entries, replaces } = due;
  const resources = emergencySummary(await resourcesOf(record, entries));
  if (resources.length === 0) {
    if (replaces === undefined) return false;
    const reason = t.recordPages.summaryEmpty;
    await signed({ kind: 'records:retract', id: replaces, reason }, { names, sheet: 'factorOnly' });
    return true;
  }
  const { intent, arrived } = await writeDocument({
    ...{ patient, category: 'summary', resources: () => resources },
    ...(replaces !== undefined && { replaces }),
  });
  await signed(intent, { ready: arrived, names, sheet: 'factorOnly' });
  return true;
}
