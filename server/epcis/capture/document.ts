import { z } from 'zod';
import { type CheckedDocument, type CheckedEvent, checkDocument } from '#epcis/document.ts';
import { invalid } from '../api/body.ts';
import type { Fault } from '../api/exception.ts';

/** Documents as they are sent, by the rules of `epcis/`. */

type EpcisFault = CheckedDocument['faults'][number];
export const faultOf = ({ pointer, message }: EpcisFault): Fault => ({ pointer, detail: message });

/** The events of a document, each good or with its faults, and the context that they stand in. */
export type DocumentEvents = Pick<CheckedDocument, 'context' | 'events'>;

const eventList = z.looseObject({ eventList: z.array(z.unknown()) });

/** How many events a document has, before anything else is looked at. */
export function eventCountOf(json: unknown): number {
  const body = z.looseObject({ epcisBody: z.unknown() }).safeParse(json).data?.epcisBody;
  const list = eventList.safeParse(body).data ?? eventList.safeParse(bodyOfAnswer(body)).data;
  return list?.eventList.length ?? 0;
}

const answer = z.looseObject({ queryResults: z.looseObject({ resultsBody: z.unknown() }) });
const bodyOfAnswer = (body: unknown): unknown => answer.safeParse(body).data?.queryResults.resultsBody;

/** Reads a document of events. Throws ValidationException where the document itself is wrong, or has no event that is right. */
export function readCaptureDocument(json: unknown): DocumentEvents {
  const { kind, faults, context, events } = checkDocument(json);
  if (faults.length > 0) throw invalid(faults.map(faultOf));
  if (kind === 'event')
    throw invalid([{ pointer: '/type', detail: 'It is neither an EPCISDocument nor an EPCISQueryDocument.' }]);
  if (events.length === 0) throw invalid([{ pointer: '/epcisBody', detail: 'There is no event.' }]);
  if (events.every(isWrong)) requireRight(events);
  return { context, events };
}

/** Reads one event that stands alone. Throws ValidationException. */
export function readSingleEvent(json: unknown): DocumentEvents {
  const { kind, faults, context, events } = checkDocument(json);
  if (faults.length > 0) throw invalid(faults.map(faultOf));
  if (kind !== 'event') throw invalid([{ pointer: '/type', detail: 'Documents are taken by /capture.' }]);
  requireRight(events);
  return { context, events };
}

/** Throws ValidationException with the faults of all events. */
export function requireRight(events: readonly CheckedEvent[]): void {
  const faults = events.flatMap((event) => event.faults.map(faultOf));
  if (faults.length > 0) throw invalid(faults);
}

const isWrong = ({ event }: CheckedEvent) => event === undefined;
