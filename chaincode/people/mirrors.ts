import type { Context } from 'fabric-contract-api';
import { announce, getRecord, putRecord } from '../ledger/store.ts';
import { careEvents } from '../model/careEvents.ts';
import { LedgerError, type LedgerErrorCode } from '../model/errors.ts';
import { type MirroredStanding, mirroredStanding } from '../model/standing.ts';

/**
 * What this channel was told of standings on `registry`. A peer answers for `registry` outside of a transaction's read set,
 * so what was endorsed before a suspension would still be valid; a key of this channel that every write reads is not.
 */
export const mirrorType = 'standing';

/** The mirror of a practitioner, institution, device or delegation; asking counts in the read set, also where there is none yet. */
export async function findMirror(ctx: Context, subject: string): Promise<MirroredStanding | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(mirrorType, [subject]), mirroredStanding);
}

/** Refuses somebody of whom this channel knows something newer than the peer's registry: SUSPENDED, or as is said. */
export async function requireMirror(
  ctx: Context,
  { id, version }: { id: string; version: number },
  code: LedgerErrorCode = 'SUSPENDED',
): Promise<void> {
  const mirror = await findMirror(ctx, id);
  if (mirror && mirror.version > version && mirror.status !== 'active') {
    throw new LedgerError(code, `${id} is ${mirror.status}`);
  }
}

/** Writes a mirror and announces the change. */
export async function putMirror(ctx: Context, mirror: MirroredStanding, at: Date): Promise<void> {
  const { subject, status: state, version } = mirror;
  await putRecord(ctx, ctx.stub.createCompositeKey(mirrorType, [subject]), mirror);
  const changed = { id: subject, change: 'standings:mirror', state, version, at: at.toISOString() };
  announce(ctx, careEvents.standings, changed);
}
