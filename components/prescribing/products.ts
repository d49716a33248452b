import { formatNumber } from '#components/ui/format.ts';
import { productTitle } from '#fhir/coding.ts';
import type { Product } from '#formulary/product.ts';
import { t } from '#messages/en.ts';

/** A name as it begins a line. */
export function capitalised(name: string): string {
  return name.charAt(0).toLocaleUpperCase() + name.slice(1);
}

/** “Clarithromycin 250 mg film-coated tablet”. */
export function productLabel(product: Pick<Product, 'name' | 'strength' | 'form' | 'brand'>): string {
  return capitalised(productTitle(product));
}

/** Pack sizes in words: “packs of 14, 28”. */
export function packLabel(product: Product): string {
  return t.prescribing.medicine.packs(product.packs.map(({ size }) => formatNumber(size)).join(', '));
}

/** The packs to hand out for a quantity: least left over, then fewest packs. */
export function bestPacks(
  product: Pick<Product, 'packs'>,
  quantity: number,
): { count: number; size: number } | undefined {
  const choices = product.packs.map(({ size }) => ({ size, count: Math.ceil(quantity / size) }));
  return choices.sort((a, b) => a.count * a.size - b.count * b.size || a.count - b.count)[0];
}
