import { z } from 'zod';
import { eventTypes } from '../query/parameters.ts';

/** Shapes of what is taken and answered, for the description; documents are looked at by rules of their own. */

const context = z.unknown().describe('A JSON-LD context: an address, prefixes, or a list of both');

/** An event is described no closer than the published schema does, which it names. */
export const event = z
  .looseObject({
    type: z.enum(eventTypes),
    eventID: z.string(),
    eventTime: z.string(),
    eventTimeZoneOffset: z.string(),
  })
  .describe('https://ref.gs1.org/standards/epcis/2.0.0/epcis-json-schema.json');

export const document = z
  .looseObject({
    '@context': context,
    type: z.enum(['EPCISDocument', 'EPCISQueryDocument']),
    epcisBody: z.looseObject({}),
  })
  .describe('https://ref.gs1.org/standards/epcis/2.0.0/epcis-json-schema.json');

export const queryDocument = z.object({
  '@context': context,
  type: z.literal('EPCISQueryDocument'),
  schemaVersion: z.string(),
  creationDate: z.iso.datetime(),
  epcisBody: z.object({
    queryResults: z.object({ queryName: z.string(), resultsBody: z.object({ eventList: z.array(event) }) }),
  }),
});

export const collection = z.object({ '@context': context, type: z.literal('Collection'), member: z.array(z.string()) });

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z
    .array(z.object({ pointer: z.string().describe('JSON pointer into the body'), detail: z.string() }))
    .optional(),
});

export const job = z.object({
  captureID: z.string(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
  running: z.boolean(),
  success: z.boolean(),
  captureErrorBehaviour: z.enum(['rollback', 'proceed']),
  errors: z.array(
    problem.omit({ errors: true }).extend({
      eventID: z.string().optional(),
      position: z.int().describe('Which event of the document, from 0'),
      code: z.string().optional().describe('The ledger’s own code'),
    }),
  ),
});

/** A job of which nothing is known yet. */
export const started = job.pick({ captureID: true });

export const pageHeaders = {
  Link: 'rel="next" with the address of the next page, where there is one',
  'GS1-Next-Page-Token-Expires': 'Until when that address is good',
};
