import { LedgerError } from './errors.ts';
import { type Reenrolment, reenrolmentDelayHours } from './patient.ts';

/**
 * How somebody who has lost the keys gets new ones, apart from where it is stored: proposed → approved by another
 * organisation → completed after the delay; either of the first two → refused.
 */

type Proposal = Pick<Reenrolment, 'subject' | 'keys' | 'proposedBy' | 'proposedFor'>;

/** `before`: what there was for this subject. Only one runs at a time: WRONG_STATE. */
export function propose(before: Reenrolment | undefined, proposal: Proposal, at: Date): Reenrolment {
  if (before && isOpen(before)) throw new LedgerError('WRONG_STATE', `a re-enrolment is ${before.state} already`);
  return { ...proposal, at: at.toISOString(), state: 'proposed', version: (before?.version ?? 0) + 1 };
}

/** By another organisation than the one that proposed: NOT_AUTHORISED. The delay begins. */
export function approve(proposed: Reenrolment, approvedFor: string, at: Date): Reenrolment {
  if (proposed.state !== 'proposed') throw wrongState(proposed);
  if (approvedFor === proposed.proposedFor) {
    throw new LedgerError('NOT_AUTHORISED', 'another organisation than the one that proposed it approves');
  }
  const dueAt = new Date(at.getTime() + reenrolmentDelayHours * 60 * 60 * 1000).toISOString();
  return { ...changed(proposed, 'approved'), approvedFor, approvedAt: at.toISOString(), dueAt };
}

export function refuse(open: Reenrolment, reason: string): Reenrolment {
  if (!isOpen(open)) throw wrongState(open);
  return { ...changed(open, 'refused'), reason };
}

/** Throws NOT_DUE before the delay is over. */
export function complete(approved: Reenrolment, at: Date): Reenrolment {
  if (approved.state !== 'approved' || approved.dueAt === undefined) throw wrongState(approved);
  if (at.getTime() < Date.parse(approved.dueAt)) {
    throw new LedgerError('NOT_DUE', `the new keys count from ${approved.dueAt}`);
  }
  return changed(approved, 'completed');
}

function isOpen({ state }: Reenrolment): boolean {
  return state === 'proposed' || state === 'approved';
}

function changed(before: Reenrolment, state: Reenrolment['state']): Reenrolment {
  return { ...before, state, version: before.version + 1 };
}

function wrongState({ state }: Reenrolment): LedgerError {
  return new LedgerError('WRONG_STATE', `the re-enrolment is ${state}`);
}
