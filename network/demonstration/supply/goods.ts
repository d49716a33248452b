import type { ProductRegistration, SiteRegistration } from '#chaincode/model/product.ts';
import { findProduct } from '#formulary/products.ts';
import { withCheckDigit } from '#gs1/checkDigit.ts';
import type { InstitutionId } from '../people.ts';

/** Places and products of the demonstration, under the prefix that GS1 keeps for demonstrations (950 6…). */

const prefix = '950600';

const site = (
  number: number,
  institutionId: InstitutionId,
  name: string,
  latitude: string,
  longitude: string,
): SiteRegistration => ({
  gln: withCheckDigit(`${prefix}${String(number).padStart(6, '0')}`),
  ...{ institutionId, name, latitude, longitude },
});

/** Invented names at real coordinates, so that a map has something to show. */
export const sites = {
  plant: site(1001, 'inst-nordvita', 'Nordvita plant, Northport', '57.7089', '11.9746'),
  depot: site(2001, 'inst-central-depot', 'Central Depot, Midway', '55.6761', '12.5683'),
  harbour: site(3001, 'inst-harbour-pharmacy', 'Harbour Pharmacy, Lakeside', '54.3233', '10.1228'),
  oldTown: site(3002, 'inst-old-town-pharmacy', 'Old Town Pharmacy, Hillcrest', '53.5511', '9.9937'),
  lakeside: site(4001, 'inst-lakeside-hospital', 'Lakeside Hospital', '54.3400', '10.1300'),
  hillcrest: site(4002, 'inst-hillcrest-clinic', 'Hillcrest Clinic', '53.5600', '10.0100'),
} as const satisfies Record<string, SiteRegistration>;
export type SiteName = keyof typeof sites;

const cold = { minCelsius: 2, maxCelsius: 8 };
const room = { minCelsius: 15, maxCelsius: 25 };

/** Code of the formulary, which of its packs, storage. */
const made: readonly (readonly [string, number, ProductRegistration['storage']?])[] = [
  ['MP-10220', 0, room],
  ['MP-14301', 0, room],
  ['MP-24021', 0, room],
  ['MP-14391', 0, room],
  ['MP-30031', 0],
  ['MP-10210', 0, cold],
  ['MP-22051', 0, room],
  ['MP-10020', 1, room],
  ['MP-10010', 0],
  ['MP-14303', 0, room],
  ['MP-14304', 0, room],
  ['MP-14212', 0, room],
  ['MP-14213', 0, room],
];

/** What Nordvita makes: the packs of what the demonstration's doctors prescribe, and some more. */
export const goods: readonly ProductRegistration[] = made.map(([code, pack, storage]) => {
  const product = findProduct(code);
  const size = product?.packs[pack];
  if (!product || !size) throw new Error(`The formulary has no pack ${pack} of ${code}.`);
  const { brand, name: substance, strength, unit } = product;
  const called = `${substance[0]?.toUpperCase()}${substance.slice(1)} ${strength}${brand === undefined ? '' : ` (${brand})`}`;
  const name = `${called}, ${size.size} ${unit}s`;
  return { gtin: size.gtin, name, maker: 'inst-nordvita', prefixLength: 6, ...(storage && { storage }) };
});

/** GTIN of a code's pack that is made here. */
export function gtinOf(code: string): string {
  const index = made.findIndex(([each]) => each === code);
  const found = goods[index];
  if (found === undefined) throw new Error(`Nobody makes ${code} here.`);
  return found.gtin;
}
