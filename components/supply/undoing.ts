import { expiresAt, undoDays } from '#chaincode/model/trace.ts';
import { eventHash } from '#epcis/hash.ts';
import type { LeftPack, Undoable } from '#server/supply/schema.ts';

/** Why the leaving of a pack cannot be taken back; the contract would refuse it, and would keep the refusal. */
export type UndoFault =
  | 'unknown'
  | 'handedOver'
  | 'stolen'
  | 'destroyed'
  | 'notOut'
  | 'otherInstitution'
  | 'otherSite'
  | 'tooLate'
  | 'recalled'
  | 'expired'
  | 'notYet'
  | 'altered';

const dayMs = 24 * 60 * 60 * 1000;

/** The instant from which on it is too late (Delegated Regulation (EU) 2016/161, article 13). */
export const undoneUntil = ({ at }: { at: string }): number => Date.parse(at) + undoDays * dayMs;

/**
 * Why one pack cannot go back into stock; null where it can.
 * @param here whose and at which place: the institution, and the GLN of the place at which the person works
 */
export function faultOfUndoing(
  { looked, left }: LeftPack,
  here: { institutionId: string; site: string },
  now: number,
): UndoFault | null {
  if (!looked.known) return 'unknown';
  if (looked.state === 'dispensed') return 'handedOver';
  if (looked.state === 'stolen' || looked.state === 'destroyed') return looked.state;
  if (looked.state !== 'decommissioned' || left === undefined) return 'notOut';
  if (left.institutionId !== here.institutionId) return 'otherInstitution';
  if (left.site !== here.site) return 'otherSite';
  if (now >= undoneUntil(left)) return 'tooLate';
  if (looked.recalls.length > 0) return 'recalled';
  return looked.expiry !== undefined && expiresAt({ expiry: looked.expiry }) <= now ? 'expired' : null;
}

/** Why a decommissioning cannot be taken back, and because of which of its packs. */
export interface UndoRefusal {
  fault: UndoFault;
  pack: LeftPack;
}

/** The first reason of the scanned pack, else of one of those that would go back with it; null where there is none. */
export function refusalOf(
  undoable: Undoable,
  here: { institutionId: string; site: string },
  now: number,
): UndoRefusal | null {
  const { asked, event, packs } = undoable;
  for (const pack of [asked, ...packs]) {
    const fault = faultOfUndoing(pack, here, now);
    if (fault !== null) return { fault, pack };
    // Taken back and taken out again by itself: the old event is no longer what it left by.
    if (pack.left?.eventHash !== asked.left?.eventHash) return { fault: 'notOut', pack };
  }
  if (event === undefined) return { fault: 'notYet', pack: asked };
  // The portal hands the event out; what is declared wrong must be what the ledger has.
  return eventHash(event) === asked.left?.eventHash ? null : { fault: 'altered', pack: asked };
}
