import { type Portal, portal as thePortal } from '#server/portal.ts';
import { institutions } from '../gateways/db/schema/people.ts';
import type { Actor } from '../people/schema.ts';
import { allProducts, allSites } from '../registry/ledger.ts';
import { supplyChannels } from './ledger.ts';
import { ownOffice } from './policy.ts';
import type { SupplyBasics } from './schema.ts';

/** The actor's institution with its places, everybody's places, and all products, as `registry` has them now. */
export async function readBasics(actor: Actor, portal: Portal = thePortal()): Promise<SupplyBasics> {
  const institutionId = ownOffice(actor);
  const [products, sites, rows] = await Promise.all([
    allProducts(portal.ledger),
    allSites(portal.ledger),
    portal.db.select().from(institutions),
  ]);
  const nameOf = new Map(rows.map(({ id, name }) => [id, name]));
  const shown = sites
    .map((site) => ({ ...site, institution: nameOf.get(site.institutionId) ?? site.institutionId }))
    .sort((a, b) => a.institution.localeCompare(b.institution) || a.name.localeCompare(b.name));
  return {
    institutionId,
    kind: rows.find(({ id }) => id === institutionId)?.kind ?? '',
    own: shown.filter((site) => site.institutionId === institutionId),
    channels: supplyChannels(portal.ledger),
    sites: shown,
    products: products.sort((a, b) => a.name.localeCompare(b.name)),
  };
}
