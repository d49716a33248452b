import { sql } from 'drizzle-orm';
import type { Portal } from '#server/portal.ts';
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
    .select()
    .from(traceSites)
    .where(sql`${traceSites.gln} = any(${sql.param(wanted)}::text[])`);
  const party = await partyNames(
    portal,
    rows.map(({ institutionId }) => institutionId),
  );
  const known = new Map(rows.map((row) => [row.gln, row]));
  return new Map(
    wanted.map((gln): [string, PlaceView] => {
      const row = known.get(gln);
      if (row === undefined) return [gln, unknownPlace(gln)];
      const { name, institutionId, latitude, longitude } = row;
      return [gln, { gln, name, institution: party(institutionId), latitude, longitude }];
    }),
  );
}

export const unknownPlace = (gln: string): PlaceView => ({
  ...{ gln, name: gln, institution: { id: '', name: '' }, latitude: null, longitude: null },
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
