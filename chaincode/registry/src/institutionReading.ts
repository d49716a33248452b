import { createHash } from 'node:crypto';
import type { Context } from 'fabric-contract-api';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { callerKeyHash } from '../../ledger/certificate.ts';
import { requireStatement } from '../../ledger/statement.ts';
import { transientJson } from '../../ledger/transient.ts';
import { LedgerError } from '../../model/errors.ts';
import { institutionId } from '../../model/identifiers.ts';
import { institutionReading } from '../../model/records.ts';
import type { Institution } from '../../model/registry.ts';
import {
  type HeldStaffWrap,
  type OwnStaffWrap,
  type StaffWrap,
  staffTransientField,
  staffWraps,
} from '../../model/staffWrap.ts';
import { requireActive } from '../../model/standing.ts';
import { institutionStatement, staffWrapStatement } from '../../model/statements.ts';
import { requireAdmin } from './authority.ts';
import { findStaffWrap, listStaffWraps, putStaffWrap } from './staffWraps.ts';
import {
  announceChange,
  findPractitioner,
  formerLadders,
  getInstitution,
  getStandingByKey,
  keepLadder,
  putInstitution,
} from './storage.ts';

/** 400 wraps of 1,558 characters with what belongs to them. */
const maxStaffBytes = 1024 * 1024;

/**
 * Puts the next generation of an institution's reading key in force, with its seed wrapped for staff, among them the admin, so
 * that nobody can wrap for a key that nobody holds.
 */
export async function putInstitutionReading(ctx: Context, at: Date, text: string, json: string): Promise<void> {
  const reading = parseJson(institutionReading, json, 'reading');
  const wraps = staffOf(ctx);
  const institution = await getInstitution(ctx, parseValue(institutionId, text, 'institution'));
  const admin = await requireAdmin(ctx, at, institution);
  if (reading.by !== admin.id) throw new LedgerError('INVALID_ARGUMENT', 'reading.by: not the caller');
  const generation = generationOf(institution) + 1;
  if (reading.generation !== generation) throw new LedgerError('STALE_KEY', `the next generation is ${generation}`);
  if ((reading.ladder === undefined) !== (generation === 1)) {
    throw new LedgerError('INVALID_ARGUMENT', 'reading.ladder: from the second generation on');
  }
  if (!wraps.some(({ practitioner }) => practitioner === admin.id)) {
    throw new LedgerError('INVALID_ARGUMENT', 'staff: not wrapped for the caller');
  }
  requireStatement(ctx, institutionStatement(institution.id, reading), reading.signature);
  const changed = { ...institution, reading, version: institution.version + 1 };
  await keepLadder(ctx, institution);
  await putWraps(ctx, changed, admin.id, wraps);
  await putInstitution(ctx, changed, 'putInstitutionReading', at);
}

/** Keeps the seed of the present generation for members of staff, as for those who came later. */
export async function wrapForStaff(ctx: Context, at: Date, text: string): Promise<void> {
  const wraps = staffOf(ctx);
  const institution = await getInstitution(ctx, parseValue(institutionId, text, 'institution'));
  const { id: by } = await requireAdmin(ctx, at, institution);
  await putWraps(ctx, institution, by, wraps);
  const { id, status, version } = institution;
  announceChange(ctx, { kind: 'institution', id, change: 'wrapForStaff', status, version, at: at.toISOString() });
}

function staffOf(ctx: Context): StaffWrap[] {
  return transientJson(ctx, staffTransientField, staffWraps, maxStaffBytes);
}

async function putWraps(
  ctx: Context,
  institution: Institution,
  by: string,
  wraps: readonly StaffWrap[],
): Promise<void> {
  const generation = generationOf(institution);
  for (const wrap of wraps) {
    if (generation === 0 || wrap.generation !== generation) {
      throw new LedgerError('STALE_KEY', `the generation is ${generation}`);
    }
    await requireReader(ctx, institution, wrap);
    requireStatement(ctx, staffWrapStatement(institution.id, by, wrap), wrap.signature);
    await putStaffWrap(ctx, institution, { ...wrap, by });
  }
}

async function requireReader(ctx: Context, institution: Institution, wrap: StaffWrap): Promise<void> {
  const member = await findPractitioner(ctx, wrap.practitioner);
  if (member?.institutionId !== institution.id || member.status === 'revoked') {
    throw new LedgerError('NOT_FOUND', `${wrap.practitioner} is not of ${institution.id}`);
  }
  if (!member.keys || hashOf(member.keys.readingKey) !== wrap.readerKeyHash) {
    throw new LedgerError('STALE_KEY', `${member.id} has another reading key`);
  }
}

const generationOf = ({ reading }: Institution) => reading?.generation ?? 0;
const hashOf = (readingKey: string) => createHash('sha256').update(Buffer.from(readingKey, 'base64url')).digest('hex');

/** The institution's newest reading key with its seed for the caller, who must be of its staff, and the ladders before. Throws NOT_FOUND. */
export async function readStaffWrap(ctx: Context, text: string): Promise<OwnStaffWrap> {
  const id = parseValue(institutionId, text, 'institution');
  const { practitioner, institution } = await getStandingByKey(ctx, callerKeyHash(ctx));
  if (practitioner.institutionId !== id || ctx.clientIdentity.getMSPID() !== practitioner.mspId) {
    throw new LedgerError('NOT_AUTHORISED', `only the staff of ${id} may read this`);
  }
  requireActive(practitioner, institution);
  const { reading } = institution;
  const wrap = reading && (await findStaffWrap(ctx, institution, reading.generation, practitioner.id));
  if (!wrap) throw new LedgerError('NOT_FOUND', `nobody has wrapped the key of ${id} for ${practitioner.id}`);
  return { reading, wrap, ladders: await formerLadders(ctx, institution) };
}

/** For whom of the staff the newest generation is wrapped, and under which key, for the admin. */
export async function readStaffWraps(ctx: Context, at: Date, text: string): Promise<HeldStaffWrap[]> {
  const institution = await getInstitution(ctx, parseValue(institutionId, text, 'institution'));
  await requireAdmin(ctx, at, institution);
  const wraps = await listStaffWraps(ctx, institution, generationOf(institution));
  return wraps.map(({ practitioner, generation, readerKeyHash }) => ({ practitioner, generation, readerKeyHash }));
}
