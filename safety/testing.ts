import type { DoseInstruction } from '#fhir/dosage.ts';
import type { Product } from '#formulary/product.ts';
import { products } from '#formulary/products.ts';
import { known, type Order, type Subject } from './subject.ts';

/** People and orders of the tests. */

export const at = '2026-11-27T09:00:00.000Z';

/** Somebody of whom everything is known and nothing is wrong: 45 years, male. */
export const healthy: Subject = {
  birthDate: known('1981-01-01'),
  sex: known('male'),
  weight: known(80),
  kidney: known(100),
  pregnancy: known('no'),
  allergies: known([]),
  medicines: known([]),
};

/** The birth date of somebody so many years old. */
export const aged = (years: number): Subject['birthDate'] =>
  known(new Date(Date.parse(at) - years * 365.2425 * 86_400_000).toISOString());

export function productOf(name: string, strength?: string): Product {
  const found = products.find(
    (product) => product.name === name && (strength === undefined || product.strength === strength),
  );
  if (found === undefined) throw new Error(`the formulary has no ${name} ${strength ?? ''}`);
  return found;
}

/** One unit once a day, unless told otherwise. */
export const orderOf = (product: Product, dose: Partial<DoseInstruction> = {}): Order => ({
  product,
  dose: { amount: 1, unit: product.unit, route: product.route, frequency: 1, period: 1, periodUnit: 'd', ...dose },
  at,
});
