import { type Bytes, wipe } from '../bytes.ts';
import { circleKeyLength } from '../circle/key.ts';
import { deriveKey, requireLength } from '../derive.ts';
import { openDocument, type SealedDocument, sealDocument } from '../envelope.ts';
import type { CirclePlace } from './archive.ts';

/** Where a monitoring plan belongs: sealed anew, unchanged, for each epoch of the circle. */
export type PlanContext = CirclePlace & { version: number };

const keyOf = (circleKey: Uint8Array) =>
  deriveKey(requireLength(circleKey, circleKeyLength, 'circle key'), 'medloom/telemetry/plan/v1');
const documentOf = ({ patient, generation, epoch, version }: PlanContext) => ({
  documentId: `${patient}/${generation}/${epoch}/plan`,
  version,
  author: patient,
});

/** Seals a plan, which its clinician has signed inside, under the epoch's key: one block of IPFS. */
export async function sealPlan(circleKey: Uint8Array, of: PlanContext, plan: Uint8Array): Promise<SealedDocument> {
  const key = keyOf(circleKey);
  const sealed = await sealDocument(key, documentOf(of), plan);
  wipe(key);
  return sealed;
}

/** Opens what `sealPlan` made. Throws as `openDocument`. */
export async function openPlan(circleKey: Uint8Array, of: PlanContext, block: Uint8Array): Promise<Bytes> {
  const key = keyOf(circleKey);
  try {
    return await openDocument(key, documentOf(of), block);
  } finally {
    wipe(key);
  }
}
