import { z } from 'zod';
import { listJobs, readJob } from '../capture/jobs.ts';
import { captureDocument, captureEvent } from '../capture/service.ts';
import { pagesOf } from '../query/page.ts';
import { EpcisException } from './exception.ts';
import { operation } from './operation.ts';
import { paging } from './parameters.ts';
import { captureLimits, json, readHeaders } from './reply.ts';
import { root } from './root.ts';
import * as shapes from './shapes.ts';

const behaviour = z.object({
  'GS1-Capture-Error-Behaviour': z
    .enum(['rollback', 'proceed'])
    .optional()
    .describe('rollback, also where it is absent: all events or none; proceed: each that can be captured'),
});

const location = (path: string) => ({ location: `${root}${path}` });

export const captureOperations = [
  operation({
    ...{ method: 'POST', path: '/capture', scope: 'capture', query: z.object({}) },
    summary: 'Captures the events of a document as a job',
    headers: behaviour,
    body: {
      description: `An EPCISDocument or EPCISQueryDocument of at most ${captureLimits.events} events and ${captureLimits.bytes} bytes; with rollback of at most ${captureLimits.together} events`,
      schema: shapes.document,
    },
    answers: {
      202: {
        description: 'The job is written down',
        schema: shapes.started,
        headers: { Location: 'Where the job is' },
      },
    },
    problems: ['ValidationException', 'CaptureLimitExceededException', 'UnsupportedMediaTypeException'],
    serve: async ({ portal, client, request }) => {
      const mode = readHeaders(request, behaviour)['GS1-Capture-Error-Behaviour'] ?? 'rollback';
      const id = await captureDocument(portal, client, request, mode);
      return json({ captureID: id }, { status: 202, headers: location(`/capture/${id}`) });
    },
  }),
  operation({
    ...{ method: 'GET', path: '/capture', scope: 'capture', query: z.object(paging) },
    summary: 'Capture jobs of the institution, newest first',
    answers: { 200: { description: 'One page of jobs', schema: z.array(shapes.job), headers: shapes.pageHeaders } },
    problems: ['QueryParameterException'],
    serve: async ({ portal, client, request, query }) => {
      const { jobs, headers } = await listJobs(portal, client, pagesOf(portal, client, request, query));
      return json(jobs, { headers });
    },
  }),
  operation({
    ...{ method: 'GET', path: '/capture/{captureID}', scope: 'capture', query: z.object({}) },
    summary: 'What became of a capture job',
    answers: { 200: { description: 'The job', schema: shapes.job } },
    problems: ['NoSuchResourceException'],
    serve: async ({ portal, client, path }) => json(await readJob(portal, client, path.captureID ?? '')),
  }),
  operation({
    ...{ method: 'POST', path: '/events', scope: 'capture', query: z.object({}) },
    summary: 'Captures one event and waits for the ledger',
    body: { description: 'One EPCIS event', schema: shapes.event },
    answers: {
      201: {
        description: 'The ledger has the event',
        schema: shapes.event,
        headers: { Location: 'Where the event is, as soon as it is indexed' },
      },
      202: {
        description: 'The ledger has not answered yet',
        schema: shapes.started,
        headers: { Location: 'Where the capture job is' },
      },
    },
    problems: ['ValidationException', 'CaptureLimitExceededException', 'UnsupportedMediaTypeException'],
    serve: async ({ portal, client, request }) => {
      const { event, job } = await captureEvent(portal, client, request);
      const [refused] = job.errors;
      if (refused !== undefined) throw new EpcisException('ValidationException', refused.detail);
      if (job.running)
        return json({ captureID: job.captureID }, { status: 202, headers: location(`/capture/${job.captureID}`) });
      const headers = location(`/events/${encodeURIComponent(event.eventId ?? '')}`);
      return json(JSON.parse(event.body ?? 'null'), { status: 201, headers });
    },
  }),
];
