import type { z } from 'zod';
import type { Portal } from '#server/portal.ts';
import type { PartnerClient } from '../client.ts';
import type { Scope } from '../schema.ts';
import type { ExceptionName } from './exception.ts';

/** Parameters whose name has a part of its own, as `GE_value_CEL`; each a pattern that the whole name matches. */
export interface NameFamily {
  pattern: RegExp;
  /** An example of a name, and what it does. */
  example: string;
  description: string;
  schema: z.ZodType;
}

/** A parameter of such a family as it was given. */
export interface FamilyMember {
  family: NameFamily;
  /** The name's own parts. */
  parts: string[];
  value: unknown;
}

/** What an operation is served with. */
export interface Served<Query> {
  portal: Portal;
  client: PartnerClient;
  request: Request;
  /** The segments that stand in braces in the operation's path, decoded. */
  path: Readonly<Record<string, string>>;
  query: Query;
  families: readonly FamilyMember[];
}

export interface Answer {
  description: string;
  schema?: z.ZodType;
  headers?: Readonly<Record<string, string>>;
}

interface Described {
  method: 'GET' | 'POST' | 'DELETE';
  /** `/events/{eventID}` */
  path: string;
  summary: string;
  /** What the token must be for; any token that counts where it is absent. */
  scope?: Scope;
  families?: readonly NameFamily[];
  /** Headers of the request beyond those of every operation. */
  headers?: z.ZodObject;
  body?: { description: string; schema: z.ZodType };
  answers: Readonly<Record<number, Answer>>;
  /** Exceptions beyond those of every operation. */
  problems?: readonly ExceptionName[];
}

/** One operation of the interface: what serves it and what describes it stand together. */
export interface Operation extends Described {
  query: z.ZodObject;
  serve(context: Served<unknown>): Promise<Response>;
}

/** An operation whose handler gets the query as its schema reads it. */
export function operation<Query extends z.ZodObject>(
  definition: Described & { query: Query; serve(context: Served<z.output<Query>>): Promise<Response> },
): Operation {
  const { query, serve, ...rest } = definition;
  return { ...rest, query, serve: (context) => serve({ ...context, query: query.parse(context.query) }) };
}
