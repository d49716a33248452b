import { createHash } from 'node:crypto';
import type { EpcisEvent } from '#epcis/event.ts';
import * as write from '#epcis/write.ts';
import { withCheckDigit } from '#gs1/checkDigit.ts';
import { gtinOf, type SiteName, sites } from './goods.ts';

/** What the demonstration's supply chain has done before its first screen is shown. */

/** How far a lot has come: still at the plant, on its way to a place, or there. */
export type Reached = 'plant' | 'toDepot' | 'depot' | 'toHarbour' | 'harbour' | 'toOldTown' | 'oldTown';

export interface Lot {
  gtin: string;
  batch: string;
  packs: number;
  /** Days from today in which it can be used. */
  days: number;
  reached: Reached;
  /** The depot's sensor read so many degrees Celsius on its way. */
  warm?: number;
  /** Why its maker recalls it in the end. */
  recalled?: string;
  /** With what it came, where not with the first edition: an older network gets it beside what it has. */
  addition?: 'generics';
}

const lot = (code: string, batch: string, packs: number, reached: Reached, more: Partial<Lot> = {}): Lot => ({
  ...{ gtin: gtinOf(code), batch, packs, reached, days: 700 },
  ...more,
});

/** Each lot is one case, but what is still loose at the plant. */
export const lots: readonly Lot[] = [
  lot('MP-10220', 'NV2601', 24, 'harbour'),
  lot('MP-10220', 'NV2602', 24, 'depot'),
  lot('MP-10220', 'NV2603', 40, 'plant'),
  lot('MP-14301', 'NV2611', 20, 'harbour'),
  lot('MP-24021', 'NV2621', 20, 'harbour'),
  lot('MP-14391', 'NV2631', 20, 'oldTown'),
  lot('MP-30031', 'NV2509', 16, 'harbour', { days: 40 }),
  lot('MP-10210', 'NV2641', 12, 'depot', { warm: 11.5, days: 360 }),
  lot('MP-10210', 'NV2642', 12, 'toDepot', { days: 380 }),
  lot('MP-22051', 'NV2651', 18, 'toOldTown'),
  lot('MP-10020', 'NV2661', 20, 'toHarbour'),
  lot('MP-10010', 'NV2471', 15, 'harbour', { days: 200, recalled: 'Tablets of another strength in some blisters.' }),
  // What can be handed out for another product of the same.
  lot('MP-14303', 'NV2671', 20, 'harbour', { addition: 'generics' }),
  lot('MP-14304', 'NV2672', 18, 'oldTown', { addition: 'generics' }),
  lot('MP-14212', 'NV2681', 20, 'harbour', { addition: 'generics' }),
  lot('MP-14213', 'NV2682', 16, 'oldTown', { addition: 'generics' }),
];

const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/**
 * Serial numbers that every start makes alike, so that what an interrupted start did is known to the next. They can be foretold,
 * which those of a maker must not be.
 */
export function serialsOf({ gtin, batch, packs }: Lot): string[] {
  return Array.from({ length: packs }, (_, index) => {
    const hash = createHash('sha256').update(`${gtin} ${batch} ${index}`).digest();
    return Array.from(hash.subarray(0, 14), (byte) => alphabet.charAt(byte % alphabet.length)).join('');
  });
}

/** The case of a lot. */
export const caseOf = (which: Lot): string =>
  withCheckDigit(`0950600${String(10_000 + lots.indexOf(which)).padStart(10, '0')}`);

const dayMs = 24 * 60 * 60 * 1000;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** What somebody records of one lot at once. */
export interface Stage {
  /** Whose events they are, by the place. */
  at: SiteName;
  events: (which: Lot) => EpcisEvent[];
  /** Lots that have come so far. */
  concerns: (which: Lot) => boolean;
}

const beyond: Record<Reached, number> = {
  plant: 0,
  toDepot: 1,
  depot: 2,
  toHarbour: 3,
  toOldTown: 3,
  harbour: 4,
  oldTown: 4,
};
const isAt = (least: number) => (which: Lot) => beyond[which.reached] >= least;
const towards = ({ reached }: Lot): 'harbour' | 'oldTown' => (/harbour/i.test(reached) ? 'harbour' : 'oldTown');

/** The stages in their order; all that happened is within the week before `today`, a midnight. */
export function stagesOf(today: Date): Stage[] {
  const occasion = (place: SiteName, daysAgo: number): write.Occasion => ({
    site: sites[place].gln,
    at: new Date(today.getTime() - daysAgo * dayMs + 9 * 60 * 60 * 1000),
    timeZoneOffset: '+01:00',
  });
  const inCase = (which: Lot) => [{ sscc: caseOf(which) }];
  const ship = (place: SiteName, daysAgo: number, which: Lot, to: SiteName) =>
    write.shipped(occasion(place, daysAgo), inCase(which), {
      from: sites[place].gln,
      to: sites[to].gln,
      toSite: sites[to].gln,
    });
  const made = (which: Lot): EpcisEvent[] => {
    const { gtin, batch, days } = which;
    const serials = serialsOf(which);
    const expiry = dayOf(today.getTime() + days * dayMs);
    const commissioned = write.commissioned(occasion('plant', 7), { gtin, batch, expiry, serials });
    if (which.reached === 'plant') return [commissioned];
    const packed = write.packed(
      occasion('plant', 6),
      caseOf(which),
      serials.map((serial) => ({ gtin, serial })),
    );
    return [commissioned, packed, ship('plant', 5, which, 'depot')];
  };
  const stored = (which: Lot): EpcisEvent[] => [
    write.received(occasion('depot', 4), inCase(which), sites.plant.gln),
    ...(which.warm === undefined
      ? []
      : [
          write.measured(occasion('depot', 3), inCase(which), {
            from: occasion('depot', 4).at,
            reports: [{ type: 'Temperature', value: which.warm, uom: 'CEL' }],
          }),
        ]),
    ...(beyond[which.reached] >= 3 ? [ship('depot', 3, which, towards(which))] : []),
  ];
  const unloaded = (which: Lot): EpcisEvent[] => [
    write.received(occasion(towards(which), 2), inCase(which), sites.depot.gln),
    write.unpacked(occasion(towards(which), 2), caseOf(which)),
  ];
  return [
    { at: 'plant', events: made, concerns: isAt(0) },
    { at: 'depot', events: stored, concerns: isAt(2) },
    { at: 'harbour', events: unloaded, concerns: ({ reached }) => reached === 'harbour' },
    { at: 'oldTown', events: unloaded, concerns: ({ reached }) => reached === 'oldTown' },
  ];
}
