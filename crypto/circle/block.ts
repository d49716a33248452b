import { z } from 'zod';
import { type Bytes, copyBytes } from '../bytes.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { cidOf, contentHashOf } from '../envelope.ts';
import { CryptoError } from '../errors.ts';
import { maximumCircleBlock } from './view.ts';

/** What lies on IPFS for an epoch: the commit that began it (none for the first) and the GroupInfo to join from. */
const blockShape = z.strictObject({
  v: z.literal(1),
  commit: z.instanceof(Uint8Array).nullable(),
  groupInfo: z.instanceof(Uint8Array),
});

export interface CircleBlock {
  commit: Bytes | null;
  groupInfo: Bytes;
}

/** Throws `CIRCLE_MALFORMED` for what would be larger than others take. */
export function encodeBlock({ commit, groupInfo }: CircleBlock): { block: Bytes; cid: string; contentHash: string } {
  const block = encodeCbor({ v: 1, commit, groupInfo });
  if (block.length > maximumCircleBlock) throw new CryptoError('CIRCLE_MALFORMED', `a block of ${block.length} bytes`);
  return { block, cid: cidOf(block), contentHash: contentHashOf(block) };
}

/** Throws `CIRCLE_MALFORMED`. */
export function decodeBlock(bytes: Uint8Array): CircleBlock {
  const parsed = blockShape.safeParse(decodeCbor(bytes, maximumCircleBlock, 'CIRCLE_MALFORMED'));
  if (!parsed.success) throw new CryptoError('CIRCLE_MALFORMED', 'block', { cause: parsed.error });
  const { commit, groupInfo } = parsed.data;
  return { commit: commit === null ? null : copyBytes(commit), groupInfo: copyBytes(groupInfo) };
}
