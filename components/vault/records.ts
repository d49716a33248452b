import { z } from 'zod';
import { accessView } from '#chaincode/model/access.ts';
import { type Category, categories } from '#chaincode/model/category.ts';
import {
  type FullConsentRequest,
  fullConsentRequest,
  type PermittedNow,
  permittedNow,
} from '#chaincode/model/consent.ts';
import {
  type CategoryView,
  categoryView,
  openableDocument,
  type StoredCategory,
  storedCategory,
  storedSeedWrap,
} from '#chaincode/model/healthRecord.ts';
import { ownStaffWrap } from '#chaincode/model/staffWrap.ts';
import { fromUtf8 } from '#crypto/bytes.ts';
import { releaseShares } from '#server/access/actions.ts';
import { readersOf } from '#server/records/actions.ts';
import type { ReadIntent } from '#server/transactions/schema.ts';
import type { ChartSource } from './chartOperations.ts';
import { vaultClient } from './client.ts';
import type { OpenedDocument } from './documentOperations.ts';
import { expectData, VaultError } from './errors.ts';
import { postToPortal } from './portal.ts';
import { subjectsOf } from './subjects.ts';
import { readAsPerson, type SignedReading, signRead } from './transact.ts';
import type { ClaimedInstitution } from './trust.ts';
import type { UnlockedCategory } from './unlockOperations.ts';

/** What the pages do with records. Keys stay in the worker; here are what the ledger answers, plaintext, and what is shown. */

/** A record as it was read: the source of charts and documents, and how far each category is open. */
export interface OpenedRecord {
  source: ChartSource;
  unlocked: UnlockedCategory[];
  /** The access by which it was read; absent for one's own. */
  access?: string;
  /** Categories that are not shared, whether or not there is anything in them; none of one's own record. */
  withheld: Category[];
}

/** What only this person's key may ask of a ledger, in the shape that it must have. Throws what asking throws, and `INTERNAL`. */
export async function read<Shape extends z.ZodType>(intent: ReadIntent, shape: Shape): Promise<z.infer<Shape>> {
  return inShape(await readAsPerson(intent), shape);
}

function inShape<Shape extends z.ZodType>(bytes: Uint8Array, shape: Shape): z.infer<Shape> {
  const answer = shape.safeParse(JSON.parse(fromUtf8(bytes)));
  if (answer.success) return answer.data;
  throw new VaultError('INTERNAL', 'The ledger answered something else.', { cause: answer.error });
}

const subjectsAtOnce = 200;

async function certificatesOf(subjects: string[]): Promise<string[]> {
  const certificates: string[] = [];
  for (let at = 0; at < subjects.length; at += subjectsAtOnce) {
    const ids = subjects.slice(at, at + subjectsAtOnce);
    const answer = await postToPortal('/api/certificates', { ids }, z.record(z.string(), z.array(z.string())));
    certificates.push(...Object.values(answer).flat());
  }
  return certificates;
}

/**
 * What a reading of a record gives, with the certificates of who signed what of it: those of the patient, who signed most, are
 * asked for beside it.
 */
async function withCertificates<Answer>(
  patient: string,
  reading: Promise<Answer>,
  signersOf: (answer: Answer) => string[],
): Promise<{ answer: Answer; certificates: string[] }> {
  const [answer, own] = await Promise.all([reading, certificatesOf([patient])]);
  const others = signersOf(answer).filter((subject) => subject !== patient);
  return { answer, certificates: [...own, ...(await certificatesOf(others))] };
}

/** Opens keys, and has what they will open fetched meanwhile. */
async function unlock(source: ChartSource): Promise<UnlockedCategory[]> {
  const [, unlocked] = await Promise.all([
    vaultClient().call('beginChart', { views: source.views }),
    vaultClient().call('unlockRecord', source),
  ]);
  return unlocked;
}

/** One's own record, or that of somebody whom one represents. Empty before it has keys. */
export async function openOwnRecord(patient: string): Promise<OpenedRecord> {
  let views: CategoryView[];
  try {
    views = await read({ kind: 'records:readOwn', patient }, z.array(categoryView));
  } catch (error) {
    if (!(error instanceof VaultError) || error.code !== 'RECORD_NOT_OPENED') throw error;
    views = [];
  }
  const source = { patient, views, certificates: await certificatesOf(subjectsOf(views)) };
  return { source, unlocked: await unlock(source), withheld: [] };
}

/** Categories that a record has no keys for yet. */
export const missingCategories = ({ source }: OpenedRecord): Category[] =>
  categories.filter((category) => !source.views.some((view) => view.category === category && view.epochs.length > 0));

/** Signs the reading of an access, which may still be on its way to the ledger. */
export function signAccess(id: string): Promise<SignedReading> {
  const reading = signRead({ kind: 'access:read', id });
  reading.catch(() => undefined); // whoever opens the access is told
  return reading;
}

/** What an access of one's own gives now: by consent, or for a representative. */
export async function openAccess(
  id: string,
  patient: string,
  institution?: string,
  reading = signAccess(id),
): Promise<OpenedRecord> {
  const { answer, certificates } = await withCertificates(
    patient,
    reading.then(async ({ ask }) => inShape(await ask(), accessView)),
    ({ categories }) => subjectsOf(categories),
  );
  const { categories: views, withheld } = answer;
  const needsInstitution = views.some(({ wrap }) => wrap?.reader.startsWith('inst-'));
  if (needsInstitution && institution !== undefined) await openInstitutionKeyIfGiven(institution);
  const source = { patient, views, certificates };
  return { source, unlocked: await unlock(source), access: id, withheld };
}

/** What an access gives by shares out of escrow: in an emergency, to a representative, or after new keys. */
export async function openByEscrow(id: string, patient: string): Promise<OpenedRecord> {
  const { categories: views, withheld } = await read({ kind: 'access:read', id }, accessView);
  const sealed = await read({ kind: 'access:readEscrow', id }, z.array(storedSeedWrap));
  const asked = sealed.map(({ reader, category, epoch, wrap }) => ({ reader, category, epoch, wrap }));
  // A record without keys has nothing in escrow.
  const shares = asked.length === 0 ? [] : expectData(await releaseShares({ access: id, shares: asked }));
  const source = { patient, views, certificates: await certificatesOf(subjectsOf(views)) };
  const unlocked = await vaultClient().call('unlockByShares', { ...source, shares });
  return { source, unlocked, access: id, withheld };
}

/** Opens the key of the institution in the vault. Throws `NOT_FOUND` where nobody has wrapped it for this member. */
export async function openInstitutionKey(institution: string): Promise<void> {
  const own = await read({ kind: 'readStaffWrap', institution }, ownStaffWrap);
  const certificates = await certificatesOf([...new Set([own.reading.by, own.wrap.by])]);
  await vaultClient().call('openInstitutionKey', { institution, own, certificates });
}

/** Where nobody has wrapped it for this member, what is wrapped for it stays locked, and the chart says so. */
async function openInstitutionKeyIfGiven(institution: string): Promise<void> {
  try {
    await openInstitutionKey(institution);
  } catch (error) {
    if (!(error instanceof VaultError) || error.code !== 'NOT_FOUND') throw error;
  }
}

const documentsAtOnce = 50;

/** Opens documents of one category of a record that was opened; each that does not check comes back with its problem. */
export async function openDocumentsOf(
  { source, access }: OpenedRecord,
  category: Category,
  ids: readonly string[],
): Promise<OpenedDocument[]> {
  const { patient } = source;
  const opened: OpenedDocument[] = [];
  for (let at = 0; at < ids.length; at += documentsAtOnce) {
    const some = ids.slice(at, at + documentsAtOnce);
    const documents = await read(
      access === undefined
        ? { kind: 'records:readOwnDocuments', patient, ids: some }
        : { kind: 'access:readDocuments', id: access, ids: some },
      z.array(openableDocument),
    );
    const certificates = await certificatesOf([...new Set(documents.map(({ document }) => document.author))]);
    opened.push(...(await vaultClient().call('openDocuments', { patient, category, documents, certificates })));
  }
  return opened;
}

/** The public keys to which anybody who treats the patient may write, with the certificates of who began them. */
export async function readWritingKeys(patient: string): Promise<{ keys: StoredCategory[]; certificates: string[] }> {
  const reading = read({ kind: 'records:readKeys', patient }, z.array(storedCategory));
  const signersOf = (keys: StoredCategory[]) => [...new Set(keys.map(({ by }) => by))];
  const { answer: keys, certificates } = await withCertificates(patient, reading, signersOf);
  return { keys, certificates };
}

/** Whom keys are to be wrapped for, with what proves their reading keys. Who has none is left out. */
export const findClaims = async (ids: string[]) => (ids.length === 0 ? [] : expectData(await readersOf({ ids })));

/** An institution whose key something is wrapped for, with what proves it. Throws `READER_UNKNOWN` where it has none yet. */
export async function findInstitution(id: string): Promise<ClaimedInstitution> {
  const [claim] = await findClaims([id]);
  if (claim?.kind === 'institution') return claim;
  throw new VaultError('READER_UNKNOWN', 'This institution has no key to which anything could be encrypted yet.');
}

/** What a patient lets a clinician read now, purpose by purpose; asking leaves no entry on the ledger. */
export const readPermitted = (patient: string): Promise<PermittedNow[]> =>
  read({ kind: 'consents:mine', patient }, z.array(permittedNow));

/** A request for access as whoever made it wrote it. */
export const readOwnRequest = (id: string): Promise<FullConsentRequest> =>
  read({ kind: 'consents:readRequest', id }, fullConsentRequest);
