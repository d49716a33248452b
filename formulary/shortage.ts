import { findProductByGtin, packSize } from './products.ts';

/** What is dispensed in this many days a medicine should be there for. */
export const shortageDays = 14;

/** Units of a product: usable at pharmacies and distributors now, and dispensed in the last 14 days. */
export interface ProductSupply {
  usable: number;
  dispensed: number;
}

/**
 * The rule: a product is short where less of it lies usable at pharmacies and distributors than was dispensed in the last 14
 * days. What nobody dispensed is not short, however little there is. It knows no season and no delivery to come.
 */
export const isShort = ({ usable, dispensed }: ProductSupply): boolean => usable < dispensed;

/** Packs of a GTIN. */
export interface PackSupply {
  gtin: string;
  usable: number;
  dispensed: number;
}

/** Supply by product code: packs of all sizes counted in the product's units. Packs that the formulary does not know are left out. */
export function supplyOf(packs: readonly PackSupply[]): Map<string, ProductSupply> {
  const supply = new Map<string, ProductSupply>();
  for (const { gtin, usable, dispensed } of packs) {
    const product = findProductByGtin(gtin);
    const size = packSize(gtin);
    if (product === undefined || size === undefined) continue;
    const before = supply.get(product.code) ?? { usable: 0, dispensed: 0 };
    supply.set(product.code, {
      usable: before.usable + usable * size,
      dispensed: before.dispensed + dispensed * size,
    });
  }
  return supply;
}
