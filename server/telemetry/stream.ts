import { asAppError } from '#server/errors.ts';
import { eventStream } from '#server/eventStream.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { watchedBy } from '../circles/service.ts';
import type { Actor } from '../people/schema.ts';
import { readableBy } from '../records/reach.ts';
import { type TelemetryChange, telemetryChangesOf } from './changes.ts';
import type { TelemetryEvent } from './schema.ts';

const lookAgainMs = 500;

/**
 * Server-sent events about the patients whom the actor may follow: that there is something new, by ids alone; the page asks for the
 * rest. Who may be followed is looked at with each heartbeat.
 */
export function openTelemetryStream(
  actor: Actor,
  signal: AbortSignal,
  portal: Portal = thePortal(),
): ReadableStream<Uint8Array> {
  return eventStream({ actor, signal, portal }, (events) => {
    const send = (event: TelemetryEvent, data: object) => events.send(event, data);
    let followed = new Set<string>();
    let lookedAt = 0;
    const look = async () => {
      lookedAt = performance.now();
      const before = followed;
      followed = new Set([
        ...(await watchedBy(actor, undefined, portal)),
        ...(await readableBy(portal, actor.subjectId)),
      ]);
      for (const patient of followed) if (!before.has(patient)) send('circle', { patient });
    };
    const lookAgain = () =>
      look().catch((error: unknown) => {
        const { code, detail } = asAppError(error);
        log().warn({ code, detail }, 'whom a stream follows is looked at with the next heartbeat');
      });
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
      else if (about === 'circle' && performance.now() - lookedAt > lookAgainMs) void lookAgain();
    };
    // What was said while nobody here listened: all that may have changed is asked for again.
    const missed = () => {
      for (const patient of followed) for (const about of ['circle', 'alert'] as const) send(about, { patient });
    };
    return {
      end: telemetryChangesOf(portal).subscribe({ told: tell, begun: missed }),
      beat: async () => {
        await look();
        events.comment('beat');
      },
    };
  });
}
