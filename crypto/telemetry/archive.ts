import type { Bytes } from '../bytes.ts';
import { type CategoryKey, type EpochOf, epochName } from '../categoryKey.ts';
import { circleKeyLength, requireCommitted } from '../circle/key.ts';
import { requireLength } from '../derive.ts';
import { unwrapWith, type WrapContext, wrapFor } from '../wrap.ts';

/** Which epoch's key it is. */
export interface CirclePlace {
  patient: string;
  generation: number;
  epoch: number;
}

const contextOf = (of: EpochOf, { patient, generation, epoch }: CirclePlace): WrapContext => ({
  purpose: 'medloom/telemetry/archive/v1',
  id: `${patient}/${generation}/${epoch}`,
  reader: epochName(of),
});

/** Wraps the key of a circle's epoch for whoever may read the patient's results, base64url. */
export const wrapCircleKey = (
  results: EpochOf & { publicKey: string },
  place: CirclePlace,
  key: Uint8Array,
): Promise<string> =>
  wrapFor(results.publicKey, contextOf(results, place), requireLength(key, circleKeyLength, 'circle key'));

/** The key out of the archive. Throws `WRAP_REFUSED`, and `CIRCLE_KEY` where it is not that of the ledger's commitment. */
export async function unwrapCircleKey(
  results: CategoryKey,
  place: CirclePlace & { keyCommitment: string },
  wrap: string,
): Promise<Bytes> {
  return requireCommitted(await unwrapWith(results.seed, contextOf(results, place), wrap), place.keyCommitment);
}
