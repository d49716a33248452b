import { z } from 'zod';
import { type ExceptionName, exceptions } from './exception.ts';
import type { NameFamily, Operation } from './operation.ts';
import { operations } from './operations.ts';
import { commonHeaders, discoveryHeaders, epcisVersion } from './reply.ts';
import { root } from './root.ts';
import * as shapes from './shapes.ts';

/** The OpenAPI description of what is served, made of the operations themselves. */

type Json = Readonly<Record<string, unknown>>;

/** JSON Schema of what a schema takes, after an address's text has been read. */
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  return rest;
}

const refer = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** Shapes that have a name in the description. */
const named = new Map<z.ZodType, string>([
  [shapes.event, 'Event'],
  [shapes.document, 'Document'],
  [shapes.queryDocument, 'QueryDocument'],
  [shapes.collection, 'Collection'],
  [shapes.job, 'CaptureJob'],
  [shapes.problem, 'Problem'],
]);

const bodyOf = (schema: z.ZodType): Json => {
  const name = named.get(schema);
  return name === undefined ? schemaOf(schema) : refer(name);
};

function queryParameters({ query }: Operation): Json[] {
  return Object.keys(query.shape).map((name) => {
    const { description, ...schema } = propertyOf(query, name);
    const isList = schema.type === 'array';
    return {
      ...{ name, in: 'query', required: false, schema },
      ...(description === undefined ? {} : { description }),
      ...(isList ? { style: 'pipeDelimited', explode: false } : {}),
    };
  });
}

const properties = z.object({ properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) });

/** The schema of one member of an object. */
function propertyOf(object: z.ZodObject, name: string): Json {
  return properties.parse(schemaOf(object)).properties[name] ?? {};
}

function headerParameters(schema: z.ZodObject): Json[] {
  return Object.keys(schema.shape).map((name) => {
    const { description, ...property } = propertyOf(schema, name);
    return {
      ...{ name, in: 'header', required: false, schema: property },
      ...(description === undefined ? {} : { description }),
    };
  });
}

const pathParameters = (path: string): Json[] =>
  [...path.matchAll(/\{(.+?)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string', minLength: 1, maxLength: 1_024 },
  }));

const familyOf = ({ pattern, example, description, schema }: NameFamily): Json => ({
  ...{ pattern: pattern.source, example, description, schema: schemaOf(schema) },
});

const headersOf = (headers: Readonly<Record<string, string>>): Json =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );

const problemContent = { 'application/problem+json': { schema: refer('Problem') } };

/** Problems that any request may meet. */
const anywhere = {
  401: 'The token is missing, or is not valid (epcisException:SecurityException)',
  406: 'What is asked for cannot be answered (epcisException:NotAcceptableException)',
  429: 'There were too many requests',
  500: 'The request could not be answered (epcisException:ImplementationException)',
  503: 'A part of the portal does not answer; try again',
};

/** Refused by the server itself, before the interface is asked and without a word. */
const unread = {
  431: { description: 'The address and the headers together are longer than 16 KB' },
};

function responsesOf({ answers, problems = [], scope }: Operation): Json {
  const responses: Record<string, Json> = {};
  const refuse = (status: number, description: string) => {
    const before = responses[status]?.description;
    const all = before === undefined ? description : `${before}; ${description}`;
    responses[status] = { description: all, content: problemContent };
  };
  for (const [status, description] of Object.entries(anywhere)) refuse(Number(status), description);
  if (scope !== undefined) refuse(403, `The token is not for ${scope} (epcisException:SecurityException)`);
  const told: ExceptionName[] = ['URITooLongException', 'ValidationException', 'QueryParameterException', ...problems];
  for (const name of new Set(told))
    refuse(exceptions[name].status, `${exceptions[name].title} (epcisException:${name})`);
  for (const [status, { description, schema, headers }] of Object.entries(answers)) {
    const isProblem = schema === shapes.problem;
    responses[status] = {
      description,
      ...(headers && { headers: headersOf(headers) }),
      ...(schema && {
        content: { [isProblem ? 'application/problem+json' : 'application/json']: { schema: bodyOf(schema) } },
      }),
    };
  }
  return { ...responses, ...unread };
}

function describe(operation: Operation): Json {
  const { path, summary, scope, families, headers, body } = operation;
  return {
    summary,
    ...(scope !== undefined && { description: `For tokens with the scope ${scope}.` }),
    parameters: [
      ...pathParameters(path),
      ...queryParameters(operation),
      ...headerParameters(commonHeaders),
      ...(headers ? headerParameters(headers) : []),
    ],
    ...(families && { 'x-parameter-families': families.map(familyOf) }),
    ...(body && {
      requestBody: {
        ...{ required: true, description: body.description },
        content: Object.fromEntries(
          ['application/json', 'application/ld+json'].map((type) => [type, { schema: bodyOf(body.schema) }]),
        ),
      },
    }),
    responses: responsesOf(operation),
  };
}

const discoveryOf = (path: string): Json => ({
  summary: 'What this resource can do',
  parameters: [...pathParameters(path), ...headerParameters(commonHeaders)],
  responses: {
    204: { description: 'Told by the headers', headers: headersOf(discoveryHeaders) },
    ...Object.fromEntries(
      Object.entries(anywhere).map(([status, description]) => [status, { description, content: problemContent }]),
    ),
    ...unread,
  },
});

/** The description, for a portal at this address. */
export function openApi(url: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const { path, method } = operation;
    paths[path] = { options: discoveryOf(path), ...paths[path], [method.toLowerCase()]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      ...{ title: 'Medloom EPCIS', version: epcisVersion, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      description: 'The EPCIS 2.0 capture and query interface for partners’ systems of an institution.',
    },
    servers: [{ url: `${url.replace(/\/$/, '')}${root}` }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Made by an admin of the institution' },
      },
      schemas: Object.fromEntries([...named].map(([schema, name]) => [name, schemaOf(schema)])),
    },
  };
}
