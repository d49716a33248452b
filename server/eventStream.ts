import { asAppError } from './errors.ts';
import { log } from './log.ts';
import type { Actor } from './people/schema.ts';
import type { Portal } from './portal.ts';
import { findActor } from './session/service.ts';

const heartbeatMs = 5_000;
/** Events waiting for a slow reader; beyond that the stream ends and the page opens it again. */
const mostWaiting = 1_000;

/** Where a stream's events go. */
export interface Events {
  send(event: string, data: unknown): void;
  /** A line that no page hears, and that shows a proxy that the stream lives. */
  comment(text: string): void;
}

/** What a stream tells. */
export interface Telling {
  /** Of each heartbeat, and of the beginning. What it throws ends the stream. */
  beat(): Promise<void>;
  /** The stream is over. */
  end(): void;
}

/**
 * Server-sent events for an actor, until `signal` aborts or the reader goes. With each heartbeat the session is looked at, and
 * the stream ends with it.
 */
export function eventStream(
  { actor, signal, portal }: { actor: Actor; signal: AbortSignal; portal: Portal },
  tell: (events: Events) => Telling,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let open = true;
        const write = (text: string) => {
          if (!open) return;
          if ((controller.desiredSize ?? 0) < -mostWaiting) stop();
          else controller.enqueue(encoder.encode(text));
        };
        const telling = tell({
          send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
          comment: (text) => write(`: ${text}\n\n`),
        });
        const beat = async () => {
          try {
            const current = await findActor(actor.sessionId, portal);
            if (current === null || current.role !== actor.role) stop();
            else await telling.beat();
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
          telling.end();
          signal.removeEventListener('abort', stop);
          try {
            controller.close();
          } catch {
            // The reader has closed it already.
          }
        };
        signal.addEventListener('abort', stop);
        write('retry: 2000\n\n');
        void beat();
      },
      cancel: () => stop(),
    },
    { highWaterMark: 0 },
  );
}
