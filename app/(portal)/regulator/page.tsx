import type { Metadata } from 'next';
import { SupplyDashboard } from '#components/regulator/SupplyDashboard.tsx';
import { daysOf, filterOf } from '#components/regulator/traceAddress.ts';
import { requireRole } from '#components/shell/requireRole.ts';
import { mapOf } from '#components/trace/mapOf.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import {
  alerts,
  listRecalls,
  listViews,
  recallCoverage,
  shortages,
  stock,
  supplyFlows,
  supplyOverview,
} from '#server/trace/queries.ts';

export const metadata: Metadata = { title: t.trace.title };

const newestAlerts = 6;

export default async function RegulatorPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const actor = requireRole(await readActor(), 'regulator');
  const filter = filterOf(await searchParams);
  const { gtin, site } = filter;
  const now = Date.now();
  const [overview, flows, all, short, page, recalls, views] = await Promise.all([
    supplyOverview(actor),
    supplyFlows(actor, { ...daysOf(filter, now), gtin, site }),
    stock(actor),
    shortages(actor),
    alerts(actor, { gtin, site, limit: newestAlerts }),
    listRecalls(actor),
    listViews(actor),
  ]);
  const inForce = recalls.filter((recall) => recall.endedAt === null && (gtin === undefined || recall.gtin === gtin));
  const coverage = await Promise.all(inForce.map(({ id }) => recallCoverage(actor, id)));
  const shown = all.rows.filter(
    (row) => (gtin === undefined || row.gtin === gtin) && (site === undefined || row.site === site),
  );
  const located = all.places.flatMap(({ gln, latitude, longitude }) =>
    latitude === null || longitude === null ? [] : { gln, latitude, longitude },
  );
  return (
    <SupplyDashboard
      view={{
        ...{ readAt: new Date(now).toISOString(), filter, overview, flows, recalls: coverage, views },
        ...{ stock: { ...all, rows: shown }, alerts: page.alerts, map: mapOf(located) },
        shortages: short.filter((row) => gtin === undefined || row.gtin === gtin),
        products: all.products,
        places: all.places.map(({ gln, name }) => ({ gln, name })),
      }}
    />
  );
}
