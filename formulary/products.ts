import { alimentary } from './medicines/alimentary.ts';
import { antiinfective } from './medicines/antiinfective.ts';
import { antiparasitic } from './medicines/antiparasitic.ts';
import { blood } from './medicines/blood.ts';
import { cardiovascular } from './medicines/cardiovascular.ts';
import { dermatological } from './medicines/dermatological.ts';
import { genitourinary } from './medicines/genitourinary.ts';
import { hormones } from './medicines/hormones.ts';
import { immunity } from './medicines/immunity.ts';
import { musculoskeletal } from './medicines/musculoskeletal.ts';
import { nervous } from './medicines/nervous.ts';
import { respiratory } from './medicines/respiratory.ts';
import { sensory } from './medicines/sensory.ts';
import { various } from './medicines/various.ts';
import type { Medicine, Product } from './product.ts';

/** The formulary by ATC code, from public facts: generic names and classification, common forms, strengths and packs. */
export const medicines: readonly Medicine[] = [
  ...alimentary,
  ...blood,
  ...cardiovascular,
  ...dermatological,
  ...genitourinary,
  ...hormones,
  ...antiinfective,
  ...immunity,
  ...musculoskeletal,
  ...nervous,
  ...antiparasitic,
  ...respiratory,
  ...sensory,
  ...various,
];

export const products: readonly Product[] = medicines.flatMap((medicine) => medicine.products);

const byCode = new Map(products.map((product) => [product.code, product]));
const byGtin = new Map(products.flatMap((product) => product.packs.map((pack) => [pack.gtin, product] as const)));

export const findProduct = (code: string): Product | undefined => byCode.get(code);

/** The product of a pack's GTIN; a GTIN-13 or -12 is filled up to 14 digits. */
export const findProductByGtin = (gtin: string): Product | undefined => byGtin.get(gtin.padStart(14, '0'));

/** Units in the pack of a GTIN; undefined where the formulary does not know it. */
export function packSize(gtin: string): number | undefined {
  const whole = gtin.padStart(14, '0');
  return byGtin.get(whole)?.packs.find((pack) => pack.gtin === whole)?.size;
}
