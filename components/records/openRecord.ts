import { categories, type Purpose } from '#chaincode/model/category.ts';
import type { Signed } from '#components/signing/createSigned.ts';
import { vaultClient } from '#components/vault/client.ts';
import { expectData, VaultError } from '#components/vault/errors.ts';
import {
  missingCategories,
  type OpenedRecord,
  openAccess,
  openByEscrow,
  openOwnRecord,
} from '#components/vault/records.ts';
import { sendIndex } from '#components/vault/uploads.ts';
import { newCareId } from '#crypto/identifier.ts';
import { escrowReaders } from '#server/records/actions.ts';
import { type KeptAccess, keepAccess, keptAccess } from './keptAccess.ts';

/** The ways to a record: as its owner, by consent, in an emergency. */

type Names = Readonly<Record<string, string>>;

/** Keys to which organisations receive shares. */
export const findEscrow = async () => expectData(await escrowReaders(undefined));

/** One's own record, or that of somebody whom one represents; its keys are made where there are none yet. */
export async function openOwn(patient: string, signed: Signed, names: Names): Promise<OpenedRecord> {
  const record = await openOwnRecord(patient);
  const missing = missingCategories(record);
  if (missing.length === 0) return record;
  const escrow = await findEscrow();
  const intent = await vaultClient().call('openRecord', { patient, categories: missing, readers: [], escrow });
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

/**
 * A record as far as its patient shares it for a purpose. Each release of keys is an entry on the ledger; within a browser
 * session the one before serves again. Throws `NO_CONSENT` where nothing is shared.
 */
export async function openShared(
  { patient, institution, names }: ReaderOf,
  purpose: Exclude<Purpose, 'ETREAT'>,
  signed: Signed,
): Promise<OpenedRecord> {
  const open = (id: string) => openAccess(id, patient, institution);
  const present = await again(keptAccess(patient, purpose), open);
  if (present !== undefined) return present;
  const access = { id: newCareId('acc', patient), patient };
  const terms = { categories: [...categories], purpose };
  await signed({ kind: 'access:request', access, terms }, { names, sheet: 'factorOnly' });
  keepAccess(patient, purpose, access.id);
  return open(access.id);
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
