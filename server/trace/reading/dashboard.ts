import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../../people/schema.ts';
import { alertFilter, type Dashboard, type FlowFilter } from '../schema.ts';
import { listAlerts } from './alerts.ts';
import { flows } from './flow.ts';
import { overview } from './overview.ts';
import { listRecalls, recallCoverage } from './recalls.ts';
import { stockAndShortages } from './stock.ts';
import { listViews } from './views.ts';

const newestAlerts = 6;

/** All that the first screen shows of the reader's part, in one go. Throws FORBIDDEN. */
export async function dashboard(actor: Actor, filter: FlowFilter, portal: Portal = thePortal()): Promise<Dashboard> {
  const { gtin, site } = filter;
  const [figures, flow, { stock, shortages }, page, recalls, views] = await Promise.all([
    overview(actor, { gtin, site }, portal),
    flows(actor, filter, portal),
    stockAndShortages(actor, undefined, portal),
    listAlerts(actor, alertFilter.parse({ gtin, site, limit: newestAlerts }), portal),
    coverageInForce(actor, gtin, portal),
    listViews(actor, undefined, portal),
  ]);
  const isAsked = (row: { gtin: string }) => gtin === undefined || row.gtin === gtin;
  const rows = stock.rows.filter((row) => isAsked(row) && (site === undefined || row.site === site));
  return {
    ...{ overview: figures, flows: flow, stock: { ...stock, rows }, shortages: shortages.filter(isAsked) },
    ...{ alerts: page.alerts, recalls, views },
  };
}

/** Recalls in force, of one product or of all, each with what has become of its packs. */
async function coverageInForce(actor: Actor, gtin: string | undefined, portal: Portal): Promise<Dashboard['recalls']> {
  const recalls = await listRecalls(actor, undefined, portal);
  const inForce = recalls.filter((recall) => recall.endedAt === null && (gtin === undefined || recall.gtin === gtin));
  return Promise.all(inForce.map(({ id }) => recallCoverage(actor, { id }, portal)));
}
