import { eq, inArray } from 'drizzle-orm';
import { type FormularyEntry, formularyEntry, type Shortage, shortageRecord } from '#chaincode/model/formulary.ts';
import { FormularyList } from '#formulary/coverage.ts';
import { products } from '#formulary/products.ts';
import { isShort } from '#formulary/shortage.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { formularyEntries, shortages } from '../gateways/db/schema/formulary.ts';
import { staffOf } from '../people/names.ts';
import type { Actor } from '../people/schema.ts';
import { readVersions } from './ledger.ts';
import { allowScope, allowShortages, managedScope } from './policy.ts';
import type { FormularyEntryView, FormularyView, MedicineStatus, MedicineStatuses, ShortProduct } from './schema.ts';
import { productSupply } from './supply.ts';

async function entriesOf({ db }: Portal, scopes: string[]): Promise<FormularyEntry[]> {
  const rows = await db
    .select({ state: formularyEntries.ledgerState })
    .from(formularyEntries)
    .where(inArray(formularyEntries.scope, scopes))
    .orderBy(formularyEntries.scope, formularyEntries.code);
  return rows.map(({ state }) => formularyEntry.parse(state));
}

/** What the authority has said for all, in force or withdrawn: public master data. */
export const nationalFormulary = (_actor: Actor, portal: Portal = thePortal()): Promise<FormularyEntry[]> =>
  entriesOf(portal, ['national']);

async function declaredShortages({ db }: Portal): Promise<Map<string, Shortage>> {
  const rows = await db.select({ state: shortages.ledgerState }).from(shortages).where(eq(shortages.state, 'declared'));
  return new Map(rows.map(({ state }) => shortageRecord.parse(state)).map((shortage) => [shortage.product, shortage]));
}

/**
 * What is said of every medicine, for anybody who is signed in: it is public master data. Of the institutions' own lists that of
 * the actor's counts, and no other.
 */
export async function medicineStatuses(
  { institutionId }: Actor,
  portal: Portal = thePortal(),
  now = new Date(),
): Promise<MedicineStatuses> {
  const [entries, declared, supply] = await Promise.all([
    entriesOf(portal, ['national', ...(institutionId === null ? [] : [institutionId])]),
    declaredShortages(portal),
    productSupply(portal.db, now),
  ]);
  const list = new FormularyList(entries, institutionId);
  const covered = products.map((product) => ({ code: product.code, ...list.coverageOf(product) }));
  const groups = Map.groupBy(covered, ({ group }) => group);
  const statuses = covered.map((coverage): MedicineStatus => {
    const { code, group } = coverage;
    const alike = group === undefined ? [] : (groups.get(group) ?? []);
    const said = declared.get(code);
    const shortByStock = isShort(supply.get(code) ?? { usable: 0, dispensed: 0 });
    return {
      ...coverage,
      generics: alike.map((other) => other.code).filter((other) => other !== code),
      ...(said !== undefined
        ? { shortage: { why: 'declared', reason: said.reason, ...(said.until && { until: said.until }) } }
        : shortByStock && { shortage: { why: 'stock' } }),
    };
  });
  const told = statuses.filter(({ tier, shortage }) => tier !== 'unlisted' || shortage !== undefined);
  return Object.fromEntries(told.map((status) => [status.code, status]));
}

/** The list that the actor manages, withdrawn entries too. Throws FORBIDDEN. */
export async function managedFormulary(actor: Actor, portal: Portal = thePortal()): Promise<FormularyView> {
  const scope = managedScope(actor);
  const [own, national] = await Promise.all([
    entriesOf(portal, [scope]),
    scope === 'national' ? [] : entriesOf(portal, ['national']),
  ]);
  return { scope, entries: await withNames(portal, own), national };
}

/** All versions of an entry of the actor's list, newest first, from the ledger. Throws FORBIDDEN, NOT_FOUND, LEDGER_UNAVAILABLE. */
export async function entryVersions(
  actor: Actor,
  { scope, code }: { scope: string; code: string },
  portal: Portal = thePortal(),
): Promise<FormularyEntryView[]> {
  allowScope(actor, scope);
  return withNames(portal, await readVersions(portal.ledger, scope, code));
}

async function withNames(portal: Portal, entries: FormularyEntry[]): Promise<FormularyEntryView[]> {
  const people = await staffOf(
    portal,
    entries.map(({ by }) => by),
  );
  return entries.map((entry) => ({ ...entry, byName: people.get(entry.by)?.name ?? entry.by }));
}

/** Products that are short by the stock or by declaration, with the figures, for the authority. Throws FORBIDDEN. */
export async function shortProducts(
  actor: Actor,
  portal: Portal = thePortal(),
  now = new Date(),
): Promise<ShortProduct[]> {
  allowShortages(actor);
  const [declared, supply] = await Promise.all([declaredShortages(portal), productSupply(portal.db, now)]);
  const codes = [...new Set([...declared.keys(), ...supply.keys()])].sort();
  return codes.flatMap((product) => {
    const { usable, dispensed } = supply.get(product) ?? { usable: 0, dispensed: 0 };
    const said = declared.get(product);
    const byStock = isShort({ usable, dispensed });
    if (!byStock && said === undefined) return [];
    return [{ product, usable, dispensed, byStock, ...(said !== undefined && { declared: said }) }];
  });
}
