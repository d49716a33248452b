import { refuse } from './refusal.ts';
import type { Answer, Asked, ResourceType } from './resourceType.ts';

/** What a search answers: pages of a Bundle (https://hl7.org/fhir/R4/bundle.html). */

const defaultCount = 20;
const mostCount = 100;

/** Parameters that every search has. `_offset` is this server's own, in the links between pages. */
export const commonParameters = ['_id', '_count', '_offset', '_format'];

/**
 * Refuses what is no parameter of the type, since a filter that nobody applied would answer more than was asked for; with
 * `Prefer: handling=lenient` it is left out, as the standard has it.
 */
export function requireKnown({ params, header }: Pick<Asked, 'params' | 'header'>, one: ResourceType): void {
  if (header('prefer')?.includes('handling=lenient')) return;
  const known = [...commonParameters, ...one.searchParameters.map(({ name }) => name)];
  const other = [...params.keys()].find((name) => !known.includes(name));
  if (other !== undefined) throw refuse(400, 'not-supported', `${one.type} is not searched by ${other.slice(0, 64)}`);
}

function wholeNumber(params: URLSearchParams, name: string, usual: number, most: number): number {
  const text = params.get(name);
  if (text === null) return usual;
  if (!/^\d{1,6}$/.test(text)) throw refuse(400, 'value', `${name}: a whole number`);
  return Math.min(Number(text), most);
}

/** Whether a resource is one of those that `_id` names. */
export const isAsked = (params: URLSearchParams, id: string): boolean =>
  params.getAll('_id').every((ids) => ids.split(',').includes(id));

/** Of so many prescriptions or patients at most one search asks the ledger. */
const mostAsked = 2_000;

/** Refuses a search that would ask the ledger for all that was ever kept: 422. */
export function requireFew(count: number, narrower: string): void {
  if (count <= mostAsked) return;
  throw refuse(
    422,
    'too-costly',
    `the ledger would be asked for ${count}, and is for ${mostAsked}: narrow it by ${narrower}`,
  );
}

/** Which of what is found are answered: from which on, and how many. */
export const pageOf = (params: URLSearchParams): { offset: number; count: number } => ({
  count: wholeNumber(params, '_count', defaultCount, mostCount),
  offset: wholeNumber(params, '_offset', 0, 999_999),
});

/** One page of what was found, in its order; `_count=0` answers the number alone. */
export function searchSet(asked: Asked, type: string, found: readonly { id: string }[]): Answer {
  const all = found.filter(({ id }) => isAsked(asked.params, id));
  const { count, offset } = pageOf(asked.params);
  return searchPage(asked, type, { total: all.length, page: all.slice(offset, offset + count) });
}

/** A page of so many. */
export function searchPage(
  { site, params }: Pick<Asked, 'site' | 'params'>,
  type: string,
  { total, page }: { total: number; page: readonly { id: string }[] },
): Answer {
  const { count, offset } = pageOf(params);
  const link = (relation: string, from: number) => {
    const query = new URLSearchParams(params);
    query.set('_count', `${count}`);
    query.set('_offset', `${from}`);
    return { relation, url: `${site.base}/${type}?${query}` };
  };
  return {
    status: 200,
    resource: {
      resourceType: 'Bundle',
      type: 'searchset',
      total,
      link: [
        link('self', offset),
        ...(count > 0 && offset > 0 ? [link('previous', Math.max(0, offset - count))] : []),
        ...(count > 0 && offset + count < total ? [link('next', offset + count)] : []),
      ],
      ...(page.length > 0 && {
        entry: page.map((resource) => ({
          fullUrl: `${site.base}/${type}/${resource.id}`,
          resource,
          search: { mode: 'match' },
        })),
      }),
    },
  };
}
