import { eventStream } from '#server/eventStream.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { channelHealth } from '../ledgers/service.ts';
import type { Actor } from '../people/schema.ts';
import { changesOf } from './changes.ts';
import { allowOversight } from './policy.ts';

/** Server-sent events for the regulator: each change as it is recorded, and the channels' health every five seconds. */
export function openStream(
  actor: Actor,
  signal: AbortSignal,
  portal: Portal = thePortal(),
): ReadableStream<Uint8Array> {
  allowOversight(actor);
  return eventStream({ actor, signal, portal }, ({ send }) => ({
    end: changesOf(portal).subscribe({ told: (change) => send('change', change) }),
    beat: async () => send('health', await channelHealth(portal)),
  }));
}
