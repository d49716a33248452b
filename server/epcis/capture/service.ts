import { canonicalEvent } from '#epcis/canonical.ts';
import { splittable, thingsOf } from '#epcis/split.ts';
import type { Portal } from '#server/portal.ts';
import { readJson } from '../api/body.ts';
import { EpcisException } from '../api/exception.ts';
import { captureLimits } from '../api/reply.ts';
import { type PartnerClient, requireScope } from '../client.ts';
import {
  type DocumentEvents,
  eventCountOf,
  faultOf,
  readCaptureDocument,
  readSingleEvent,
  requireRight,
} from './document.ts';
import { createJob, type JobView, type Mode, readJob, type Waiting } from './jobs.ts';
import { workSystem } from './work.ts';

/** The longest events of a job that is taken back as one go in one transaction of a channel, in bytes. */
const mostTogetherBytes = 1_900_000;
const mostTogetherEpcs = 5_000;

/**
 * Takes a document in as a job; its id. With `proceed` an event that is wrong by itself is one of the job's errors. Throws
 * ValidationException with each fault's place, CaptureLimitExceededException.
 */
export async function captureDocument(
  portal: Portal,
  client: PartnerClient,
  request: Request,
  mode: Mode,
): Promise<string> {
  requireScope(client, 'capture');
  const json = await readJson(request, captureLimits.bytes);
  if (eventCountOf(json) > captureLimits.events) {
    throw new EpcisException('CaptureLimitExceededException', `A document has at most ${captureLimits.events} events.`);
  }
  const document = readCaptureDocument(json);
  if (mode === 'rollback') requireRight(document.events);
  const waiting = waitingEvents(document);
  if (mode === 'rollback') requireTogether(waiting);
  return createJob(portal, client, mode, waiting);
}

/** Captures one event and waits until it is recorded, unless something else has to be waited for: then the job is running. */
export async function captureEvent(
  portal: Portal,
  client: PartnerClient,
  request: Request,
): Promise<{ event: Waiting; job: JobView }> {
  requireScope(client, 'capture');
  const [event] = waitingEvents(readSingleEvent(await readJson(request, captureLimits.bytes)));
  if (event === undefined) throw new EpcisException('ValidationException', 'There is no event.');
  const id = await createJob(portal, client, 'proceed', [event]);
  await workSystem(portal, client.system);
  return { event, job: await readJob(portal, client, id) };
}

interface Named extends Waiting {
  /** EPCs and classes that it names, a parent included. */
  names: number;
}

/**
 * Events in the form in which they are recorded, each with an id: its hash, where the sender gave none. When it was recorded is
 * not the sender's to say.
 */
function waitingEvents({ context, events }: DocumentEvents): Named[] {
  return events.map(({ event, faults }) => {
    if (event === undefined) return { faults: faults.map(faultOf), names: 0 };
    const { recordTime: _, ...canonical } = canonicalEvent(event, context);
    const body = JSON.stringify(canonical);
    return { eventId: canonical.eventID, body, names: thingsOf(splittable.parse(canonical)).length + 1 };
  });
}

/** What is to be taken back as one must fit into one transaction, whatever its channel. */
function requireTogether(waiting: readonly Named[]): void {
  const bytes = waiting.reduce((sum, { body }) => sum + Buffer.byteLength(body ?? '') + 1, 0);
  const epcs = waiting.reduce((sum, { names }) => sum + names, 0);
  if (waiting.length <= captureLimits.together && bytes <= mostTogetherBytes && epcs <= mostTogetherEpcs) return;
  throw new EpcisException(
    'CaptureLimitExceededException',
    `With rollback a document has at most ${captureLimits.together} events, ${mostTogetherEpcs} EPCs and ${mostTogetherBytes} bytes; send it in parts, or with GS1-Capture-Error-Behaviour: proceed.`,
  );
}
