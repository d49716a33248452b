import { decode } from '@ipld/dag-cbor';
import { z } from 'zod';
import { VaultError } from '#components/vault/errors.ts';
import { askPortal } from '#components/vault/portal.ts';

/** A sealed frame and its place in the order of arrival. */
export interface PlacedFrame {
  place: number;
  bytes: Uint8Array;
}

export interface FramesWanted {
  patient: string;
  kinds: readonly ('readings' | 'hour' | 'day' | 'alert')[];
  /** ISO 8601: frames that reach into this time. */
  from?: string;
  to?: string;
  /** Those that came later than this place, oldest first; without it the newest of the time. */
  after?: number;
}

const placed = z.array(z.tuple([z.int().nonnegative(), z.instanceof(Uint8Array)]));

/** So many frames one answer has at most, and about so many bytes. */
const mostFrames = 1_000;
const fullBytes = 1_500_000;

/** Sealed frames from the portal, and whether there are more of what was asked for. Throws its refusal, or `OFFLINE`. */
export async function fetchFrames(wanted: FramesWanted): Promise<{ frames: PlacedFrame[]; more: boolean }> {
  const { patient, kinds, from, to, after } = wanted;
  const query = new URLSearchParams({ patient, kind: kinds.join(','), limit: String(mostFrames) });
  if (from !== undefined) query.set('from', from);
  if (to !== undefined) query.set('to', to);
  if (after !== undefined) query.set('after', String(after));
  const response = await askPortal(`/api/telemetry/frames?${query}`);
  const body = new Uint8Array(await response.arrayBuffer());
  const parsed = placed.safeParse(decode<unknown>(body));
  if (!parsed.success) throw new VaultError('INTERNAL', 'The portal answered something else.', { cause: parsed.error });
  const frames = parsed.data.map(([place, bytes]) => ({ place, bytes }));
  return { frames, more: frames.length === mostFrames || body.length > fullBytes };
}
