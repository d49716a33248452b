import { z } from 'zod';
import type { PickupKind } from '#chaincode/model/prescriptionTerms.ts';
import { fromUtf8 } from '#crypto/bytes.ts';
import { type Disclosure, decodeDisclosure } from '#crypto/commitment/disclosure.ts';
import type { CommitmentField } from '#crypto/commitment/fields.ts';
import type { DispensedPack } from '#fhir/medicationDispense.ts';
import { findProduct } from '#formulary/products.ts';
import { type DispensingPlan, dispensingPlan } from '#server/dispensing/schema.ts';
import { readRegisterAuthority } from '#server/prescriptions/actions.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { careChannelOf } from '#server/prescriptions/schema.ts';
import type { ResumableIntent, TransactionIntent } from '#server/transactions/schema.ts';
import { vaultClient } from './client.ts';
import type { NewDispense } from './dispenseOperations.ts';
import { expectData, VaultError } from './errors.ts';
import type { NewPrescription, OpenedPrescription, RecordedPrescription } from './prescriptionOperations.ts';
import { readAsPerson } from './transact.ts';

/** What the pages do with prescriptions. Keys stay in the worker; here are ciphertext, plaintext and what is shown. */

type Summary = Pick<PrescriptionSummary, 'id' | 'author' | 'cid' | 'contentHash' | 'commitment'>;

const recordedOf = ({ id, author, cid, contentHash, commitment }: Summary): RecordedPrescription => ({
  id,
  author: author.id,
  cid,
  contentHash,
  commitment,
});

const wrapsAnswer = z.array(z.object({ id: z.string(), wrap: z.string() }));
const releaseAnswer = z.object({ codeWrap: z.string(), releaseShare: z.string() });
const refusal = z.object({
  code: z.string(),
  message: z.string(),
  kept: z.string().optional(),
  next: z.string().optional(),
});
const wrapsAtOnce = 50;

/** Ciphertext of a document. Throws the server's error, or `OFFLINE`. */
export async function fetchDocument(cid: string): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(`/api/documents/${cid}`, { credentials: 'same-origin' });
  } catch (cause) {
    throw new VaultError('OFFLINE', 'The portal does not answer.', { cause });
  }
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  const problem = refusal.safeParse(await response.json().catch(() => undefined));
  if (!problem.success) throw new VaultError('INTERNAL', 'The portal answered something else.');
  throw new VaultError(problem.data.code, problem.data.message);
}

/**
 * Makes a prescription in the worker: the intent to transact, and the resource to show. A controlled medicine is entered in the
 * authority's register, whose key is asked for here. Throws REGISTER_MISSING where the authority has none.
 */
export async function composePrescription(input: Omit<NewPrescription, 'authority'>) {
  const controlled = findProduct(input.product.code)?.controlled === true;
  const authority = controlled ? expectData(await readRegisterAuthority(undefined)) : undefined;
  return vaultClient().call('composePrescription', { ...input, ...(authority && { authority }) });
}

/** Completes what was kept of a flow that this person began in another browser: an issue's secrets are in its packet. */
export async function completeIntent(intent: ResumableIntent): Promise<TransactionIntent> {
  return intent.kind === 'issue' ? vaultClient().call('resumeFromPacket', { intent }) : intent;
}

export type Opening = { id: string; opened: OpenedPrescription } | { id: string; error: unknown };

/**
 * Opens prescriptions as their author or patient: one signed reading for each channel and 50 of them, then the
 * ciphertext of each. What cannot be opened comes back with its error; the others are opened all the same.
 */
export async function openPrescriptions(summaries: Summary[], as: 'author' | 'patient'): Promise<Opening[]> {
  const wraps = await readWraps(summaries.map(({ id }) => id));
  return Promise.all(
    summaries.map(async (summary): Promise<Opening> => {
      const { id, cid } = summary;
      try {
        const wrap = wraps.get(id);
        if (wrap instanceof Error) throw wrap;
        if (wrap === undefined) throw new VaultError('UNREADABLE', 'The ledger has no key for you.');
        const bytes = await fetchDocument(cid);
        const { origin } = window.location;
        const recorded = recordedOf(summary);
        return { id, opened: await vaultClient().call('openPrescription', { recorded, as, wrap, bytes, origin }) };
      } catch (error) {
        return { id, error };
      }
    }),
  );
}

/** Opens one prescription as its author or patient; throws what prevented it. */
export async function openPrescription(summary: Summary, as: 'author' | 'patient'): Promise<OpenedPrescription> {
  const [opening] = await openPrescriptions([summary], as);
  if (opening !== undefined && 'opened' in opening) return opening.opened;
  throw opening?.error;
}

async function readWraps(ids: string[]): Promise<Map<string, string | Error>> {
  const byChannel = Map.groupBy(ids, careChannelOf);
  const wraps = new Map<string, string | Error>();
  for (const channelIds of byChannel.values()) {
    for (let at = 0; at < channelIds.length; at += wrapsAtOnce) {
      const some = channelIds.slice(at, at + wrapsAtOnce);
      try {
        const answer = await readAsPerson({ kind: 'readWraps', ids: some });
        for (const { id, wrap } of wrapsAnswer.parse(JSON.parse(fromUtf8(answer)))) wraps.set(id, wrap);
      } catch (error) {
        for (const id of some) wraps.set(id, error instanceof Error ? error : new Error('unknown'));
      }
    }
  }
  return wraps;
}

/** Reads a scanned text or a typed code; the worker keeps the code, the page gets the hash to look it up by. */
export const redeem = (text: string) => vaultClient().call('redeem', { text, origin: window.location.origin });

/** The intent to accept the prescription whose code was read. */
export const composeAccept = (id: string, redeemHash: string) =>
  vaultClient().call('composeAccept', { id, redeemHash });

/** Opens the prescription that this pharmacy holds: release from the ledger, ciphertext, code that was read. */
export async function openRelease(summary: Summary, redeemHash: string): Promise<OpenedPrescription> {
  const [answer, bytes] = await Promise.all([
    readAsPerson({ kind: 'readRelease', id: summary.id }),
    fetchDocument(summary.cid),
  ]);
  const release = releaseAnswer.parse(JSON.parse(fromUtf8(answer)));
  return vaultClient().call('openRelease', { recorded: recordedOf(summary), redeemHash, release, bytes });
}

/** Opens the record of a hand-over of a prescription that was opened before. Throws what prevents it. */
export async function openDispense(
  prescriptionId: string,
  { id, practitionerId, cid, contentHash }: PrescriptionSummary['dispenses'][number],
) {
  const bytes = await fetchDocument(cid);
  const dispense = { id, practitionerId, cid, contentHash };
  return vaultClient().call('openDispense', { prescriptionId, dispense, bytes });
}

/** The proof of chosen fields of a prescription that was opened before, to be shown to anybody. */
export const discloseFields = async (prescriptionId: string, fields: CommitmentField[]): Promise<Disclosure> =>
  decodeDisclosure(await vaultClient().call('discloseFields', { prescriptionId, fields }));

/** Makes the record of a hand-over of what has no serial number: the intent to transact, and the resource to show. */
export const composeDispense = (input: NewDispense) => vaultClient().call('composeDispense', input);

/** Makes all that a hand-over of scanned packs signs, and the plan of it sealed for this pharmacist. */
export const composeDispensing = (input: {
  dispense: NewDispense;
  scanned: DispensedPack[];
  plan: Pick<DispensingPlan, 'medicine' | 'chains'>;
}) => vaultClient().call('composeDispensing', input);

/** The plan of a hand-over that this pharmacist began. Throws what keeps it closed. */
export async function openDispensing(kept: { dispenseId: string; packet: string }): Promise<DispensingPlan> {
  return dispensingPlan.parse(JSON.parse(await vaultClient().call('openDispensing', kept)));
}

/** A new one-time code for whoever fetches a prescription: the intent, and the code to show afterwards. */
export const composePickup = (input: { id: string; kind: PickupKind; until: string }) =>
  vaultClient().call('composePickup', input);

/** A new access code for a prescription that was opened before: the intent to transact, and the code to show afterwards. */
export const renewCode = (id: string) => vaultClient().call('renewCode', { id, origin: window.location.origin });

/** A locked vault has forgotten everything. */
async function unlessLocked(forgetting: Promise<void>): Promise<void> {
  try {
    await forgetting;
  } catch (error) {
    if (!(error instanceof VaultError && error.code === 'VAULT_LOCKED')) throw error;
  }
}

/** Forgets prescriptions that were composed and never signed. */
export const forgetPrescriptions = (ids: string[]): Promise<void> =>
  unlessLocked(vaultClient().call('forgetPrescriptions', { ids }));

/** Forgets an access code that was read at the counter. */
export const forgetCode = (redeemHash: string): Promise<void> =>
  unlessLocked(vaultClient().call('forgetCode', { redeemHash }));
