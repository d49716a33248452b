import { and, asc, countDistinct, eq } from 'drizzle-orm';
import { identifierOf } from '#gs1/uri.ts';
import type { Portal } from '#server/portal.ts';
import { type traceAlerts, traceEventEpcs } from '../gateways/db/schema/trace.ts';
import type { Item } from '../supply/schema.ts';
import { type AlertCase, mostThings } from './schema.ts';

type AlertRow = typeof traceAlerts.$inferSelect;

/** What these are about is not what their event names: packs that are gone, and packs that did not come. */
const aboutOthers: readonly string[] = ['unusualVolume', 'partialReceipt'];

/** The pack or the case that an alert is about; where it is about several, those that its event names. */
export async function thingsOf({ db }: Pick<Portal, 'db'>, alert: AlertRow): Promise<AlertCase['things']> {
  const { rule, gtin, serial, sscc, channel, block, place } = alert;
  if (gtin !== null && serial !== null) return { items: [{ kind: 'pack', gtin, serial }], leftOut: 0 };
  if (sscc !== null) return { items: [{ kind: 'container', sscc }], leftOut: 0 };
  if (aboutOthers.includes(rule)) return { items: [], leftOut: 0 };
  const e = traceEventEpcs;
  const named = and(eq(e.channel, channel), eq(e.block, block), eq(e.place, place));
  const [[all], rows] = await Promise.all([
    db
      .select({ things: countDistinct(e.epc) })
      .from(e)
      .where(named),
    db.selectDistinct({ epc: e.epc }).from(e).where(named).orderBy(asc(e.epc)).limit(mostThings),
  ]);
  return { items: rows.flatMap(({ epc }) => itemOf(epc)), leftOut: (all?.things ?? 0) - rows.length };
}

function itemOf(epc: string): Item[] {
  const id = identifierOf(epc);
  if (id?.type === 'sgtin') return [{ kind: 'pack', gtin: id.key, serial: id.part }];
  return id?.type === 'sscc' ? [{ kind: 'container', sscc: id.key }] : [];
}
