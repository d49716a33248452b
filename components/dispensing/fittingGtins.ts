import { codeOf, systems } from '#fhir/coding.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import type { Interchange } from '#formulary/interchange.ts';
import { findProduct, products } from '#formulary/products.ts';
import { substitutionOf } from '#formulary/substitution.ts';

/** GTINs of all packs that may be handed out for a prescription: of the prescribed product, and of substitutes that the formulary's lists allow. */
export function fittingGtins(
  { medicationCodeableConcept, substitution }: MedicationRequest,
  lists: Interchange,
): string[] {
  const prescribed = findProduct(codeOf(medicationCodeableConcept, systems.product) ?? '');
  if (prescribed === undefined) return [];
  return products
    .filter(
      (product) =>
        substitutionOf(prescribed, product, { allowed: substitution.allowedBoolean, ...lists }).kind !== 'refused',
    )
    .flatMap(({ packs }) => packs.map(({ gtin }) => gtin));
}
