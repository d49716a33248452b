import { productTitle, systems } from '#fhir/coding.ts';
import type { Product } from '#formulary/product.ts';
import { findProduct, findProductByGtin, products } from '#formulary/products.ts';
import { searchFormulary } from '#formulary/search.ts';
import { refuse } from './refusal.ts';
import type { Answer, Asked, ResourceType } from './resourceType.ts';
import { searchSet } from './search.ts';
import { readToken } from './searchValues.ts';

/** The formulary changes with the release that has it. */
const released = '2026-01-01T00:00:00.000Z';

/** https://hl7.org/fhir/R4/medication.html: a product of the formulary. */
export function medicationOf(product: Product) {
  return {
    resourceType: 'Medication',
    id: product.code,
    meta: { versionId: '1', lastUpdated: released },
    code: {
      coding: [
        { system: systems.product, code: product.code, display: productTitle(product) },
        { system: systems.atc, code: product.atc, display: product.name },
        ...product.packs.map(({ size, gtin }) => ({
          ...{ system: systems.gtin, code: gtin },
          display: `${size} ${product.unit}`,
        })),
      ],
      text: productTitle(product),
    },
    status: 'active',
    form: { text: product.form },
    ingredient: [
      {
        itemCodeableConcept: { coding: [{ system: systems.atc, code: product.atc }], text: product.name },
        isActive: true,
      },
    ],
    ...(product.controlled && { extension: [{ url: 'urn:medloom:controlled', valueBoolean: true }] }),
  };
}

/** How many of what a search in words finds. */
const mostFound = 200;

function matching({ params }: Asked): Product[] {
  const words = params.get('code:text');
  const found = words === null ? products : searchFormulary(words, mostFound).map(({ product }) => product);
  const wanted = params.get('code');
  if (wanted === null) return [...found];
  const { system, code } = readToken(wanted);
  const is = (own: string, value: string) => (system === undefined || system === own) && value === code;
  return found.filter(
    (product) =>
      is(systems.product, product.code) ||
      is(systems.atc, product.atc) ||
      ((system === undefined || system === systems.gtin) && findProductByGtin(code) === product),
  );
}

export const medication: ResourceType = {
  type: 'Medication',
  documentation: 'Products of the formulary; a MedicationRequest names one by its product code or a GTIN.',
  searchParameters: [
    {
      name: 'code',
      type: 'token',
      documentation: 'Product code, ATC code (fifth level) or GTIN, with or without system',
    },
    { name: 'code:text', type: 'string', documentation: 'Name, form, strength, or the beginning of an ATC code' },
  ],
  read: async (_asked, id): Promise<Answer> => {
    const product = findProduct(id);
    if (!product) throw refuse(404, 'not-found', `there is no Medication/${id}`);
    const version = { type: 'Medication', id, versionId: '1', lastUpdated: released };
    return { status: 200, resource: medicationOf(product), version };
  },
  search: async (asked) => searchSet(asked, 'Medication', matching(asked).map(medicationOf)),
};
