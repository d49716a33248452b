import { eq, sql } from 'drizzle-orm';
import type { Portal } from '#server/portal.ts';
import { institutions } from '../../gateways/db/schema/people.ts';
import { traceProducts, traceSites } from '../../gateways/db/schema/trace.ts';
import { institutionNames } from '../../people/names.ts';
import type { PlaceView } from '../schema.ts';

type Db = Pick<Portal, 'db'>;

/** Names of institutions, each at least by its id. */
export async function partyNames(portal: Db, ids: string[]): Promise<(id: string) => { id: string; name: string }> {
  const names = await institutionNames(portal, ids);
  return (id) => ({ id, name: names.get(id) ?? id });
}

/** Places by GLN; one that nobody has registered is shown by its number. */
export async function placesOf(portal: Db, glns: Iterable<string>): Promise<Map<string, PlaceView>> {
  const wanted = [...new Set(glns)].filter((gln) => gln !== '');
  if (wanted.length === 0) return new Map();
  const rows = await portal.db
    .select({ site: traceSites, house: { name: institutions.name, kind: institutions.kind } })
    .from(traceSites)
    .leftJoin(institutions, eq(institutions.id, traceSites.institutionId))
    .where(sql`${traceSites.gln} = any(${sql.param(wanted)}::text[])`);
  const known = new Map(rows.map((row) => [row.site.gln, row]));
  return new Map(
    wanted.map((gln): [string, PlaceView] => {
      const row = known.get(gln);
      if (row === undefined) return [gln, unknownPlace(gln)];
      const { name, institutionId: id, latitude, longitude } = row.site;
      const institution = { id, name: row.house?.name ?? id, kind: row.house?.kind ?? '' };
      return [gln, { gln, name, institution, latitude, longitude }];
    }),
  );
}

export const unknownPlace = (gln: string): PlaceView => ({
  ...{ gln, name: gln, institution: { id: '', name: '', kind: '' }, latitude: null, longitude: null },
});

export async function productNames({ db }: Db, gtins: Iterable<string>): Promise<Map<string, string>> {
  const wanted = [...new Set(gtins)];
  if (wanted.length === 0) return new Map();
  const rows = await db
    .select({ gtin: traceProducts.gtin, name: traceProducts.name })
    .from(traceProducts)
    .where(sql`${traceProducts.gtin} = any(${sql.param(wanted)}::text[])`);
  return new Map(rows.map(({ gtin, name }) => [gtin, name]));
}
