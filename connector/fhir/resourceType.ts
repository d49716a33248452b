import type { Interaction } from '../smart/scopes.ts';
import type { Access } from '../smart/tokens.ts';
import type { Issue } from './refusal.ts';
import type { Site } from './site.ts';

/** A request that may be answered: its token counts and its scope covers it. */
export interface Asked {
  site: Site;
  access: Access;
  /** Parameters of the query. */
  params: URLSearchParams;
  header(name: string): string | undefined;
  /** Parsed JSON, where there is a body. */
  body: unknown;
}

export interface Answer {
  status: 200 | 201;
  resource: object;
  /** What is to be said of it, where the request prefers an OperationOutcome. */
  issues?: readonly Issue[];
  /** Of one resource: for ETag, Last-Modified and Location. */
  version?: { type: string; id: string; versionId: string; lastUpdated: string };
}

export interface SearchParameter {
  name: string;
  type: 'token' | 'date' | 'reference' | 'string' | 'number';
  documentation: string;
}

/** What is served of a type of resource; the CapabilityStatement is made of these, so that it can say nothing else. */
export interface ResourceType {
  type: string;
  documentation: string;
  searchParameters: readonly SearchParameter[];
  create?(asked: Asked): Promise<Answer>;
  read(asked: Asked, id: string): Promise<Answer>;
  update?(asked: Asked, id: string): Promise<Answer>;
  search(asked: Asked): Promise<Answer>;
  /** What `$validate` has to say of a resource, beyond what it throws; nothing is kept or signed. */
  judge?(asked: Asked): Promise<readonly Issue[]>;
}

/** The scope's letter of what is asked. */
export const letters = { create: 'c', read: 'r', update: 'u', search: 's' } as const satisfies Record<
  string,
  Interaction
>;

/** What a type serves, in the order of the standard. */
export const served = (one: ResourceType): (keyof typeof letters)[] =>
  (['read', 'create', 'update', 'search'] as const).filter((name) => one[name] !== undefined);
