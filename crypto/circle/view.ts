import { requireContent } from '../envelope.ts';
import { CryptoError } from '../errors.ts';

/** One browser or device of a subject in a circle, as the ledger and the tree name it. */
export interface CircleLeaf {
  /** 32 hex characters, of its own choice. */
  leaf: string;
  /** `pt-…`, `prac-…` or `dev-…` */
  subject: string;
  /** Hex SHA-256 of its Ed25519 key. */
  keyHash: string;
}

/** What the ledger says of one epoch of a circle: an entry of `circles:read`, or one of `circles:epochs` without leaves. */
export interface EpochView {
  patient: string;
  generation: number;
  epoch: number;
  /** CID of the block with the commit that began the epoch and with the epoch's GroupInfo. */
  cid: string;
  /** Hex SHA-256 of that block. */
  contentHash: string;
  /** Hex; see `keyCommitmentOf`. */
  keyCommitment: string;
  /** Only of the present epoch. */
  leaves?: readonly CircleLeaf[];
}

/** Larger blocks are refused: 32 members with their certificates and keys take less. One raw IPFS block. */
export const maximumCircleBlock = 262_144;

export const circleName = ({ patient, generation }: Pick<EpochView, 'patient' | 'generation'>) =>
  `${patient}/${generation}`;

/** Throws `CIRCLE_BLOCK` unless the block is the one that the ledger names: another may arrive. */
export function requireBlockOf(view: EpochView, block: Uint8Array): void {
  try {
    requireContent(block, view);
  } catch (cause) {
    throw new CryptoError('CIRCLE_BLOCK', `epoch ${view.epoch}`, { cause });
  }
}

/** Throws `CIRCLE_MISMATCH` unless the leaves are those that the ledger names; says nothing where it names none. */
export function requireLeavesOf(view: EpochView, leaves: readonly CircleLeaf[]): void {
  if (view.leaves === undefined) return;
  const spelt = (all: readonly CircleLeaf[]) =>
    all
      .map(({ leaf, subject, keyHash }) => `${leaf} ${subject} ${keyHash}`)
      .sort()
      .join('\n');
  if (spelt(leaves) !== spelt(view.leaves)) throw new CryptoError('CIRCLE_MISMATCH', 'other members');
}
