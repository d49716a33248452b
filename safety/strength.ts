import type { Product } from '#formulary/product.ts';

/** How much of each active substance one counted unit of a product has. */
export interface Content {
  amount: number;
  /** Mass in milligrams, or international units. */
  unit: 'mg' | 'units';
}

const inMilligrams = { g: 1000, mg: 1, micrograms: 0.001 } as const;
const dropsPerMillilitre = 20;

const part = /^([\d.,]+) (mg|g|micrograms|units)$/;
const numberOf = (text: string) => Number(text.replaceAll(',', ''));

function contentOfPart(text: string): Content | undefined {
  const [, amount, unit] = part.exec(text) ?? [];
  if (amount === undefined) return undefined;
  if (unit === 'units') return { amount: numberOf(amount), unit: 'units' };
  const factor = unit === 'g' || unit === 'mg' || unit === 'micrograms' ? inMilligrams[unit] : undefined;
  return factor === undefined ? undefined : { amount: numberOf(amount) * factor, unit: 'mg' };
}

/**
 * The content of one counted unit (a tablet, a millilitre, a drop, a puff), one entry for each active substance; undefined where
 * the strength is a rate (patches) or cannot be told.
 */
export function contentOf({ strength, unit }: Pick<Product, 'strength' | 'unit'>): Content[] | undefined {
  const parts = strength.split('/');
  const last = parts.at(-1) ?? '';
  // A patch gives so much an hour or a day, for as long as it is worn.
  if (/^(?:\d+ )?h$/.test(last)) return undefined;
  const volume = /^(?:([\d.]+) )?(mL|g)$/.exec(last);
  const isVolume = parts.length > 1 && volume !== null;
  const substances = parts.slice(0, isVolume || last === 'dose' ? -1 : undefined).map(contentOfPart);
  if (substances.some((each) => each === undefined)) return undefined;
  const contents = substances.filter((each) => each !== undefined);
  if (unit === 'unit') return [{ amount: 1, unit: 'units' }];
  if (!isVolume) return contents;
  const per = volume[1] === undefined ? 1 : Number(volume[1]);
  // What is counted by the piece holds the volume that its strength names.
  const share = unit === 'mL' || unit === 'g' ? 1 / per : unit === 'drop' ? 1 / (per * dropsPerMillilitre) : 1;
  return contents.map(({ amount, unit: of }) => ({ amount: amount * share, unit: of }));
}
