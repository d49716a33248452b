import type { Metadata } from 'next';
import { SupplyDashboard } from '#components/regulator/SupplyDashboard.tsx';
import { daysOf, filterOf } from '#components/regulator/traceAddress.ts';
import { requireRole } from '#components/shell/requireRole.ts';
import { mapOf } from '#components/trace/mapOf.ts';
import { t } from '#messages/en.ts';
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
  const figures = await dashboard(actor, { ...daysOf(filter, now), gtin, site });
  const { stock } = figures;
  const located = stock.places.flatMap(({ gln, latitude, longitude }) =>
    latitude === null || longitude === null ? [] : { gln, latitude, longitude },
  );
  return (
    <SupplyDashboard
      view={{
        ...figures,
        ...{ readAt: new Date(now).toISOString(), filter, map: mapOf(located) },
        products: stock.products,
        places: stock.places.map(({ gln, name }) => ({ gln, name })),
      }}
    />
  );
}
