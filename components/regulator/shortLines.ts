import type { Shortage } from '#chaincode/model/formulary.ts';
import { productTitle } from '#fhir/coding.ts';
import { findProduct, findProductByGtin } from '#formulary/products.ts';
import type { ShortProduct } from '#server/formulary/schema.ts';
import type { ShortageRow } from '#server/trace/schema.ts';

/** A medicine that is short or will be: by the authority's word, by two weeks' use, by how long its packs last. */
export interface ShortLine {
  /** Product code; GTIN where the formulary does not know it. */
  key: string;
  name: string;
  declared?: Shortage;
  /** Units usable, and dispensed in the last 14 days, where that makes it short. */
  byStock?: { usable: number; dispensed: number };
  /** Packs that will not last, the shortest first. */
  packs: ShortageRow[];
  /** Of the packs that last the shortest; null where nothing is dispensed. */
  daysLeft: number | null;
}

/** Days under which packs are told of. */
export const soonShort = 14;

const runsOut = ({ daysLeft, placesShort }: ShortageRow) =>
  (daysLeft !== null && daysLeft < soonShort) || placesShort > 0;

/**
 * One line for each medicine, whatever says that it is short: what is declared first, then by the days that are left. `gtin`: of
 * that pack's medicine alone.
 */
export function shortLines(
  rows: readonly ShortageRow[],
  products: readonly ShortProduct[],
  gtin?: string | undefined,
): ShortLine[] {
  const packs = Map.groupBy(rows.filter(runsOut), (row) => findProductByGtin(row.gtin)?.code ?? row.gtin);
  const said = new Map(products.map((product) => [product.product, product]));
  const only = gtin === undefined ? undefined : (findProductByGtin(gtin)?.code ?? gtin);
  return [...new Set([...said.keys(), ...packs.keys()])]
    .filter((key) => only === undefined || key === only)
    .map((key): ShortLine => {
      const product = findProduct(key);
      const own = (packs.get(key) ?? []).toSorted((one, other) => rank(one.daysLeft) - rank(other.daysLeft));
      const { declared, byStock, usable = 0, dispensed = 0 } = said.get(key) ?? {};
      return {
        ...{ key, name: product ? productTitle(product) : (own[0]?.name ?? key), packs: own },
        ...(declared && { declared }),
        ...(byStock && { byStock: { usable, dispensed } }),
        daysLeft: own[0]?.daysLeft ?? null,
      };
    })
    .sort(
      (one, other) =>
        Number(other.declared !== undefined) - Number(one.declared !== undefined) ||
        rank(one.daysLeft) - rank(other.daysLeft) ||
        one.name.localeCompare(other.name, 'en'),
    );
}

const rank = (days: number | null) => days ?? Number.MAX_VALUE;
