import type { Signed } from '#components/signing/createSigned.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import type { ChartSource } from '#components/vault/chartOperations.ts';
import { vaultClient } from '#components/vault/client.ts';
import { writeDocument } from '#components/vault/uploads.ts';
import { nameFiles } from '#fhir/import/files.ts';
import { type BundleImport, type EntryReport, openBundle } from '#fhir/import/importBundle.ts';
import type { Pack } from '#fhir/import/pack.ts';
import type { Identified } from '#fhir/record.ts';

/** Where an import stands. */
export interface ImportProgress {
  done: number;
  count: number;
  reports: EntryReport[];
  /** Entries of documents that could not be recorded, with why. */
  failed: { entries: number[]; problem: Problem }[];
}

/** Opens a Bundle for a record; what the record has already is recognised. Throws `FhirError`. */
export async function readBundle(file: Blob, source: ChartSource): Promise<BundleImport> {
  const [bytes, entries] = await Promise.all([file.arrayBuffer(), vaultClient().call('readTimeline', source)]);
  const known = new Set(entries.flatMap(({ y, r, q = [] }) => [`${y}/${r}`, ...q]));
  return openBundle(new Uint8Array(bytes), { patient: source.patient, known });
}

/** Milliseconds for which entries are checked before the page may breathe. */
const slice = 30;
const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));

/**
 * Takes a Bundle in: each entry checked and reported, the good ones encrypted and recorded in packs. A pack that fails is told
 * by its entries, and the others go on; whoever repeats the import brings what is missing.
 */
export async function importBundle(
  bundle: BundleImport,
  patient: string,
  signed: Signed,
  options: { names: Readonly<Record<string, string>>; onProgress: (progress: ImportProgress) => void },
): Promise<ImportProgress> {
  const progress: ImportProgress = { done: 0, count: bundle.count, reports: [], failed: [] };
  const tell = () => options.onProgress({ ...progress, reports: [...progress.reports] });
  let since = performance.now();
  for (const step of bundle.steps()) {
    if (step.kind === 'entry') {
      progress.reports.push(step.report);
      progress.done += 1;
    } else {
      try {
        await record(step.pack, patient, signed, options.names);
      } catch (thrown) {
        progress.failed.push({ entries: step.pack.entries, problem: problemOf(thrown) });
      }
    }
    if (performance.now() - since < slice) continue;
    tell();
    await breathe();
    since = performance.now();
  }
  tell();
  return progress;
}

async function record(
  { category, resources, files }: Pack,
  patient: string,
  signed: Signed,
  names: Readonly<Record<string, string>>,
): Promise<void> {
  const { intent, arrived } = await writeDocument({
    ...{ patient, category, files: files.map(({ content }) => new Blob([content])) },
    resources: (attachments): Identified[] => {
      const stored = attachments.map((attachment, at) => ({
        ...attachment,
        contentType: files[at]?.contentType ?? 'application/octet-stream',
      }));
      return files.length === 0 ? resources : resources.map((resource) => nameFiles(resource, stored));
    },
  });
  await signed(intent, { names, sheet: 'quiet', ready: arrived });
}
