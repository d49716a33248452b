import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { parseValue } from '../../ledger/arguments.ts';
import { askRegistry } from '../../ledger/askChannel.ts';
import { isRegistrarOf } from '../../ledger/certificate.ts';
import { decodeRecord } from '../../ledger/store.ts';
import { delegationId, delegationRecord } from '../../model/delegation.ts';
import { LedgerError } from '../../model/errors.ts';
import { deviceId, institutionId as institution, practitionerId } from '../../model/identifiers.ts';
import { deviceRecord, institutionRecord, practitionerRecord } from '../../model/records.ts';
import type { MirroredStanding } from '../../model/standing.ts';
import { findMirror, putMirror } from '../../people/mirrors.ts';

const subjectId = z.union([practitionerId, institution, deviceId, delegationId]);

/**
 * Writes what the registry says of a practitioner, institution, device or delegation, where this channel knows nothing newer; nothing otherwise.
 * The argument names only whom: a registrar of any organisation may bring it, since it cannot say anything else.
 */
export async function mirror(ctx: Context, at: Date, subject: string): Promise<void> {
  const id = parseValue(subjectId, subject, 'subject');
  if (!isRegistrarOf(ctx, ctx.clientIdentity.getMSPID())) {
    throw new LedgerError('NOT_AUTHORISED', 'only a registrar may do this');
  }
  const before = await findMirror(ctx, id);
  const now = await askStanding(ctx, id);
  if (before && before.version >= now.version) return;
  await putMirror(ctx, { ...now, since: sinceOf(before, now) ?? at.toISOString() }, at);
}

/** Who was out of standing and still is, or is somebody else's device now, is so since the first time. */
function sinceOf(before: MirroredStanding | undefined, now: MirroredStanding): string | undefined {
  if (before === undefined || before.status === 'active') return undefined;
  return now.status !== 'active' || before.institution !== now.institution ? before.since : undefined;
}

/** Throws NOT_FOUND. */
async function askStanding(ctx: Context, subject: string): Promise<MirroredStanding> {
  const ask = (name: string) => askRegistry(ctx, name, subject);
  if (subject.startsWith('inst-')) {
    const { status, version } = decodeRecord(institutionRecord, await ask('readInstitution'));
    return { subject, status, version };
  }
  if (subject.startsWith('dlg-')) {
    const { status, version } = decodeRecord(delegationRecord, await ask('readDelegation'));
    return { subject, status, version };
  }
  const { status, version, institutionId } = subject.startsWith('dev-')
    ? decodeRecord(deviceRecord, await ask('readDevice'))
    : decodeRecord(practitionerRecord, await ask('readPractitioner'));
  return { subject, status, version, institution: institutionId };
}

/** Throws NOT_FOUND. */
export async function read(ctx: Context, subject: string): Promise<MirroredStanding> {
  const id = parseValue(subjectId, subject, 'subject');
  const mirror = await findMirror(ctx, id);
  if (!mirror) throw new LedgerError('NOT_FOUND', `the channel has no mirror of ${id}`);
  return mirror;
}
