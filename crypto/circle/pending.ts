import type { ClientState } from 'ts-mls';
import type { Bytes } from '../bytes.ts';
import { encodeBlock } from './block.ts';
import { groupInfoBytes, makeGroupInfo } from './groupInfo.ts';
import { type Held, holdOf } from './groupState.ts';
import { keyCommitmentOf } from './key.ts';
import type { Mls } from './suite.ts';
import type { CircleLeaf } from './view.ts';

/** A change of the circle that counts once the ledger took it: `circles:commit` has these fields. */
export interface Pending {
  patient: string;
  generation: number;
  epoch: number;
  block: Bytes;
  cid: string;
  contentHash: string;
  keyCommitment: string;
  added: CircleLeaf[];
  /** Ids of leaves. */
  removed: string[];
  /** Wipes the epoch before and goes on with the new one, after the ledger took it. Throws `CIRCLE_PENDING` for another's. */
  apply(): Promise<void>;
}

/** A pending change with the state that it leads to. */
export interface Proposed extends Omit<Pending, 'apply'> {
  next: Held;
}

/** The parts of a change that say what it is, from the state that it leads to. */
export async function proposalOf(
  library: Mls,
  circle: { patient: string; generation: number },
  commit: Bytes | null,
  state: ClientState,
  change: { added: CircleLeaf[]; removed: string[] },
): Promise<Proposed> {
  const groupInfo = groupInfoBytes(library, await makeGroupInfo(library, state));
  const next = await holdOf(library, state);
  return {
    ...circle,
    epoch: Number(state.groupContext.epoch),
    ...encodeBlock({ commit, groupInfo }),
    keyCommitment: keyCommitmentOf(next.key),
    ...change,
    next,
  };
}
