import { type Category, categories } from '#chaincode/model/category.ts';
import type { PermittedNow } from '#chaincode/model/consent.ts';
import { findEscrow, readersBeside } from '#components/consents/giveKeys.ts';
import type { Signed } from '#components/signing/createSigned.ts';
import { vaultClient } from '#components/vault/client.ts';
import { expectData, VaultError } from '#components/vault/errors.ts';
import {
  findClaims,
  missingCategories,
  type OpenedRecord,
  openAccess,
  openByEscrow,
  openOwnRecord,
  signAccess,
} from '#components/vault/records.ts';
import { isFresh, type Preparation, prepare, type SignedReading } from '#components/vault/transact.ts';
import { sendIndex } from '#components/vault/uploads.ts';
import { newCareId } from '#crypto/identifier.ts';
import { readingKeyHash } from '#crypto/reader.ts';
import { representativesOf } from '#server/patients/actions.ts';
import type { RecordFacts } from '#server/records/schema.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { type KeptAccess, keepAccess, keptAccess, sharedReason } from './keptAccess.ts';

/** The ways to a record: as its owner, by consent, in an emergency. */

type Names = Readonly<Record<string, string>>;

/** Whose record it is, and who opens it as its owner. */
export interface OwnerOf {
  facts: Pick<RecordFacts, 'pseudonym' | 'enrolled'>;
  /** Pseudonym of who opens it: the patient, or who acts for the patient. */
  self: string;
}

/**
 * One's own record, or that of somebody whom one represents; its keys are made where there are none yet, and come out of
 * escrow where the reader has none, or has other keys than they were given for.
 */
export async function openOwn(owner: OwnerOf, signed: Signed, names: Names): Promise<OpenedRecord> {
  const patient = owner.facts.pseudonym;
  const record = await openOwnRecord(patient);
  const missing = missingCategories(record);
  if (missing.length > 0) {
    await makeKeys(owner, missing, signed, names);
    return openOwnRecord(patient);
  }
  return (await isShut(owner, record)) ? recoverKeys(owner, record, signed, names) : record;
}

async function makeKeys({ facts, self }: OwnerOf, missing: Category[], signed: Signed, names: Names): Promise<void> {
  const { pseudonym: patient, enrolled } = facts;
  const representations = expectData(await representativesOf({ pseudonym: patient }));
  const nobody = { patient, enrolled, consents: [], grantees: [], representations };
  const [escrow, readers] = await Promise.all([
    findEscrow(),
    readersBeside(self, nobody, missing, { at: new Date(), names }),
  ]);
  const intent = await vaultClient().call('openRecord', { patient, categories: missing, readers, escrow });
  await signed(intent, { names, sheet: 'factorOnly' });
}

/** Whether keys are not given to this reader, or only for a reading key that the reader no longer has. */
async function isShut({ self }: OwnerOf, { source, unlocked }: OpenedRecord): Promise<boolean> {
  if (unlocked.some(({ state }) => state === 'locked' || state === 'behind')) return true;
  const refused = unlocked.filter(({ state }) => state === 'refused').map(({ category }) => category);
  if (refused.length === 0) return false;
  const [claim] = await findClaims([self]);
  if (claim?.kind !== 'person') return false;
  const present = readingKeyHash(claim.readingKey);
  return source.views.some(({ category, wrap }) => refused.includes(category) && wrap?.readerKeyHash !== present);
}

/** Asked for once in a browser session, however often parts stay closed. */
const recovery = 'recovery';

/**
 * Opens by the shares that two organisations give to who acts for the patient, or has new keys, and has the keys given to the
 * reader for good. What no organisation gives stays as it is, and the chart says so.
 */
async function recoverKeys(owner: OwnerOf, record: OpenedRecord, signed: Signed, names: Names): Promise<OpenedRecord> {
  const { self, facts } = owner;
  const patient = facts.pseudonym;
  const kept = keptAccess(patient, recovery);
  const id = kept?.id ?? newCareId('acc', patient);
  if (kept === undefined) {
    const terms = { categories: [...categories], purpose: 'TREAT' as const };
    await signed({ kind: 'access:request', access: { id, patient }, terms }, { names, sheet: 'factorOnly' });
    keepAccess(patient, recovery, id);
  }
  let unlocked: OpenedRecord['unlocked'];
  try {
    ({ unlocked } = await openByEscrow(id, patient));
  } catch (error) {
    // What the reader can open already stays open; nobody gives keys to who has no reason to get them this way.
    if (isOver(error)) return openOwnRecord(patient);
    throw error;
  }
  const opened = unlocked.filter(({ state }) => state === 'open').map(({ category }) => category);
  const [claim] = opened.length === 0 ? [] : await findClaims([self]);
  if (claim === undefined) return record;
  const intent = await vaultClient().call('addWraps', { patient, readers: [{ claim, categories: opened }] });
  await signed(intent, { names, sheet: 'factorOnly' });
  return openOwnRecord(patient);
}

const isOver = (error: unknown) =>
  error instanceof VaultError && ['NOT_FOUND', 'NO_CONSENT', 'EXPIRED', 'NOT_AUTHORISED'].includes(error.code);

/** What an access that this browser session has already gives still; undefined where it gives nothing any more. */
async function again(kept: KeptAccess | undefined, open: (id: string) => Promise<OpenedRecord>) {
  if (kept === undefined) return undefined;
  try {
    return await open(kept.id);
  } catch (error) {
    if (isOver(error)) return undefined;
    throw error;
  }
}

export interface ReaderOf {
  /** Pseudonym. */
  patient: string;
  /** The reader's own institution, whose key may open the record. */
  institution?: string | undefined;
  names: Names;
}

/** A reading of what is shared that is about to be asked for. */
export interface NearAccess {
  permitted: PermittedNow;
  intent: Extract<TransactionIntent, { kind: 'access:request' }>;
  preparation: Preparation;
  reading: Promise<SignedReading>;
}

/** Begins what opening by consent begins with, for a person whose pointer is on its button already. */
export function comeNear(patient: string, permitted: PermittedNow): NearAccess {
  const intent = accessIntent(patient, permitted);
  return { permitted, intent, preparation: prepare(intent), reading: signAccess(intent.access.id) };
}

const accessIntent = (patient: string, permitted: PermittedNow): NearAccess['intent'] => ({
  kind: 'access:request',
  access: { id: newCareId('acc', patient), patient },
  terms: permitted,
});

/**
 * A record as far as its patient shares it for a purpose, as the ledger has just said (`permitted`). Each release of keys is an
 * entry on the ledger; within a browser session the one before serves again. Throws `NO_CONSENT` where nothing is shared.
 */
export async function openShared(
  { patient, institution, names }: ReaderOf,
  permitted: PermittedNow,
  signed: Signed,
  near?: NearAccess,
): Promise<OpenedRecord> {
  const open = (id: string) => openAccess(id, patient, institution);
  const present = await again(keptAccess(patient, sharedReason(permitted)), open);
  if (present !== undefined) return present;
  const isNear = near !== undefined && near.permitted === permitted && isFresh(near.preparation);
  const intent = isNear ? near.intent : accessIntent(patient, permitted);
  const { id } = intent.access;
  const reading = isNear ? near.reading : signAccess(id);
  await signed(intent, { names, sheet: 'factorOnly', ...(isNear && { ahead: near.preparation }) });
  keepAccess(patient, sharedReason(permitted), id);
  return openAccess(id, patient, institution, reading);
}

/** What an emergency opens, by shares of organisations: the summary, or everything once a second doctor has confirmed. */
export async function openInEmergency(
  { patient, names }: ReaderOf,
  emergency: { id: string; level: 'summary' | 'full' },
  signed: Signed,
): Promise<OpenedRecord> {
  const reason = `${emergency.id}/${emergency.level}`;
  const open = (id: string) => openByEscrow(id, patient);
  const present = await again(keptAccess(patient, reason), open);
  if (present !== undefined) return present;
  const access = { id: newCareId('acc', patient), patient, emergency: emergency.id };
  const opened = emergency.level === 'summary' ? (['summary'] as const) : categories;
  const terms = { categories: [...opened], purpose: 'ETREAT' as const };
  await signed({ kind: 'access:request', access, terms }, { names, sheet: 'factorOnly' });
  keepAccess(patient, reason, access.id);
  return open(access.id);
}

/** Documents that no index has yet and that a reader may leave so. */
const tailLeft = 16;

/** Brings the index of every opened category up to date whose tail has become long. True where one was written. */
export async function foldTails({ source, unlocked }: OpenedRecord, signed: Signed, names: Names): Promise<boolean> {
  const { patient, views, certificates } = source;
  let written = false;
  for (const view of views) {
    const isOpen = unlocked.some(({ category, state }) => category === view.category && state === 'open');
    if (!isOpen || view.tail.length <= tailLeft) continue;
    const folded = await vaultClient().call('foldIndex', { patient, view, certificates });
    if (folded === null) continue;
    await signed(await sendIndex(patient, folded), { names, sheet: 'factorOnly' });
    written = true;
  }
  return written;
}
