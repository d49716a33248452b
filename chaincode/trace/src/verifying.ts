import type { Context } from 'fabric-contract-api';
import { parseJson } from '../../ledger/arguments.ts';
import { expiresAt, type Verification, verifyArgument } from '../../model/trace.ts';
import { Draft } from './draft.ts';
import { findPack } from './reading.ts';

/** Whether a pack is what it says, and may be given to a patient at the instant `at`. What is final is said first. */
export async function verify(ctx: Context, at: Date, json: string): Promise<Verification> {
  const asked = parseJson(verifyArgument, json, 'pack');
  const pack = await findPack(new Draft(ctx), asked);
  if (!pack) return { answer: 'unknown', why: 'nobody has commissioned this pack here' };
  if (asked.batch !== undefined && asked.batch !== pack.batch) {
    return { answer: 'mismatch', why: `the pack is of batch ${pack.batch}` };
  }
  if (asked.expiry !== undefined && asked.expiry !== pack.expiry) {
    return { answer: 'mismatch', why: `the pack is to be used until ${pack.expiry}` };
  }
  const { state, decommissioned } = pack;
  if (state === 'dispensed' || state === 'decommissioned') {
    return { answer: state, why: `by ${decommissioned?.institutionId} at ${decommissioned?.at}` };
  }
  if (state === 'destroyed' || state === 'stolen') return { answer: state, why: `as ${pack.holder} has said` };
  const [recall] = pack.recalls;
  if (recall !== undefined) return { answer: 'recalled', why: `by ${recall}` };
  if (state === 'quarantined') return { answer: state, why: `by its ${pack.heldBy}` };
  if (expiresAt(pack) <= at.getTime()) return { answer: 'expired', why: `it was to be used until ${pack.expiry}` };
  return { answer: 'genuine', why: `held by ${pack.holder} at ${pack.site}` };
}
