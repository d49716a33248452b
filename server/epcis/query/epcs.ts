import { type SQL, sql } from 'drizzle-orm';
import { termOf, type Vocabulary } from '#epcis/vocabulary.ts';
import { writeDigitalLink } from '#gs1/digitalLink.ts';
import { canonicalUri, identifierOf } from '#gs1/uri.ts';
import { traceEventEpcs, traceEvents } from '../../gateways/db/schema/trace.ts';
import { keyText } from '../../supplyIndexer/json.ts';
import { fault } from '../api/parameters.ts';
import { anyOf, textArray } from './body.ts';

/** Conditions on what an event names: EPCs, classes, places, terms. */

type Role = 'epc' | 'parent' | 'child' | 'input' | 'output';

/** How a value may stand in an event: as it was asked for, and as its canonical Digital Link. */
export const spellings = (uri: string): string[] => [...new Set([uri, canonicalUri(uri)])];
/** The same as they stand in columns that are indexed. */
const keys = (uri: string): string[] => spellings(uri).map(keyText);

/** A term without prefix, as the read model has it. */
export const bare = (vocabulary: Vocabulary, value: string): string => termOf(vocabulary, value) ?? value;

/** Whether an event names one of these in one of these lists; a pattern of a class stands for all of its EPCs. */
export function names(parameter: string, values: readonly string[], roles: readonly Role[]): SQL {
  const exact: string[] = [];
  const begin: string[] = [];
  for (const value of values) {
    if (!value.startsWith('urn:epc:idpat:')) exact.push(...keys(value));
    else begin.push(beginningOf(parameter, value));
  }
  const { epc, role } = traceEventEpcs;
  const which = [
    ...(exact.length > 0 ? [sql`${epc} = any(${textArray(exact)})`] : []),
    ...begin.map((start) => sql`starts_with(${epc}, ${start}::text)`),
  ];
  return sql`(${traceEvents.channel}, ${traceEvents.block}, ${traceEvents.place}) in (
    select ${traceEventEpcs.channel}, ${traceEventEpcs.block}, ${traceEventEpcs.place} from ${traceEventEpcs}
    where ${anyOf(which)} and ${role} = any(${textArray(roles)}))`;
}

/** What all EPCs of a pattern begin with (`urn:epc:idpat:sgtin:0614141.107346.*`). */
function beginningOf(parameter: string, pattern: string): string {
  const id = identifierOf(pattern);
  if (id?.type === 'gtin') return `${writeDigitalLink(id)}/21/`;
  if (id?.type === 'sgtin' || id?.type === 'sscc') return writeDigitalLink(id);
  throw fault(parameter, 'only a pattern of one GTIN is answered, as urn:epc:idpat:sgtin:0614141.107346.*');
}

/** Whether `readPoint` or `bizLocation` is one of these places; `within`: or a part of one (a GLN with extension). */
export function isAt(which: 'readPoint' | 'bizLocation', places: readonly string[], within: boolean): SQL {
  const column = traceEvents[which];
  const id = sql`(${traceEvents.body} -> ${which}::text ->> 'id')`;
  return anyOf(
    places.map((place) => {
      const named = identifierOf(place);
      if (named?.type !== 'sgln') return sql`${column} = any(${textArray(keys(place))})`;
      if (named.part !== '') return sql`(${column} = ${named.key} and ${id} = any(${textArray(spellings(place))}))`;
      if (within) return sql`${column} = ${named.key}`;
      // The place itself, and no part of it.
      const whole = sql`${id} not like '%/254/%' and (${id} not like 'urn:epc:id:sgln:%' or ${id} like '%.0')`;
      return sql`(${column} = ${named.key} and ${whole})`;
    }),
  );
}
