import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { watchedBy } from '../circles/service.ts';
import type { Actor } from '../people/schema.ts';
import { readableBy } from '../records/reach.ts';
import { findActor } from '../session/service.ts';
import { type TelemetryChange, telemetryChangesOf } from './changes.ts';
import type { TelemetryEvent } from './schema.ts';

const heartbeatMs = 5_000;
const lookAgainMs = 500;
/** Changes waiting for a slow reader; beyond that the stream ends and the page opens it again. */
const mostWaiting = 1_000;

/**
 * Server-sent events about the patients whom the actor may follow: that there is something new, by ids alone; the page asks for the
 * rest. Who may be followed, and whether the session holds, is looked at with each heartbeat.
 */
export function openTelemetryStream(
  actor: Actor,
  signal: AbortSignal,
  portal: Portal = thePortal(),
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let open = true;
        let followed = new Set<string>();
        let lookedAt = 0;
        const write = (text: string) => {
          if (!open) return;
          if ((controller.desiredSize ?? 0) < -mostWaiting) stop();
          else controller.enqueue(encoder.encode(text));
        };
        const send = (event: TelemetryEvent, data: object) =>
          write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
        const tell = (change: TelemetryChange) => {
          if (change.about === 'device') return;
          if (change.about === 'frames') {
            for (const [patient, kind, count] of change.of)
              if (followed.has(patient)) send('frames', { patient, kind, count });
            return;
          }
          const { about, ...said } = change;
          if (followed.has(change.patient)) send(about, said);
          // A seat that was given just now, of this person or of somebody else; the heartbeat looks in any case.
          else if (about === 'circle' && performance.now() - lookedAt > lookAgainMs) void look();
        };
        const look = async () => {
          lookedAt = performance.now();
          try {
            const current = await findActor(actor.sessionId, portal);
            if (current === null || current.role !== actor.role) return stop();
            const before = followed;
            followed = new Set([...(await watchedBy(actor, undefined, portal)), ...(await readable())]);
            for (const patient of followed) if (!before.has(patient)) send('circle', { patient });
            write(': beat\n\n');
          } catch (error) {
            const { code, detail } = asAppError(error);
            log().warn({ code, detail }, 'stream ends');
            stop();
          }
        };
        const readable = () => readableBy(portal, actor.subjectId);
        const unsubscribe = telemetryChangesOf(portal).subscribe({ told: tell });
        const timer = setInterval(look, heartbeatMs);
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
        void look();
      },
      cancel: () => stop(),
    },
    { highWaterMark: 0 },
  );
}
