import type { Context } from 'fabric-contract-api';
import { parsePseudonym, requireChannel } from '../../care/channel.ts';
import { getCircle } from '../../care/circles.ts';
import { requireMember, requireSeatedDoctor } from '../../care/members.ts';
import { parseJson } from '../../ledger/arguments.ts';
import { announce, getRecord, putRecord } from '../../ledger/store.ts';
import { careEvents } from '../../model/careEvents.ts';
import { LedgerError } from '../../model/errors.ts';
import { type Plan, type PlanPlace, plan, planPlace } from '../../model/telemetry.ts';
import { isPresent, objectTypes } from './storage.ts';

/** A doctor with a seat says what is watched, under the key of the present epoch. */
export async function setPlan(ctx: Context, at: Date, json: string): Promise<void> {
  const given = parsePlan(ctx, json);
  const by = await requireSeatedDoctor(ctx, given.patient, at);
  await requirePresent(ctx, given);
  const before = await findPlan(ctx, given.patient);
  const due = (before?.version ?? 0) + 1;
  if (given.version !== due) throw new LedgerError('STALE_KEY', `version ${due} of the plan is due`);
  await putPlan(ctx, { ...given, by, at: at.toISOString(), sealedBy: by }, 'telemetry:setPlan', at);
}

/** The same plan under the key of an epoch that has begun since. What it says, the clinician's signature inside vouches for. */
export async function resealPlan(ctx: Context, at: Date, json: string): Promise<void> {
  const given = parsePlan(ctx, json);
  const { id: sealedBy } = await requireMember(ctx, given.patient, at);
  await requirePresent(ctx, given);
  const before = await getPlan(ctx, given.patient);
  if (given.version !== before.version) throw new LedgerError('STALE_KEY', `the plan is at version ${before.version}`);
  if (isPresent(given, before)) throw new LedgerError('ALREADY_EXISTS', 'the plan is sealed under this epoch already');
  await putPlan(ctx, { ...given, by: before.by, at: before.at, sealedBy }, 'telemetry:resealPlan', at);
}

function parsePlan(ctx: Context, json: string): PlanPlace {
  const given = parseJson(planPlace, json, 'plan');
  requireChannel(ctx, given.patient);
  return given;
}

/** Throws NOT_FOUND, STALE_KEY. */
async function requirePresent(ctx: Context, given: PlanPlace): Promise<void> {
  const circle = await getCircle(ctx, given.patient);
  if (!isPresent(given, circle))
    throw new LedgerError('STALE_KEY', `epoch ${circle.generation}/${circle.epoch} is current`);
}

async function findPlan(ctx: Context, patient: string): Promise<Plan | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.plan, [patient]), plan);
}

/** Throws NOT_FOUND. */
async function getPlan(ctx: Context, patient: string): Promise<Plan> {
  const found = await findPlan(ctx, patient);
  if (!found) throw new LedgerError('NOT_FOUND', `${patient} has no monitoring plan`);
  return found;
}

async function putPlan(ctx: Context, record: Plan, change: string, at: Date): Promise<void> {
  const { patient, version } = record;
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.plan, [patient]), record);
  announce(ctx, careEvents.telemetry, { id: patient, change, state: 'active', version, at: at.toISOString(), patient });
}

export async function readPlan(ctx: Context, pseudonym: string): Promise<Plan> {
  return getPlan(ctx, parsePseudonym(ctx, pseudonym));
}
