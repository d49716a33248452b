import { z } from 'zod';
import { gtin } from '#chaincode/model/product.ts';
import { mostEvents, recallArgument, recallId } from '#chaincode/model/trace.ts';
import { type EpcisEvent, eventSchema } from '#epcis/event.ts';
import { eventHash } from '#epcis/hash.ts';
import { jsonArgument, type Kinds, type LedgerCall } from '../transactions/kind.ts';

/** What people sign on the supply channels. */

/** A channel on which packs are traced. */
export const supplyChannel = z.string().regex(/^supply-[0-9]{1,4}$/);

export const traceIntents = [
  /** `capture` names what a person does once, which may be several captures on several channels. */
  z.object({
    kind: z.literal('capture'),
    capture: z.uuid(),
    channel: supplyChannel,
    events: z.array(eventSchema).min(1).max(mostEvents),
  }),
  z.object({ kind: z.literal('recall'), channel: supplyChannel, recall: recallArgument }),
  z.object({ kind: z.literal('endRecall'), channel: supplyChannel, gtin, recall: recallId }),
] as const;
export type TraceIntent = z.infer<(typeof traceIntents)[number]>;

/** Members in one order, whoever parsed them before; unlike in state, a sensor's value may be a fraction. */
const inOrder = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const supplyCall = (channel: string, name: string, args: string[]): LedgerCall => ({
  ...{ channel, contract: 'supply', function: name, args },
  transient: {},
});

/** What a capture is known by: the same name on another channel is another one. */
export const captureSubject = ({ capture, channel }: { capture: string; channel: string }): string =>
  `${capture}/${channel}`;

const hashesOf = (events: readonly EpcisEvent[]) => events.map((event) => eventHash(event));

export const traceKinds: Kinds<TraceIntent> = {
  capture: {
    call: ({ channel, events }) => supplyCall(channel, 'capture', [JSON.stringify(events, inOrder)]),
    subject: captureSubject,
    // An error declaration has the hash of the event that it declares wrong.
    kept: ({ events }) => ({
      hashes: hashesOf(events.filter(({ errorDeclaration }) => errorDeclaration === undefined)),
      declared: hashesOf(events.filter(({ errorDeclaration }) => errorDeclaration !== undefined)),
    }),
    steps: ['sign'],
  },
  recall: {
    call: ({ channel, recall }) => supplyCall(channel, 'recall', [jsonArgument(recall)]),
    subject: ({ recall }) => recall.id,
    kept: ({ recall }) => ({ recall }),
    steps: ['sign'],
  },
  endRecall: {
    call: ({ channel, gtin: of, recall }) => supplyCall(channel, 'endRecall', [of, recall]),
    subject: ({ recall }) => recall,
    kept: ({ gtin: of }) => ({ gtin: of }),
    steps: ['sign'],
  },
};
