import { type SQL, sql } from 'drizzle-orm';
import { percentEncode } from '#gs1/percent.ts';
import {
  traceContainers,
  traceEventEpcs,
  traceEvents,
  tracePacks,
  traceProducts,
  traceSites,
} from '../../gateways/db/schema/trace.ts';
import type { PartnerClient } from '../client.ts';

/**
 * Which events an institution sees, and no others: those that it captured; those that shipped something to it; those of packs
 * and containers that it holds or that are on their way to it, from their beginning; and as the maker of a product those that name
 * its packs, unless they name another maker's beside them. Refused events are no events of the standard and are in no answer.
 */
export function visibleTo({ institutionId }: Pick<PartnerClient, 'institutionId'>): SQL {
  return sql`${traceEvents.outcome} = 'accepted' and (
    ${traceEvents.party} = ${institutionId}
    or ${traceEvents.destination} = ${institutionId}
    or exists (select 1 from ${traceSites} where ${traceSites.gln} = ${traceEvents.destination} and ${traceSites.institutionId} = ${institutionId})
    or ${isHeldBy(institutionId)}
    or ${isMadeBy(institutionId)})`;
}

const e = traceEventEpcs;
const ofEvent = sql`${e.channel} = ${traceEvents.channel} and ${e.block} = ${traceEvents.block} and ${e.place} = ${traceEvents.place}`;

/** Parts of canonical Digital Links: `https://id.gs1.org/01/<14 digits>/21/<serial>`, `https://id.gs1.org/00/<18 digits>`. */
const isPack = sql`starts_with(${e.epc}, 'https://id.gs1.org/01/') and substr(${e.epc}, 37, 4) = '/21/'`;
const isContainer = sql`starts_with(${e.epc}, 'https://id.gs1.org/00/')`;
const gtinOf = sql`substr(${e.epc}, 23, 14)`;
const ssccOf = sql`substr(${e.epc}, 23, 18)`;

/** The characters of serial numbers that a Digital Link escapes; the % itself is put back last. */
const escaped = [...'!"&\'()*+,/:;<=>?%'].map((char) => [percentEncode(char), char] as const);
const serialOf = escaped.reduce(
  (text, [code, char]) => sql`replace(${text}, ${code}::text, ${char}::text)`,
  sql`substr(${e.epc}, 41)`,
);

const p = tracePacks;
const c = traceContainers;

/** Whether an institution holds, or is about to receive, something that the event names; what is in a container is where that is. */
function isHeldBy(institutionId: string): SQL {
  const outermost = sql`select 1 from ${c} as inner_one join ${c} as outer_one
    on outer_one.sscc = inner_one.root and outer_one.channel = inner_one.channel
    where (outer_one.holder = ${institutionId} or outer_one.shipped_to = ${institutionId})`;
  const pack = sql`exists (select 1 from ${p} where ${p.gtin} = ${gtinOf} and ${p.serial} = ${serialOf} and (
    (${p.parent} is null and (${p.holder} = ${institutionId} or ${p.shippedTo} = ${institutionId}))
    or exists (${outermost} and inner_one.sscc = ${p.parent} and inner_one.channel = ${p.channel})))`;
  const container = sql`exists (${outermost} and inner_one.sscc = ${ssccOf} and inner_one.channel = ${e.channel})`;
  return sql`exists (select 1 from ${e} where ${ofEvent} and ((${isPack} and ${pack}) or (${isContainer} and ${container})))`;
}

function isMadeBy(institutionId: string): SQL {
  const product = (condition: SQL) =>
    sql`exists (select 1 from ${traceProducts} where ${traceProducts.gtin} = ${gtinOf} and ${condition})`;
  const own = product(sql`${traceProducts.maker} = ${institutionId}`);
  return sql`(exists (select 1 from ${e} where ${ofEvent} and ${isPack} and ${own})
    and not exists (select 1 from ${e} where ${ofEvent} and ${isPack} and not ${own}))`;
}
