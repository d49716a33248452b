import type { Context } from 'fabric-contract-api';
import { parseJson, parseReason, parseValue } from '../../ledger/arguments.ts';
import { callerKeyHash, requireRegistrar } from '../../ledger/certificate.ts';
import { decodeRecord, readPage } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { practitionerId } from '../../model/identifiers.ts';
import { type Reenrolment, reenrolment } from '../../model/patient.ts';
import * as course from '../../model/reenrolment.ts';
import { type Page, type Practitioner, regulatorMsp } from '../../model/registry.ts';
import { decider, requireAuthority, requireKeeper, requireRegistrarFor } from './authority.ts';
import { putKeys } from './keys.ts';
import {
  announceReenrolment,
  findKeyOwner,
  findReenrolment,
  getReenrolment,
  getStanding,
  objectTypes,
  putReenrolment,
} from './storage.ts';
import { rotateWallet } from './walletList.ts';

/** New keys for practitioners who have lost theirs. Whoever's key was stolen may be suspended until then. */

const proposal = reenrolment.pick({ subject: true, keys: true }).extend({ subject: practitionerId });
const parseSubject = (text: string) => parseValue(practitionerId, text, 'subject');

/** Proposes new keys for a person who has some. */
export async function proposeReenrolment(ctx: Context, at: Date, json: string): Promise<void> {
  const { subject, keys } = parseJson(proposal, json, 'reenrolment');
  const { practitioner, institution } = await getStanding(ctx, subject);
  const proposedBy = await requireKeeper(ctx, at, institution, subject);
  requireNotRevoked(practitioner);
  if (!practitioner.keys) throw new LedgerError('WRONG_STATE', `${subject} has no keys yet; they can be enrolled`);
  if (await findKeyOwner(ctx, keys.signingKeyHash)) {
    throw new LedgerError('KEY_EXISTS', 'this signing key is or was in use');
  }
  const wanted = { subject, keys, proposedBy, proposedFor: institution.mspId };
  await put(ctx, course.propose(await findReenrolment(ctx, subject), wanted, at), 'proposeReenrolment', at);
}

/** The authority approves; of its own people, the registrar of another organisation. */
export async function approveReenrolment(ctx: Context, at: Date, text: string): Promise<void> {
  const proposed = await getReenrolment(ctx, parseSubject(text));
  const mspId = ctx.clientIdentity.getMSPID();
  if (proposed.proposedFor === regulatorMsp) requireRegistrar(ctx, mspId);
  else await requireAuthority(ctx, at);
  await put(ctx, course.approve(proposed, mspId, at), 'approveReenrolment', at);
}

/** Refused by the person's present key, by the institution or by the authority. */
export async function refuseReenrolment(ctx: Context, at: Date, text: string, why: string): Promise<void> {
  const subject = parseSubject(text);
  const reason = parseReason(why);
  const open = await getReenrolment(ctx, subject);
  const { practitioner, institution } = await getStanding(ctx, subject);
  const isOwn = practitioner.keys?.signingKeyHash === callerKeyHash(ctx);
  // A key that was stolen could stop its replacement for ever; suspended, it cannot.
  if (isOwn && practitioner.status !== 'active') throw new LedgerError('SUSPENDED', `${subject} is suspended`);
  if (!isOwn) await decider(ctx, at, institution, subject);
  await put(ctx, course.refuse(open, reason), 'refuseReenrolment', at);
}

/**
 * Puts the new keys in the place of the old ones, once the delay is over. Second factors go: they could be lost with the
 * keys, and a new one would need them.
 */
export async function completeReenrolment(ctx: Context, at: Date, text: string): Promise<void> {
  const subject = parseSubject(text);
  const approved = await getReenrolment(ctx, subject);
  const { practitioner, institution } = await getStanding(ctx, subject);
  requireRegistrarFor(ctx, institution);
  requireNotRevoked(practitioner);
  const completed = course.complete(approved, at);
  await putReenrolment(ctx, completed);
  const { credentials: _lost, keys: before, ...rest } = practitioner;
  const keys = before ? rotateWallet(before, completed.keys) : completed.keys;
  await putKeys(ctx, at, rest, keys, 'completeReenrolment');
}

export async function readReenrolment(ctx: Context, text: string): Promise<Reenrolment> {
  return getReenrolment(ctx, parseSubject(text));
}

export async function listReenrolments(ctx: Context, pageSize: string, bookmark: string): Promise<Page<Reenrolment>> {
  return readPage(ctx, objectTypes.reenrolment, [], pageSize, bookmark, (_key, value) =>
    decodeRecord(reenrolment, value),
  );
}

async function put(ctx: Context, record: Reenrolment, change: string, at: Date): Promise<void> {
  await putReenrolment(ctx, record);
  announceReenrolment(ctx, record, change, at);
}

function requireNotRevoked({ id, status }: Practitioner): void {
  if (status === 'revoked') throw new LedgerError('SUSPENDED', `${id} is revoked`);
}
