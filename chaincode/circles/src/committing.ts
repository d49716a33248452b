import type { Context } from 'fabric-contract-api';
import { requireChannel } from '../../care/channel.ts';
import { epochParts, findCircle, objectTypes, putCircle } from '../../care/circles.ts';
import { type Member, requireMember } from '../../care/members.ts';
import { readPerson } from '../../care/owner.ts';
import { Seating } from '../../care/seating.ts';
import { parseJson } from '../../ledger/arguments.ts';
import { askRegistry } from '../../ledger/askChannel.ts';
import { callerKeyHash } from '../../ledger/certificate.ts';
import { announce, decodeRecord, putRecord } from '../../ledger/store.ts';
import { careEvents } from '../../model/careEvents.ts';
import {
  type Circle,
  type CircleEpoch,
  earliest,
  type Leaf,
  mostLeaves,
  mostLeavesOfOne,
  type NewCommit,
  newCommit,
} from '../../model/circle.ts';
import { LedgerError } from '../../model/errors.ts';
import { deviceRecord, standing } from '../../model/records.ts';
import { licenceCovers } from '../../model/standing.ts';

/**
 * Puts the next epoch of a circle on the ledger: of several commits for one epoch a single one is valid, since each reads and
 * writes the circle. What the group's protocol says is in the block at `cid`; that it adds and removes what is said here, every
 * member checks.
 */
export async function commit(ctx: Context, at: Date, json: string): Promise<void> {
  const given = parseJson(newCommit, json, 'commit');
  requireChannel(ctx, given.patient);
  const member = await requireMember(ctx, given.patient, at);
  const before = await findCircle(ctx, given.patient);
  const seating = new Seating(ctx);
  const added = given.added.map((leaf) => {
    if (leaf.subject !== member.id) throw new LedgerError('NOT_AUTHORISED', 'added: a leaf of somebody else');
    return { ...leaf, ...of(ctx, member) };
  });
  const kept =
    given.epoch === 0 ? begin(given, member, before) : await next(ctx, given, { member, before, seating, at });
  const leaves = [...kept, ...added];
  requireLeaves(leaves, member);
  const { added: _, removed: __, ...committed } = given;
  // The caller's clock may be behind the one before: no epoch ends before it began.
  const since = before && Date.parse(before.since) > at.getTime() ? before.since : at.toISOString();
  const circle: Circle = {
    ...committed,
    ...{ leaves, since, by: member.id, version: (before?.version ?? 0) + 1 },
    ...(await seating.settle({ patient: given.patient, leaves, staleSince: before?.staleSince }, at)),
  };
  if (before) await close(ctx, before, since, await seating.settle(before, at));
  await putEpoch(ctx, { ...committed, since, by: member.id });
  await putCircle(ctx, circle);
  const { patient, version } = circle;
  const state = given.epoch === 0 ? 'begun' : 'committed';
  announce(ctx, careEvents.circles, {
    id: patient,
    change: 'circles:commit',
    state,
    version,
    at: at.toISOString(),
    patient,
  });
}

/** What the ledger notes of whoever adds a leaf. */
function of(ctx: Context, member: Member): Pick<Leaf, 'signingKeyHash' | 'institution'> {
  return { signingKeyHash: callerKeyHash(ctx), ...('seat' in member && { institution: member.seat.institution }) };
}

/** An owner begins the group anew, alone: whatever became of the one before. */
function begin({ generation, added, removed }: NewCommit, member: Member, before: Circle | undefined): Leaf[] {
  if (!('owner' in member)) throw new LedgerError('NOT_AUTHORISED', 'a circle is begun by the patient');
  const due = (before?.generation ?? 0) + 1;
  if (generation !== due) throw new LedgerError('STALE_KEY', `generation ${due} is due`);
  if (added.length !== 1 || removed.length > 0) {
    throw new LedgerError('INVALID_ARGUMENT', 'commit: a circle begins with one leaf');
  }
  return [];
}

interface Attempt {
  member: Member;
  before: Circle | undefined;
  seating: Seating;
  at: Date;
}

/** The leaves that stay. */
async function next(ctx: Context, given: NewCommit, { member, before, seating, at }: Attempt): Promise<Leaf[]> {
  if (!before) throw new LedgerError('NOT_FOUND', `${given.patient} has no circle`);
  if (given.generation !== before.generation || given.epoch !== before.epoch + 1) {
    throw new LedgerError('STALE_KEY', `epoch ${before.generation}/${before.epoch + 1} is due`);
  }
  const removed = given.removed.map((name) => leafOf(before, name));
  if (new Set(removed).size < removed.length) throw new LedgerError('INVALID_ARGUMENT', 'removed: each leaf once');
  for (const leaf of removed) {
    if ('owner' in member || leaf.subject === member.id) continue;
    if (await seating.absentSince(given.patient, leaf, at)) continue;
    if (await isAbandoned(ctx, leaf, at)) continue;
    throw new LedgerError('NOT_AUTHORISED', `removed: ${leaf.subject} takes part by the patient's consent`);
  }
  return before.leaves.filter((leaf) => !removed.includes(leaf));
}

function leafOf({ leaves }: Circle, name: string): Leaf {
  const found = leaves.find(({ leaf }) => leaf === name);
  if (!found) throw new LedgerError('NOT_FOUND', 'removed: a leaf that is not in the circle');
  return found;
}

/** Whether a leaf's credential is worth nothing: its key is nobody's any more, or its subject may not act. */
async function isAbandoned(ctx: Context, { subject, signingKeyHash }: Leaf, at: Date): Promise<boolean> {
  if (subject.startsWith('pt-')) {
    const { keys, status } = await readPerson(ctx, subject);
    return status !== 'active' || keys?.signingKeyHash !== signingKeyHash;
  }
  if (subject.startsWith('dev-')) {
    const { keys, status } = decodeRecord(deviceRecord, await askRegistry(ctx, 'readDevice', subject));
    return status !== 'active' || keys.signingKeyHash !== signingKeyHash;
  }
  const { practitioner, institution } = decodeRecord(standing, await askRegistry(ctx, 'readStanding', subject));
  const isActive = practitioner.status === 'active' && institution.status === 'active';
  const mayPractise = isActive && licenceCovers(practitioner.licence, at);
  return !mayPractise || practitioner.keys?.signingKeyHash !== signingKeyHash;
}

/** Throws ALREADY_EXISTS, WRONG_STATE, INVALID_ARGUMENT. */
function requireLeaves(leaves: readonly Leaf[], member: Member): void {
  for (const part of ['leaf', 'keyHash'] as const) {
    if (new Set(leaves.map((leaf) => leaf[part])).size < leaves.length) {
      throw new LedgerError('ALREADY_EXISTS', `added: a ${part} that is in the circle`);
    }
  }
  const own = leaves.filter(({ subject }) => subject === member.id).length;
  // Who commits is in the group: a member, or somebody who joins with this very commit.
  if (own === 0) throw new LedgerError('INVALID_ARGUMENT', 'commit: of somebody who is not in the circle');
  if (leaves.length > mostLeaves || own > mostLeavesOfOne) {
    throw new LedgerError('WRONG_STATE', `at most ${mostLeaves} leaves, ${mostLeavesOfOne} of one subject`);
  }
}

async function close(ctx: Context, before: Circle, until: string, found: Pick<Circle, 'staleSince'>): Promise<void> {
  const { patient, generation, epoch, cid, contentHash, keyCommitment, since, by } = before;
  const staleSince = earliest(before.staleSince, found.staleSince);
  const closed = { patient, generation, epoch, cid, contentHash, keyCommitment, since, by, until };
  await putEpoch(ctx, { ...closed, ...(staleSince && { staleSince }) });
}

async function putEpoch(ctx: Context, epoch: CircleEpoch): Promise<void> {
  const key = ctx.stub.createCompositeKey(objectTypes.circleEpoch, [epoch.patient, ...epochParts(epoch)]);
  await putRecord(ctx, key, epoch);
}
