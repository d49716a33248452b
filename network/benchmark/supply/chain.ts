import type { Block, BlockTransaction } from '#server/gateways/ledger/blocks.ts';
import {
  blockOf,
  captureOf,
  containerEpc,
  type Decision,
  glnOf,
  gtinOf,
  packEpc,
  recallOf,
  receive,
  type SampleEvent,
  sample,
  ssccOf,
} from '#server/testing/supplyChain.ts';

/**
 * A supply chain to fill the read model with: 5 makers, 20 products, 5 depots and 30 pharmacies over 120 days that end today.
 * A case of 50 packs is made, shipped over a depot to a pharmacy, unpacked, and its packs are decommissioned and dispensed two a
 * day. One shipment in 200 gets too warm, one dispensing in 5,000 is of a copy. At the end each chain has two recalls in force:
 * of a product's batches of a day, and of a range of its serial numbers. The same seed gives the same events.
 */

export const channels = ['supply-0', 'supply-1'];
const days = 120;
const packsInCase = 50;
const dispensedDaily = 2;
const dayMs = 86_400_000;
/** Of a case: seven of itself, and two of each pack that is dispensed by the end, about nine of ten. */
export const eventsOfCase = 7 + 2 * packsInCase * 0.9;
const eventsOfTransaction = 100;
const transactionsOfBlock = 5;

interface Place {
  id: string;
  gln: string;
  latitude: string;
  longitude: string;
}

const placesOf = (kind: string, count: number, first: number): Place[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ id: `inst-${kind}-${String(index).padStart(4, '0')}`, gln: glnOf(first + index) },
    latitude: (48 + ((index * 7) % 15) / 2).toFixed(2),
    longitude: (2 + ((index * 11) % 30) / 2).toFixed(2),
  }));

export const makers = placesOf('maker', 5, 100);
export const depots = placesOf('depot', 5, 200);
export const pharmacies = placesOf('pharmacy', 30, 300);
export const places = [...makers, ...depots, ...pharmacies];
export const products = Array.from({ length: 20 }, (_, index) => ({
  gtin: gtinOf(500 + index),
  name: `Product ${index + 1}`,
  maker: makers[index % makers.length]?.id ?? '',
  channel: channels[index % channels.length] ?? '',
}));

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const serialOf = (lot: number, index: number): string =>
  `${String(lot).padStart(7, '0')}${String(index).padStart(3, '0')}`;

interface Told {
  by: Place;
  at: Date;
  event: SampleEvent;
  decision?: Decision;
}

interface Lot {
  gtin: string;
  pharmacy: Place;
  epcs: string[];
  left: number;
}

/** Events of a channel in order; so many cases are made on it. */
function* eventsOf(channel: string, cases: number, seed: number): Generator<Told> {
  const random = randomOf(seed + channels.indexOf(channel));
  const pick = <T>(list: readonly T[]): T => {
    const one = list[Math.floor(random() * list.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  };
  const own = products.filter((product) => product.channel === channel);
  const start = Date.now() - days * dayMs;
  const stocked: Lot[] = [];
  let made = 0;
  for (let day = 0; day < days; day += 1) {
    const at = (hour: number) => new Date(start + day * dayMs + hour * 3_600_000);
    for (const due = Math.ceil((cases * (day + 1)) / days); made < due; made += 1) {
      const lot = made * channels.length + channels.indexOf(channel);
      const product = pick(own);
      const maker = makers.find(({ id }) => id === product.maker) ?? pick(makers);
      const [depot, pharmacy] = [pick(depots), pick(pharmacies)];
      const epcs = Array.from({ length: packsInCase }, (_, index) => packEpc(product.gtin, serialOf(lot, index)));
      const box = [containerEpc(ssccOf(lot))];
      const isWarm = random() < 1 / 200;
      const sensor = {
        sensorElementList: [{ sensorReport: [{ type: 'Temperature', value: isWarm ? 31 : 19, uom: 'CEL' }] }],
      };
      const batch = batchOf(day, product.gtin);
      yield { by: maker, at: at(1), event: sample.commission(at(1), maker.gln, epcs, batch, '2099-12-31') };
      yield { by: maker, at: at(2), event: sample.pack(at(2), maker.gln, box[0] ?? '', epcs) };
      yield {
        by: maker,
        at: at(3),
        event: { ...sample.ship(at(3), maker.gln, box, depot.gln), ...sensor },
        ...(isWarm && { decision: { alerts: ['excursion'] } }),
      };
      yield { by: depot, at: at(8), event: receive(at(8), depot.gln, box) };
      yield { by: depot, at: at(9), event: sample.ship(at(9), depot.gln, box, pharmacy.gln) };
      yield { by: pharmacy, at: at(14), event: receive(at(14), pharmacy.gln, box) };
      yield { by: pharmacy, at: at(15), event: sample.unpack(at(15), pharmacy.gln, box[0] ?? '') };
      stocked.push({ gtin: product.gtin, pharmacy, epcs, left: packsInCase });
    }
    // A pharmacy captures what it dispensed at once.
    stocked.sort((a, b) => (a.pharmacy.gln < b.pharmacy.gln ? -1 : 1));
    for (const lot of stocked.splice(0)) {
      for (let sold = 0; lot.left > 0 && sold < dispensedDaily; sold += 1) {
        lot.left -= 1;
        const epc = [lot.epcs[lot.left] ?? ''];
        const { pharmacy } = lot;
        const gone = { action: 'DELETE', disposition: 'inactive' };
        yield { by: pharmacy, at: at(16), event: sample.object(at(16), pharmacy.gln, epc, 'decommissioning', gone) };
        yield {
          by: pharmacy,
          at: at(17),
          event: sample.object(at(17), pharmacy.gln, epc, 'dispensing', { disposition: 'dispensed' }),
        };
        if (random() > 1 / 5_000) continue;
        const other = pick(pharmacies);
        const copy = sample.object(at(17), other.gln, epc, 'dispensing', { disposition: 'dispensed' });
        yield { by: other, at: at(17), event: copy, decision: { outcome: 'refused', code: 'WRONG_STATE' } };
      }
      if (lot.left > 0) stocked.push(lot);
    }
  }
}

/** Blocks of a channel, the first empty. */
export function* blocksOf(channel: string, cases: number, seed = 1): Generator<Block> {
  let number = 0;
  yield blockOf(number);
  let waiting: BlockTransaction[] = [];
  for (const told of grouped(eventsOf(channel, cases, seed))) {
    const [first] = told;
    if (first === undefined) continue;
    waiting.push(
      captureOf(
        first.by.id,
        first.at,
        told.map(({ event, decision = {} }): [SampleEvent, Decision] => [event, decision]),
      ),
    );
    if (waiting.length < transactionsOfBlock) continue;
    yield blockOf(++number, ...waiting);
    waiting = [];
  }
  if (waiting.length > 0) yield blockOf(++number, ...waiting);
  yield blockOf(++number, ...recallsOf(channel));
}

function recallsOf(channel: string): BlockTransaction[] {
  const [first, second] = products.filter((product) => product.channel === channel);
  if (first === undefined || second === undefined) throw new Error(`${channel} has no products`);
  const idOf = (letter: string) => `rcl-${letter.repeat(25)}${channel.at(-1) === '0' ? 'a' : 'b'}`;
  const told = { reason: 'A seal that does not hold', level: 'patient' } as const;
  const range = { from: serialOf(0, 0), to: serialOf(999, packsInCase - 1) };
  const batches = [batchOf(days - 30, first.gtin), batchOf(days - 5, first.gtin)];
  return [
    recallOf(first.maker, new Date(), { id: idOf('c'), gtin: first.gtin, batches, ...told }),
    recallOf(second.maker, new Date(), { id: idOf('d'), gtin: second.gtin, serials: [range], ...told }),
  ];
}

const batchOf = (day: number, gtin: string) => `B${day}-${products.findIndex((product) => product.gtin === gtin)}`;

/** Events that one institution captures at once, in their order. */
function* grouped(events: Iterable<Told>): Generator<Told[]> {
  let group: Told[] = [];
  for (const told of events) {
    if (group.length >= eventsOfTransaction || (group.length > 0 && group[0]?.by !== told.by)) {
      yield group;
      group = [];
    }
    group.push(told);
  }
  yield group;
}

/** The block of `registry` that registers products and places. */
export function registryBlock(): Block {
  const at = new Date(Date.now() - (days + 1) * dayMs);
  const entries = [
    ...products.map(({ gtin: id }) => ({ kind: 'product', id })),
    ...places.map(({ gln: id }) => ({ kind: 'site', id })),
  ];
  const transactions = entries.map(
    (entry, index): BlockTransaction => ({
      ...{ transactionId: `${index}`, at, valid: true, contract: 'registry', endorsers: [] },
      event: { name: 'RegistryChanged', payload: Buffer.from(JSON.stringify(entry)) },
    }),
  );
  return { ...blockOf(0), transactions };
}
