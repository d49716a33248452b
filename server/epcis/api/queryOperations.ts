import { z } from 'zod';
import { eventsQuery, eventsQueryWithout, findEvents } from '../query/events.ts';
import { families } from '../query/families.ts';
import { dropQuery, keepQuery, listQueries, namedQuery, questionOf, readQuery } from '../query/named.ts';
import { pagesOf } from '../query/page.ts';
import { collection, listResource, type ResourceName, requireResource, resources } from '../query/resources.ts';
import { readJson, valid } from './body.ts';
import { EpcisException } from './exception.ts';
import { type Operation, operation } from './operation.ts';
import { paging } from './parameters.ts';
import { json, nothing } from './reply.ts';
import { root } from './root.ts';
import * as shapes from './shapes.ts';

const longestBody = 64 * 1024;
const page = z.object(paging);
const found = {
  200: { description: 'One page of events', schema: shapes.queryDocument, headers: shapes.pageHeaders },
} as const;
const tooMuch = ['QueryParameterException', 'QueryTooLargeException', 'QueryTooComplexException'] as const;

/** A top-level resource: what there is of it, one of it, and the events of one. */
function resourceOperations(name: ResourceName): Operation[] {
  const { id, parameter, summary } = resources[name];
  const one = `/${name}/{${id}}`;
  return [
    operation({
      ...{ method: 'GET', path: `/${name}`, scope: 'query', query: page },
      summary: `The ${summary} of the events that the institution sees`,
      answers: { 200: { description: 'One page', schema: shapes.collection, headers: shapes.pageHeaders } },
      problems: ['QueryParameterException'],
      serve: async ({ portal, client, request, query }) => {
        const { member, headers } = await listResource(portal, client, name, pagesOf(portal, client, request, query));
        return json(collection(member), { headers });
      },
    }),
    operation({
      ...{ method: 'GET', path: one, scope: 'query', query: z.object({}) },
      summary: 'What can be asked of it',
      answers: { 200: { description: 'Its resources', schema: shapes.collection } },
      problems: ['NoSuchResourceException'],
      serve: async ({ portal, client, path }) => {
        await requireResource(portal, client, name, path[id] ?? '');
        return json(collection(['events']));
      },
    }),
    operation({
      ...{ method: 'GET', path: `${one}/events`, scope: 'query', families },
      query: eventsQueryWithout(parameter),
      summary: 'Its events',
      answers: found,
      problems: ['NoSuchResourceException', ...tooMuch],
      serve: async ({ portal, client, request, path, query, families: members }) => {
        const pager = pagesOf(portal, client, request, page.parse(query));
        const asked = eventsQuery.safeParse({ ...query, [parameter]: [path[id]] });
        if (!asked.success) throw new EpcisException('NoSuchResourceException', `There is no such ${id}.`);
        const { document, headers } = await findEvents(portal, client, { query: asked.data, families: members }, pager);
        return json(document, { headers });
      },
    }),
  ];
}

const subscriptions = (method: 'GET' | 'POST', path: string) =>
  operation({
    ...{ method, path, scope: 'query', query: z.object({}) },
    summary: 'Subscriptions are not offered',
    answers: { 501: { description: 'Not offered', schema: shapes.problem } },
    serve: async () => {
      throw new EpcisException('ImplementationException', 'Subscriptions are not offered; ask the query again.', {
        status: 501,
      });
    },
  });

export const queryOperations: Operation[] = [
  operation({
    ...{ method: 'GET', path: '/', query: z.object({}) },
    summary: 'The top-level resources',
    answers: { 200: { description: 'Their names', schema: shapes.collection } },
    serve: async () => json(collection(['capture', 'events', 'queries', ...Object.keys(resources)])),
  }),
  operation({
    ...{ method: 'GET', path: '/events', scope: 'query', query: eventsQuery, families },
    summary: 'Events that the institution sees: its own, of its products, and of what it holds or is to receive',
    answers: found,
    problems: tooMuch,
    serve: async ({ portal, client, request, query, families: members }) => {
      const pager = pagesOf(portal, client, request, page.parse(query));
      const { document, headers } = await findEvents(portal, client, { query, families: members }, pager);
      return json(document, { headers });
    },
  }),
  operation({
    ...{ method: 'GET', path: '/events/{eventID}', scope: 'query', query: z.object({}) },
    summary: 'One event; with several if it is recorded on several channels, each with its own packs',
    answers: { 200: { description: 'The event', schema: shapes.queryDocument } },
    problems: ['NoSuchResourceException'],
    serve: async ({ portal, client, request, path }) => {
      const pager = pagesOf(portal, client, request, { perPage: 100 });
      const query = eventsQuery.parse({ EQ_eventID: [path.eventID] });
      const { document, events } = await findEvents(portal, client, { query, families: [] }, pager);
      if (events === 0) throw new EpcisException('NoSuchResourceException', 'There is no such event.');
      return json(document);
    },
  }),
  ...(['eventTypes', 'epcs', 'bizSteps', 'bizLocations', 'readPoints', 'dispositions'] as const).flatMap(
    resourceOperations,
  ),
  operation({
    ...{ method: 'GET', path: '/queries', scope: 'query', query: page },
    summary: 'Named queries of the institution',
    answers: { 200: { description: 'One page', schema: z.array(namedQuery), headers: shapes.pageHeaders } },
    problems: ['QueryParameterException'],
    serve: async ({ portal, client, request, query }) => {
      const { queries, headers } = await listQueries(portal, client, pagesOf(portal, client, request, query));
      return json(queries, { headers });
    },
  }),
  operation({
    ...{ method: 'POST', path: '/queries', scope: 'query', query: z.object({}) },
    summary: 'Keeps a query under a name',
    body: { description: 'The name and the parameters', schema: namedQuery },
    answers: { 201: { description: 'It is kept', headers: { Location: 'Where the query is' } } },
    problems: [
      ...(['ValidationException', 'ResourceAlreadyExistsException', 'UnsupportedMediaTypeException'] as const),
      ...tooMuch,
    ],
    serve: async ({ portal, client, request }) => {
      const wanted = valid(namedQuery, await readJson(request, longestBody));
      await keepQuery(portal, client, wanted);
      return json(wanted, { status: 201, headers: { location: `${root}/queries/${wanted.name}` } });
    },
  }),
  operation({
    ...{ method: 'GET', path: '/queries/{queryName}', scope: 'query', query: z.object({}) },
    summary: 'A named query',
    answers: { 200: { description: 'The query', schema: namedQuery } },
    problems: ['NoSuchNameException'],
    serve: async ({ portal, client, path }) => json(await readQuery(portal, client, path.queryName ?? '')),
  }),
  operation({
    ...{ method: 'DELETE', path: '/queries/{queryName}', scope: 'query', query: z.object({}) },
    summary: 'Forgets a named query',
    answers: { 204: { description: 'It is forgotten' } },
    problems: ['NoSuchNameException'],
    serve: async ({ portal, client, path }) => {
      await dropQuery(portal, client, path.queryName ?? '');
      return nothing(204);
    },
  }),
  operation({
    ...{ method: 'GET', path: '/queries/{queryName}/events', scope: 'query', query: page },
    summary: 'Events of a named query',
    answers: found,
    problems: ['NoSuchNameException', ...tooMuch],
    serve: async ({ portal, client, request, path, query }) => {
      const question = questionOf(await readQuery(portal, client, path.queryName ?? ''));
      const pager = pagesOf(portal, client, request, query);
      const { document, headers } = await findEvents(portal, client, question, pager);
      return json(document, { headers });
    },
  }),
  subscriptions('GET', '/queries/{queryName}/subscriptions'),
  subscriptions('POST', '/queries/{queryName}/subscriptions'),
  subscriptions('GET', '/queries/{queryName}/subscriptions/{subscriptionID}'),
];
