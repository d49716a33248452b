import type { Product } from './product.ts';

/** How often a dose is taken, as a doctor chooses it. */
export const oftens = ['daily', 'every12', 'every8', 'every6', 'otherDay', 'weekly'] as const;
export type Often = (typeof oftens)[number];

/** Doses a day of each. */
export const dosesADay: Record<Often, number> = {
  daily: 1,
  every12: 2,
  every8: 3,
  every6: 4,
  otherDay: 1 / 2,
  weekly: 1 / 7,
};

/** What a form begins with; the doctor decides. */
export interface UsualDose {
  /** In the product's units; absent where there is no one usual amount, so that nobody signs one unread. */
  amount?: number;
  often: Often;
  days: number;
}

type Row = readonly [amount: number | null, often: Often, days?: number];

const onceADay: Row = [1, 'daily'];
const twiceADay: Row = [1, 'every12'];
const inOneRow = (row: Row, keys: string) => keys.split(' ').map((key) => [key, row] as const);

/**
 * Adult doses that product information commonly begins with, by product code or ATC code (the product's code wins): units a
 * dose, how often, and days of a course; without days, it is taken as long as the smallest pack lasts. What depends on
 * weight, laboratory values or a scheme of its own is left out on purpose.
 */
const rows = new Map<string, Row>([
  ...inOneRow(
    onceADay,
    'MP-10011 A02BC01 A02BC02 A02BC03 A02BC05 MP-10222 MP-10231 A10BB12 A10BH01 MP-10271 A10BK01 A10BK03 MP-10300 A11DA01 A11HA02 ' +
      'B01AC04 MP-12040 MP-12071 B01AF03 B03AA07 B03BB01 C01DA14 C02CA04 C03AA03 C03BA11 C03CA01 C03CA02 C03DA01 C03DA04 ' +
      'MP-14161 C07AB03 C07AB07 C07AB12 C08CA01 C08CA05 C08CA13 MP-14241 C08DB01 C09AA02 C09AA03 C09AA04 C09AA05 ' +
      'C09CA01 C09CA03 C09CA04 C09CA06 C09CA07 C10AA01 C10AA03 C10AA05 C10AA07 C10AB05 C10AX09 ' +
      'G03AA07 G03AC09 G04BD08 G04BD12 MP-20110 G04CA02 G04CB01 H03AA01 L02BA01 L02BB03 L02BG03 L02BG04 ' +
      'M01AC06 M01AH01 M01AH05 M04AA01 M04AA03 N05AH03 N05AX12 N05CH01 N06AB03 N06AB04 N06AB05 N06AB06 N06AB10 ' +
      'N06AX11 N06AX12 N06AX16 N06AX21 MP-32411 N06BA12 N06DA02 N07BA01 R03BB04 MP-40150 MP-40200 R06AX13 R06AX26 R06AX27',
  ),
  ...inOneRow(
    twiceADay,
    'MP-10010 MP-10220 MP-10221 B01AC24 MP-12061 MP-12081 C01EB17 MP-14160 MP-14200 C09AA01 C09DX04 MP-32160 N02BF02 ' +
      'N07BA03 R03AC13 R03AK06',
  ),
  // Medicines of a course.
  ['B02AA02', [2, 'every8', 4]],
  ['A04AA01', [1, 'every12', 5]],
  ['A03FA01', [1, 'every8', 5]],
  ['D01BA02', [1, 'daily', 14]],
  ['G01AF02', [1, 'daily', 1]],
  ['G03AD01', [1, 'daily', 1]],
  ['J01AA02', [1, 'daily', 7]],
  ['MP-24020', [1, 'every8', 7]],
  ['MP-24021', [1, 'every8', 7]],
  ['J01CE02', [2, 'every6', 5]],
  ['J01CF05', [1, 'every6', 7]],
  ['MP-24050', [1, 'every8', 7]],
  ['MP-24051', [1, 'every12', 7]],
  ['J01DB01', [1, 'every8', 7]],
  ['J01DC02', [1, 'every12', 7]],
  ['J01DD08', [1, 'daily', 7]],
  ['J01EA01', [1, 'every12', 3]],
  ['J01EE01', [1, 'every12', 5]],
  ['J01FA01', [1, 'every6', 7]],
  ['J01FA09', [1, 'every12', 7]],
  ['MP-24140', [1, 'daily', 3]],
  ['J01MA02', [1, 'every12', 7]],
  ['J01MA12', [1, 'daily', 5]],
  ['J01XE01', [1, 'every12', 7]],
  ['J01XX01', [1, 'daily', 1]],
  ['MP-24201', [1, 'daily', 1]],
  ['J05AB11', [1, 'every12', 5]],
  ['J05AH02', [1, 'every12', 5]],
  ['MP-30010', [1, 'every8', 7]],
  ['MP-30030', [2, 'every8', 4]],
  ['MP-30031', [1, 'every8', 7]],
  ['M01AE02', [1, 'every12', 7]],
  ['MP-32060', [2, 'every6', 4]],
  ['MP-32010', [1, 'every12', 14]],
  ['N05CF01', [1, 'daily', 7]],
  ['N05CF02', [1, 'daily', 7]],
  ['P01AB01', [1, 'every8', 7]],
  ['MP-40160', [1, 'daily', 10]],
  // By the week; how much methotrexate is never begun with.
  ['L01BA01', [null, 'weekly', 28]],
  ['M05BA04', [1, 'weekly']],
  ['M05BA07', [1, 'weekly']],
  // A bottle of eye drops is used for four weeks.
  ['S01EE01', [1, 'daily', 28]],
  ['S01ED01', [1, 'every12', 28]],
  ['S01EA05', [1, 'every12', 28]],
  ['S01EC03', [1, 'every8', 28]],
]);

const mostDays = 365;

/** How a product is usually taken; without an amount where none is usual. */
export function usualDose(product: Pick<Product, 'code' | 'atc' | 'packs'>): UsualDose {
  const [amount, often, days] = rows.get(product.code) ?? rows.get(product.atc) ?? [null, 'daily', 7];
  const smallest = Math.min(...product.packs.map(({ size }) => size));
  const lasting = Number.isFinite(smallest) ? Math.floor(smallest / (dosesADay[often] * (amount ?? 1)) + 1e-9) : 7;
  return {
    ...(amount !== null && { amount }),
    often,
    days: days ?? Math.min(mostDays, Math.max(1, lasting)),
  };
}

/** The codes that the table names, for its test. */
export const usualCodes: readonly string[] = [...rows.keys()];
