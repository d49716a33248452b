import { and, eq, gt, sql } from 'drizzle-orm';
import { categories } from '#chaincode/model/category.ts';
import type { ConsentTerms } from '#chaincode/model/consent.ts';
import { newCareId } from '#crypto/identifier.ts';
import type { AttachedFile } from '#fhir/attachment.ts';
import { emergencySummary } from '#fhir/export/emergencySummary.ts';
import { nameFiles } from '#fhir/import/files.ts';
import type { Identified } from '#fhir/record.ts';
import { AppError } from '#server/errors.ts';
import { emergencies } from '#server/gateways/db/schema/care.ts';
import type { Portal } from '#server/portal.ts';
import type { RecordBrowser } from '../recordBrowser.ts';
import type { RecordDraft } from './document.ts';
import type { Party, SharingItem } from './sharing.ts';

/** What people do with records, as their pages do it. */

/** Makes the keys of the categories that have none, with shares for the organisations' connectors. */
export async function openRecord(browser: OpeningBrowser): Promise<void> {
  try {
    await openMissing(browser);
  } catch (error) {
    // A start that was interrupted had signed it, and the ledger has it only since this one looked.
    if (!(error instanceof AppError) || error.code !== 'CONFLICT') throw error;
    await openMissing(browser);
  }
}

type OpeningBrowser = Pick<RecordBrowser, 'person' | 'openOwn' | 'escrow' | 'transact'> & {
  vault: Pick<RecordBrowser['vault'], 'openRecord'>;
};

async function openMissing({ person, vault, openOwn, escrow, transact }: OpeningBrowser): Promise<void> {
  const { source } = await openOwn();
  const has = source.views.filter(({ epochs }) => epochs.length > 0).map(({ category }) => category);
  const missing = categories.filter((category) => !has.includes(category));
  if (missing.length === 0) return;
  const patient = person.actor.subjectId;
  const keepers = await escrow();
  await transact(await vault.openRecord({ patient, categories: missing, readers: [], escrow: keepers }));
}

/** Writes a document: its files and itself encrypted and uploaded, then recorded. */
export async function writeDocument(
  { vault, writingKeys, upload, transact }: RecordBrowser,
  patient: string,
  { category, resources, files }: Pick<RecordDraft, 'category' | 'resources' | 'files'>,
): Promise<void> {
  const { keys, certificates } = await writingKeys(patient);
  const key = keys.find((each) => each.category === category);
  if (key === undefined) throw new Error(`The record has no key of ${category}.`);
  const send = upload(patient);
  const { id: document } = await vault.beginDocument({ patient });
  const stored: AttachedFile[] = [];
  for (const { contentType, content } of files) {
    const { index } = await vault.attachFile({ document, file: new Blob([content]) });
    for (;;) {
      const next = await vault.nextBlock({ document, index });
      if ('block' in next) await send(next.block);
      else {
        stored.push({ ...next.attachment, contentType });
        break;
      }
    }
  }
  const named = resources.map((resource) => nameFiles(resource, stored));
  const composed = await vault.composeDocument({ document, category: key, certificates, resources: named });
  await send(composed.block);
  await transact(composed.intent);
  await vault.endDocument({ document });
}

/** What of these documents an emergency needs, as a document of the patient's own. */
export const summaryOf = (
  drafts: readonly RecordDraft[],
): { category: 'summary'; resources: Identified[]; files: [] } => ({
  category: 'summary',
  resources: emergencySummary(drafts.filter(({ files }) => files.length === 0).flatMap(({ resources }) => resources)),
  files: [],
});

/** Folds what no index shows yet into the index of its category. */
export async function foldRecord({ person, vault, openOwn, upload, transact }: RecordBrowser): Promise<void> {
  const patient = person.actor.subjectId;
  const { source } = await openOwn();
  await Promise.all(
    source.views.map(async (view) => {
      const { certificates } = source;
      const folded = view.tail.length === 0 ? null : await vault.foldIndex({ patient, view, certificates });
      if (folded === null) return;
      const send = upload(patient);
      for (const block of folded.blocks) await send(block);
      await transact(folded.intent);
    }),
  );
}

/** Plays one item about a patient. */
export async function share(
  portal: Portal,
  item: SharingItem,
  patient: RecordBrowser,
  browserOf: (email: string) => Promise<RecordBrowser>,
): Promise<void> {
  const of = patient.person.actor.subjectId;
  switch (item.kind) {
    case 'consent':
      await grant(item, patient, await granteeOf(item.grantee, browserOf));
      return;
    case 'request': {
      const { transact } = await browserOf(item.doctor);
      const terms = { categories: [...item.categories], purposes: ['TREAT' as const], reason: item.reason };
      await transact({ kind: 'consents:request', request: { id: newCareId('req', of), patient: of }, terms });
      return;
    }
    case 'reading': {
      const { transact } = await browserOf(item.doctor);
      const terms = { categories: [...categories], purpose: 'TREAT' as const };
      await transact({ kind: 'access:request', access: { id: newCareId('acc', of), patient: of }, terms });
      return;
    }
    case 'emergency':
      await openInEmergency(portal, await browserOf(item.doctor), of, item.reason);
  }
}

type Named = Extract<ConsentTerms['grantee'], { kind: 'person' | 'institution' }>;

async function granteeOf(party: Party, browserOf: (email: string) => Promise<RecordBrowser>): Promise<Named> {
  if ('institution' in party) return { kind: 'institution', id: party.institution };
  return { kind: 'person', id: (await browserOf(party.person)).person.actor.subjectId };
}

const dayMs = 86_400_000;

async function grant(
  { decision, categories: granted, days }: Extract<SharingItem, { kind: 'consent' }>,
  { person, vault, openOwn, readersOf, transact }: RecordBrowser,
  grantee: Named,
): Promise<void> {
  const now = new Date();
  const terms: ConsentTerms = {
    ...{ decision, grantee, categories: [...granted], purposes: ['TREAT'], from: now.toISOString() },
    ...(days === undefined ? {} : { until: new Date(now.getTime() + days * dayMs).toISOString() }),
  };
  const [reader] = await readersOf([grantee.id]);
  await openOwn();
  const patient = person.actor.subjectId;
  await transact(await vault.grantConsent({ patient, terms, ...(reader === undefined ? {} : { reader }) }));
}

/** States an emergency, unless the doctor has one open already, and opens the summary by it. */
async function openInEmergency(
  portal: Portal,
  { person, transact }: RecordBrowser,
  patient: string,
  reason: string,
): Promise<void> {
  const own = and(eq(emergencies.patient, patient), eq(emergencies.actor, person.actor.subjectId));
  const known = portal.db.select({ id: emergencies.id }).from(emergencies);
  const [before] = await known.where(and(own, gt(emergencies.until, sql`now()`)));
  const id = before?.id ?? newCareId('emg', patient);
  if (before === undefined) await transact({ kind: 'access:openEmergency', emergency: { id, patient, reason } });
  await transact({
    ...{ kind: 'access:request', access: { id: newCareId('acc', patient), patient, emergency: id } },
    terms: { categories: ['summary'], purpose: 'ETREAT' },
  });
}
