import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../../people/schema.ts';
import { alertFilter, type Dashboard, type FlowFilter, type StockFilter } from '../schema.ts';
import { listAlerts } from './alerts.ts';
import { flows } from './flow.ts';
import { overview } from './overview.ts';
import { listRecalls, recallCoverage } from './recalls.ts';
import { shortagesOf, stock } from './stock.ts';
import { listViews } from './views.ts';

const newestAlerts = 6;

/** All that the first screen shows of the reader's part, in one go. Throws FORBIDDEN. */
export async function dashboard(actor: Actor, filter: FlowFilter, portal: Portal = thePortal()): Promise<Dashboard> {
  const { gtin, site } = filter;
  const [figures, flow, all, page, recalls, views] = await Promise.all([
    overview(actor, { gtin, site }, portal),
    flows(actor, filter, portal),
    stock(actor, {}, portal),
    listAlerts(actor, alertFilter.parse({ gtin, site, limit: newestAlerts }), portal),
    coverageInForce(actor, { gtin, site }, portal),
    listViews(actor, undefined, portal),
  ]);
  const rows = all.rows.filter(
    (row) => (gtin === undefined || row.gtin === gtin) && (site === undefined || row.site === site),
  );
  const shown = { ...all, rows };
  return {
    ...{ overview: figures, flows: flow, stock: shown, shortages: shortagesOf(shown) },
    ...{ alerts: page.alerts, recalls, views },
  };
}

/** Recalls in force, of one product or of all, with packs at one place or anywhere, each with what has become of all its packs. */
async function coverageInForce(
  actor: Actor,
  { gtin, site }: StockFilter,
  portal: Portal,
): Promise<Dashboard['recalls']> {
  const recalls = await listRecalls(actor, undefined, portal);
  const inForce = recalls.filter((recall) => recall.endedAt === null && (gtin === undefined || recall.gtin === gtin));
  const coverage = await Promise.all(inForce.map(({ id }) => recallCoverage(actor, { id }, portal)));
  return coverage.filter(({ sites }) => site === undefined || sites.some(({ place }) => place.gln === site));
}
