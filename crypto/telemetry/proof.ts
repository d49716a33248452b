import { z } from 'zod';
import type { Batch } from '#chaincode/model/telemetry.ts';
import { batchId } from '#chaincode/model/telemetry.ts';
import { type Bytes, copyBytes, fromHex } from '../bytes.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { CryptoError } from '../errors.ts';
import { hashLength, merklePath, requireInTree } from '../merkle.ts';
import { readBatch } from './batch.ts';
import { type FrameHead, hashOfSigned, maximumFrame, mostItems, readSigned, signedBytes } from './frame.ts';
import { itemLeaf, openFrame, saltLength } from './seal.ts';
import { type FrameVerifier, signatureLength } from './signature.ts';

/**
 * That one reading is in a batch which the ledger names, without anything else of the frame: the item with its salt, its way up
 * the frame's tree, what the device signed (heads and hashes), and the frame's way up the batch's tree.
 */
const path = z.array(z.instanceof(Uint8Array).refine(({ length }) => length === hashLength)).max(20);
const proofShape = z.strictObject({
  v: z.literal(1),
  batch: batchId,
  item: z.instanceof(Uint8Array),
  index: z.int().nonnegative().max(mostItems),
  salt: z.instanceof(Uint8Array).refine(({ length }) => length === saltLength),
  path,
  signed: z.instanceof(Uint8Array),
  q: z.instanceof(Uint8Array).refine(({ length }) => length === signatureLength),
  frame: z.int().nonnegative(),
  framePath: path,
});
const maximumProof = 2 * maximumFrame;

type LedgerBatch = Pick<Batch, 'id' | 'cid' | 'root' | 'frames' | 'patient' | 'generation' | 'epoch'>;

/** Proves item `index` of frame `frame` of a batch, with the epoch's key. DAG-CBOR. Throws as `readBatch` and `openFrame`. */
export async function proveReading(
  circleKey: Uint8Array,
  { batch, bytes }: { batch: LedgerBatch; bytes: Uint8Array },
  { frame: at, index }: { frame: number; index: number },
): Promise<Bytes> {
  const { frames, leaves } = readBatch(batch, bytes);
  const frame = frames[at];
  if (frame === undefined) throw new CryptoError('PROOF_REFUSED', 'no such frame');
  const opened = await openFrame(circleKey, frame);
  const [item, salt] = [opened.encoded[index], opened.salts[index]];
  if (item === undefined || salt === undefined) throw new CryptoError('PROOF_REFUSED', 'no such reading');
  return encodeCbor({
    ...{ v: 1, batch: batch.id, item, index, salt, path: merklePath(opened.leaves, index) },
    ...{ signed: signedBytes(frame), q: frame.q, frame: at, framePath: merklePath(leaves, at) },
  });
}

export interface ProvedReading {
  /** As `monitoring/` spells a reading; its time counts from `head.f`. */
  item: unknown;
  head: FrameHead;
}

/**
 * Checks a proof, offline, against the ledger's entry of the batch and the key of the device, for which `verifierOf` is asked.
 * Throws `PROOF_REFUSED`, and `FRAME_FOREIGN` where the device did not sign.
 */
export async function verifyReading(
  proof: Uint8Array,
  batch: Omit<LedgerBatch, 'cid'>,
  verifierOf: (device: string) => Promise<FrameVerifier> | FrameVerifier,
): Promise<ProvedReading> {
  const { item, index, salt, signed, q, frame, ...said } = readProof(proof);
  const head = readSigned(signed);
  const isOf = said.batch === batch.id && head.p === batch.patient && head.g === batch.generation;
  if (!isOf || head.e !== batch.epoch) throw new CryptoError('PROOF_REFUSED', 'another batch');
  const inFrame = { index, size: head.c, path: said.path.map(copyBytes), root: head.r };
  requireInTree(itemLeaf(salt, item), inFrame, 'reading');
  const inBatch = { index: frame, size: batch.frames, path: said.framePath.map(copyBytes), root: fromHex(batch.root) };
  requireInTree(hashOfSigned(signed, q), inBatch, 'frame');
  const verify = await verifierOf(head.d);
  if (!(await verify(copyBytes(signed), copyBytes(q)))) throw new CryptoError('FRAME_FOREIGN', head.d);
  return { item: decodeCbor(item, maximumFrame, 'PROOF_REFUSED'), head };
}

function readProof(bytes: Uint8Array): z.infer<typeof proofShape> {
  const parsed = proofShape.safeParse(decodeCbor(bytes, maximumProof, 'PROOF_REFUSED'));
  if (!parsed.success) throw new CryptoError('PROOF_REFUSED', 'proof', { cause: parsed.error });
  return parsed.data;
}
