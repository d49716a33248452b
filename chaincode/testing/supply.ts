import { eventHash } from '../../epcis/hash.ts';
import type { ChannelMap } from '../model/channelMap.ts';
import type { Storage } from '../model/product.ts';
import type { CaptureOutcome, ContainerView, PackView, RecallArgument } from '../model/trace.ts';
import type { Identity } from './identity.ts';
import { glnOf, gtinOf, type InstitutionName, institutions, serial, ssccOf } from './samples.ts';
import { createWorld, submitToRegistry, type World } from './world.ts';

/** Medicines on a supply channel as their people trace them in tests. */

export const places = {
  maker: glnOf(1),
  wholesaler: glnOf(2),
  pharmacy: glnOf(3),
  otherPharmacy: glnOf(4),
} as const satisfies Partial<Record<InstitutionName, string>>;
export type Place = keyof typeof places;

/** One that is kept cold, one that is not. */
export const gtins = { vaccine: gtinOf(1), tablets: gtinOf(2) } as const;
const storages: Record<keyof typeof gtins, Storage> = {
  vaccine: { minCelsius: 2, maxCelsius: 8 },
  tablets: { minCelsius: 15, maxCelsius: 25 },
};
export const batch = 'B-1';
export const expiry = '2099-06-30';

/** EPCs in their canonical form. */
export const packUri = (number: number, gtin: string = gtins.tablets) => `https://id.gs1.org/01/${gtin}/21/S${number}`;
export const boxUri = (number: number) => `https://id.gs1.org/00/${ssccOf(number)}`;
export const placeUri = (place: Place) => `https://id.gs1.org/414/${places[place]}`;
export const partyUri = (place: Place) => `https://id.gs1.org/417/${places[place]}`;
export const packUris = (from: number, to: number, gtin: string = gtins.tablets) =>
  Array.from({ length: to - from + 1 }, (_, index) => packUri(from + index, gtin));

/** An event as it is sent; what its type asks for is for the contract to say. */
export interface Sent {
  type: string;
  eventTime: string;
}
/** Members in place of the usual ones, or beside them; undefined leaves one out. */
type Change = Readonly<Record<string, unknown>>;

/** Events as partners send them; each at another second, so that no two are the same. */
export class Events {
  private second = 0;

  private common() {
    this.second += 1;
    const eventTime = new Date(Date.UTC(2026, 0, 1) + this.second * 1000).toISOString();
    return { eventTime, eventTimeZoneOffset: '+00:00' };
  }

  object(
    action: 'ADD' | 'OBSERVE' | 'DELETE',
    epcList: string[],
    place: Place,
    bizStep: string,
    more: Change = {},
  ): Sent {
    const where = { readPoint: { id: placeUri(place) }, bizLocation: { id: placeUri(place) } };
    return { ...{ action, epcList, bizStep, ...where, ...more }, type: 'ObjectEvent', ...this.common() };
  }

  commission(epcList: string[], place: Place = 'maker', { lot = batch, until = expiry } = {}, more: Change = {}) {
    const ilmd = { 'cbvmda:lotNumber': lot, 'cbvmda:itemExpirationDate': until };
    return this.object('ADD', epcList, place, 'commissioning', { disposition: 'active', ilmd, ...more });
  }

  private aggregation(action: 'ADD' | 'DELETE', parentID: string, childEPCs: string[], place: Place) {
    const bizStep = action === 'ADD' ? 'packing' : 'unpacking';
    const where = { readPoint: { id: placeUri(place) }, bizLocation: { id: placeUri(place) } };
    return { type: 'AggregationEvent', ...this.common(), action, parentID, childEPCs, bizStep, ...where };
  }

  pack(parent: string, children: string[], place: Place = 'maker') {
    return this.aggregation('ADD', parent, children, place);
  }

  unpack(parent: string, children: string[], place: Place) {
    return this.aggregation('DELETE', parent, children, place);
  }

  ship(epcList: string[], from: Place, to: Place, more: Change = {}) {
    const destinationList = [{ type: 'possessing_party', destination: partyUri(to) }];
    return this.object('OBSERVE', epcList, from, 'shipping', {
      ...{ disposition: 'in_transit', destinationList, bizLocation: undefined, ...more },
    });
  }

  receive(epcList: string[], at: Place) {
    return this.object('OBSERVE', epcList, at, 'receiving', { disposition: 'in_progress' });
  }

  decommission(epcList: string[], at: Place = 'pharmacy') {
    return this.object('DELETE', epcList, at, 'decommissioning', { disposition: 'inactive' });
  }

  dispense(epcList: string[], at: Place = 'pharmacy') {
    return this.object('DELETE', epcList, at, 'dispensing', { disposition: 'dispensed' });
  }

  hold(epcList: string[], at: Place) {
    return this.object('OBSERVE', epcList, at, 'holding', { disposition: 'non_sellable_other' });
  }

  release(epcList: string[], at: Place) {
    return this.object('OBSERVE', epcList, at, 'storing', { disposition: 'sellable_accessible' });
  }

  sense(epcList: string[], at: Place, value: number, uom = 'CEL') {
    const sensorElementList = [{ sensorReport: [{ type: 'Temperature', value, uom }] }];
    return this.object('OBSERVE', epcList, at, 'sensor_reporting', { sensorElementList });
  }

  transform(inputEPCList: string[], outputEPCList: string[], place: Place) {
    const ilmd = { 'cbvmda:lotNumber': 'B-2', 'cbvmda:itemExpirationDate': expiry };
    const where = { bizStep: 'repackaging', bizLocation: { id: placeUri(place) } };
    return { type: 'TransformationEvent', ...this.common(), inputEPCList, outputEPCList, ilmd, ...where };
  }
}

/** The hash of an event that the contract takes. */
export const hashOf = (event: Sent) => eventHash(JSON.parse(JSON.stringify(event)));

/** The same event, declared as one that did not occur. */
export const withdrawn = <E extends Sent>(event: E, reason = 'did_not_occur') => ({
  ...event,
  errorDeclaration: { declarationTime: '2026-02-01T00:00:00Z', reason },
});

export class Supply {
  readonly world: World;
  readonly channel: string;
  readonly events = new Events();

  constructor(world: World, channel = 'supply-0') {
    this.world = world;
    this.channel = channel;
  }

  order(caller: Identity, name: string, ...args: string[]) {
    return { channel: this.channel, contract: 'supply', function: name, args, caller };
  }

  submit(caller: Identity, name: string, ...args: string[]) {
    return this.world.ledger.submit(this.order(caller, name, ...args));
  }

  evaluate<T>(name: string, ...args: string[]): Promise<T> {
    return this.world.ledger.evaluate<T>(this.order(this.world.people.service, name, ...args));
  }

  captureOrder(caller: Identity, ...events: Sent[]) {
    return this.order(caller, 'capture', JSON.stringify(events));
  }

  async capture(caller: Identity, ...events: Sent[]): Promise<CaptureOutcome[]> {
    const { result } = await this.world.ledger.submit(this.captureOrder(caller, ...events));
    return JSON.parse(result).outcomes;
  }

  /** `accepted`, `duplicate`, or the code of the refusal, of each event. */
  async try(caller: Identity, ...events: Sent[]): Promise<string[]> {
    return (await this.capture(caller, ...events)).map(
      ({ outcome, code }) => (outcome === 'refused' ? code : outcome) ?? '',
    );
  }

  /** Captures what must be accepted. */
  async take(caller: Identity, ...events: Sent[]): Promise<void> {
    const refused = (await this.capture(caller, ...events)).filter(({ outcome }) => outcome !== 'accepted');
    if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused)}`);
  }

  pack(number: number, gtin: string = gtins.tablets): Promise<PackView> {
    return this.evaluate('readPack', gtin, `S${number}`);
  }

  box(number: number): Promise<ContainerView> {
    return this.evaluate('readContainer', ssccOf(number));
  }

  recall(seed: number, change: Partial<RecallArgument> = {}, caller: Identity = this.world.people.regulator) {
    const recall = { id: `rcl-${serial(seed)}`, gtin: gtins.tablets, reason: 'crumbling', level: 'retail', ...change };
    return this.submit(caller, 'recall', JSON.stringify(recall));
  }

  /** Packs commissioned and sent by the maker, and received. */
  async deliver(epcs: string[], to: Place = 'pharmacy'): Promise<void> {
    const { supplier, ...people } = this.world.people;
    const receiver = {
      pharmacy: people.pharmacist,
      otherPharmacy: people.otherPharmacist,
      wholesaler: people.wholesaler,
      maker: supplier,
    };
    await this.take(supplier, this.events.commission(epcs), this.events.ship(epcs, 'maker', to));
    await this.take(receiver[to], this.events.receive(epcs, to));
  }
}

let prepared: Promise<World> | undefined;

/** A world with a map of one supply channel, places and products; every call gives a ledger of its own. */
export async function createSupply(): Promise<Supply> {
  prepared ??= prepare();
  const world = await prepared;
  return new Supply({ ...world, ledger: world.ledger.clone() });
}

/** The map of one supply channel. */
export const oneChannel: ChannelMap = { version: 1, care: ['care-0'], supply: ['supply-0'] };

async function prepare(): Promise<World> {
  const world = await createWorld();
  await equipSupply(world, oneChannel);
  return world;
}

/** Publishes a channel map and registers places and products. */
export async function equipSupply(world: World, map: ChannelMap): Promise<void> {
  const registrar = world.registrars.RegulatorMSP;
  await submitToRegistry(world, registrar, 'publishChannelMap', JSON.stringify(map));
  for (const [name, gln] of Object.entries(places)) {
    const { id } = institutions[name as Place];
    const site = { gln, institutionId: id, name: `Place of the ${name}`, latitude: '47.5', longitude: '7.6' };
    await submitToRegistry(world, registrar, 'registerSite', JSON.stringify(site));
  }
  for (const name of ['vaccine', 'tablets'] as const) {
    const product = { gtin: gtins[name], name: `The ${name}`, maker: institutions.maker.id, prefixLength: 7 };
    const registration = JSON.stringify({ ...product, storage: storages[name] });
    await submitToRegistry(world, registrar, 'registerProduct', registration);
  }
}
