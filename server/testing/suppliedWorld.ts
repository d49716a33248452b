import type { Block, BlockTransaction } from '../gateways/ledger/blocks.ts';
import {
  blockOf,
  captureOf,
  containerEpc,
  dispense,
  glnOf,
  gtinOf,
  packEpc,
  recallOf,
  receive,
  sample,
  ssccOf,
} from './supplyChain.ts';

/** A small supply chain: a maker, a distributor and two pharmacies, whose places lie far apart. */
export const maker = { id: 'inst-nordvita-works', site: glnOf(1), latitude: '59.3', longitude: '18.1' };
export const depot = { id: 'inst-central-depot', site: glnOf(2), latitude: '57.7', longitude: '12.0' };
export const river = { id: 'inst-river-pharmacy', site: glnOf(3), latitude: '55.6', longitude: '13.0' };
export const hill = { id: 'inst-hill-pharmacy', site: glnOf(4), latitude: '67.9', longitude: '20.2' };
export const places = [maker, depot, river, hill];
export const gtin = gtinOf(1);
export const sscc = { case: ssccOf(1), pallet: ssccOf(2) };
export const serials = Array.from({ length: 10 }, (_, index) => `S${String(index + 1).padStart(4, '0')}`);
export const epcs = serials.map((serial) => packEpc(gtin, serial));
const [first = '', second = '', third = '', fourth = '', fifth = ''] = epcs;

const start = Date.parse('2026-06-01T08:00:00Z');
/** So many hours after the chain begins. */
export const hour = (hours: number) => new Date(start + hours * 3_600_000);

type Told = Parameters<typeof captureOf>[2][number];
const by = (who: { id: string }, at: number, ...events: Told[]): BlockTransaction =>
  captureOf(who.id, hour(at), events);

/**
 * Ten packs are made, put into a case and the case onto a pallet; a sensor reads 11.4 °C; river pharmacy unpacks and dispenses
 * some, undoes one; a copy is sold at hill pharmacy; the batch is recalled and a dispensing refused.
 */
export function storyBlocks(): Block[] {
  const packEpcs = [...epcs];
  const reading = {
    disposition: 'in_transit',
    sensorElementList: [{ sensorReport: [{ type: 'Temperature', value: 52.52, uom: 'FAH' }] }],
  };
  const undone = { errorDeclaration: { declarationTime: hour(61).toISOString(), reason: 'did_not_occur' } };
  const decommission = sample.object(hour(60), river.site, [third], 'decommissioning', {
    ...{ action: 'DELETE', disposition: 'inactive' },
  });
  return [
    blockOf(0),
    blockOf(
      1,
      by(maker, 0, sample.commission(hour(0), maker.site, packEpcs, 'B1', '2027-06-30')),
      by(
        maker,
        1,
        sample.pack(hour(1), maker.site, containerEpc(sscc.case), packEpcs),
        sample.pack(hour(1), maker.site, containerEpc(sscc.pallet), [containerEpc(sscc.case)]),
      ),
    ),
    blockOf(2, by(maker, 2, sample.ship(hour(2), maker.site, [containerEpc(sscc.pallet)], depot.site))),
    blockOf(
      3,
      by(depot, 20, receive(hour(20), depot.site, [containerEpc(sscc.pallet)])),
      by(depot, 21, sample.unpack(hour(21), depot.site, containerEpc(sscc.pallet))),
    ),
    blockOf(
      4,
      by(depot, 22, sample.ship(hour(22), depot.site, [containerEpc(sscc.case)], river.site)),
      by(depot, 23, [
        sample.object(hour(23), depot.site, [containerEpc(sscc.case)], 'transporting', reading),
        { alerts: ['excursion'] },
      ]),
    ),
    blockOf(
      5,
      by(river, 40, receive(hour(40), river.site, [containerEpc(sscc.case)])),
      by(river, 41, sample.unpack(hour(41), river.site, containerEpc(sscc.case), epcs.slice(0, 8))),
    ),
    blockOf(6, by(river, 50, dispense(hour(50), river.site, [first, second]))),
    blockOf(7, by(river, 60, decommission), by(river, 61, { ...decommission, ...undone })),
    // A copy of the first pack is sold far away an hour after the first.
    blockOf(
      8,
      by(hill, 51, [
        dispense(hour(51), hill.site, [first]),
        { outcome: 'refused', code: 'WRONG_STATE', detail: 'is dispensed' },
      ]),
      by(hill, 53, [
        receive(hour(53), hill.site, [fourth]),
        { outcome: 'refused', code: 'HELD_BY_ANOTHER', detail: 'is held by another' },
      ]),
    ),
    blockOf(
      9,
      recallOf(maker.id, hour(70), {
        ...{ id: `rcl-${'a'.repeat(26)}`, gtin, batches: ['B1'], reason: 'particles', level: 'retail' },
      }),
      by(river, 71, [dispense(hour(71), river.site, [fifth]), { outcome: 'refused', code: 'RECALLED' }]),
      by(
        river,
        72,
        sample.object(hour(72), river.site, [fourth, fifth], 'holding', { disposition: 'non_sellable_other' }),
      ),
      by(river, 73, sample.object(hour(73), river.site, [third], 'destroying', { action: 'DELETE' })),
    ),
  ];
}
