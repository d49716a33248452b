import type { Names } from '#components/signing/wordsOf.ts';
import type { SupplyBasics } from '#server/supply/schema.ts';

/** Words for the numbers in what is signed: products by GTIN, places and their institutions by GLN and id. */
export function namesOf({ products, sites }: Pick<SupplyBasics, 'products' | 'sites'>): Names {
  return {
    ...Object.fromEntries(products.map(({ gtin, name }) => [gtin, name])),
    ...Object.fromEntries(sites.map(({ gln, institution, name }) => [gln, placeName(institution, name)])),
    ...Object.fromEntries(sites.map(({ institutionId, institution }) => [institutionId, institution])),
  };
}

/** An institution and its place, said once where the place bears the institution's name. */
export const placeName = (institution: string, place: string): string =>
  place.startsWith(institution) ? place : `${institution}, ${place}`;
