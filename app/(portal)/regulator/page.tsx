import type { Metadata } from 'next';
import { BatchPanel } from '#components/adverseEvents/BatchPanel.tsx';
import { SupplyDashboard } from '#components/regulator/SupplyDashboard.tsx';
import { daysOf, filterOf } from '#components/regulator/traceAddress.ts';
import { requireRole } from '#components/shell/requireRole.ts';
import { mapOf } from '#components/trace/mapOf.ts';
import { t } from '#messages/en.ts';
import { reportQueue } from '#server/adverseEvents/queries.ts';
import { shortProducts } from '#server/formulary/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { dashboard } from '#server/trace/queries.ts';

export const metadata: Metadata = { title: t.trace.title };

export default async function RegulatorPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const actor = requireRole(await readActor(), 'regulator');
  const filter = filterOf(await searchParams);
  const { gtin, site } = filter;
  const now = Date.now();
  const [figures, short, reports] = await Promise.all([
    dashboard(actor, { ...daysOf(filter, now), gtin, site }),
    shortProducts(actor),
    reportQueue(actor),
  ]);
  const { stock } = figures;
  const located = stock.places.flatMap(({ gln, latitude, longitude }) =>
    latitude === null || longitude === null ? [] : { gln, latitude, longitude },
  );
  return (
    <SupplyDashboard
      medicines={<BatchPanel reports={reports} institution={actor.institutionId ?? ''} />}
      view={{
        ...figures,
        ...{ readAt: new Date(now).toISOString(), filter, map: mapOf(located) },
        ...{ short, products: stock.products },
        places: stock.places.map(({ gln, name }) => ({ gln, name })),
      }}
    />
  );
}
