import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { channelHealth } from '../ledgers/service.ts';
import type { Actor } from '../people/schema.ts';
import { findActor } from '../session/service.ts';
import { changesOf } from './changes.ts';
import { allowOversight } from './policy.ts';

const heartbeatMs = 5_000;
/** Changes waiting for a slow reader; beyond that the stream ends and the page opens it again. */
const mostWaiting = 1_000;

/**
 * Server-sent events for the regulator: each change as it is recorded and the channels' health every five seconds. The
 * session is checked with each heartbeat, and the stream ends with it.
 */
export function openStream(
  actor: Actor,
  signal: AbortSignal,
  portal: Portal = thePortal(),
): ReadableStream<Uint8Array> {
  allowOversight(actor);
  const encoder = new TextEncoder();
  let stop = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let open = true;
        const send = (event: string, data: unknown) => {
          if (!open) return;
          if ((controller.desiredSize ?? 0) < -mostWaiting) stop();
          else controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
        };
        const unsubscribe = changesOf(portal).subscribe({ told: (change) => send('change', change) });
        const beat = async () => {
          try {
            const current = await findActor(actor.sessionId, portal);
            if (current === null || current.role !== actor.role) stop();
            else send('health', await channelHealth(portal));
          } catch (error) {
            const { code, detail } = asAppError(error);
            log().warn({ code, detail }, 'stream ends');
            stop();
          }
        };
        const timer = setInterval(beat, heartbeatMs);
        stop = () => {
          if (!open) return;
          open = false;
          clearInterval(timer);
          unsubscribe();
          signal.removeEventListener('abort', stop);
          try {
            controller.close();
          } catch {
            // The reader has closed it already.
          }
        };
        signal.addEventListener('abort', stop);
        controller.enqueue(encoder.encode('retry: 2000\n\n'));
        void beat();
      },
      cancel: () => stop(),
    },
    { highWaterMark: 0 },
  );
}
