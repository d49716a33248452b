import type { Context } from 'fabric-contract-api';
import { parseValue } from '../ledger/arguments.ts';
import { askRegistry } from '../ledger/askChannel.ts';
import { callerKeyHash } from '../ledger/certificate.ts';
import { decodeRecord } from '../ledger/store.ts';
import { delegated, delegationId, delegationTransientField, impliedReads } from '../model/delegation.ts';
import { LedgerError } from '../model/errors.ts';
import type { Standing } from '../model/registry.ts';
import { requireMirror } from './mirrors.ts';

/** Systems of institutions that sign in the name of a practitioner. */

/** The device by which the call of a context was found to act; a context lives as long as its transaction. */
const acting = new WeakMap<Context, string>();

/** The system that signs this transaction for a practitioner; undefined where the practitioner's own key does. */
export const actingDevice = (ctx: Context): string | undefined => acting.get(ctx);

/**
 * Who lets the calling device sign this function: by the delegation that transient data names, in force at the instant `at`.
 * Also reads this channel's mirrors of all that it rests on, so that the transaction fails at commit where one has changed.
 * Throws NOT_REGISTERED, NOT_FOUND, NOT_AUTHORISED, SUSPENDED, DELEGATION_ENDED.
 */
export async function delegatingStanding(ctx: Context, at: Date): Promise<Standing> {
  const named = ctx.stub.getTransient().get(delegationTransientField);
  if (!named?.length) throw new LedgerError('NOT_REGISTERED', 'a device acts for nobody without a delegation');
  const id = parseValue(delegationId, Buffer.from(named).toString('utf8'), delegationTransientField);
  const { delegation, device, standing } = decodeRecord(delegated, await askRegistry(ctx, 'readDelegated', id));
  const { practitioner, institution } = standing;
  if (device.keys.signingKeyHash !== callerKeyHash(ctx) || device.mspId !== ctx.clientIdentity.getMSPID()) {
    throw new LedgerError('NOT_AUTHORISED', `${id} is for another device`);
  }
  for (const subject of [practitioner, institution, device]) await requireMirror(ctx, subject);
  await requireMirror(ctx, delegation, 'DELEGATION_ENDED');
  if (device.status !== 'active') throw new LedgerError('SUSPENDED', `${device.id} is ${device.status}`);
  if (device.institutionId !== practitioner.institutionId || (device.purpose ?? 'system') !== 'system') {
    throw new LedgerError('NOT_AUTHORISED', `${device.id} is no system of ${practitioner.institutionId}`);
  }
  if (delegation.status !== 'active' || Date.parse(delegation.until) <= at.getTime()) {
    throw new LedgerError('DELEGATION_ENDED', `${id} is over`);
  }
  const { fcn } = ctx.stub.getFunctionAndParameters();
  const names: readonly string[] = delegation.functions;
  if (!names.includes(impliedReads[fcn] ?? fcn)) throw new LedgerError('NOT_AUTHORISED', `${id} is not for ${fcn}`);
  acting.set(ctx, device.id);
  return standing;
}
