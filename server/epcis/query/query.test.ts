import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventSchema } from '#epcis/event.ts';
import { eventHash } from '#epcis/hash.ts';
import { writeDigitalLink } from '#gs1/digitalLink.ts';
import { identifier } from '#gs1/identifier.ts';
import { readEvent } from '../../supplyIndexer/decode.ts';
import type { Fact } from '../../supplyIndexer/fact.ts';
import { projectGoods } from '../../supplyIndexer/goods.ts';
import { projectSupply } from '../../supplyIndexer/project.ts';
import { crate, gln, gtin, observed, pack, party, place } from '../testing/events.ts';
import { maker, otherMaker, PartnerWorld, pharmacy, wholesaler } from '../testing/partnerWorld.ts';

let world: PartnerWorld;
const clients = new Map<string, Awaited<ReturnType<PartnerWorld['client']>>>();

let block = 0;
const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T10:00:00.000Z`;

/** What a channel says of an event, as the read model takes it. */
async function recorded(institutionId: string, change: Record<string, unknown>, refused?: string): Promise<string> {
  block += 1;
  const body = observed({
    eventID: `urn:uuid:${String(block).padStart(8, '0')}-0000-4000-8000-000000000000`,
    eventTime: day(block),
    eventTimeZoneOffset: '+00:00',
    ...change,
  });
  for (const [name, value] of Object.entries(body)) if (value === undefined) delete body[name];
  const event = eventSchema.parse(body);
  const fact: Fact = {
    ...{
      channel: 'supply-0',
      block,
      place: 0,
      transactionId: `tx-${block}`,
      hash: eventHash(event),
      declaration: false,
    },
    ...{ recordTime: new Date(day(block + 1)), by: `dev-${'a'.repeat(26)}`, party: institutionId },
    ...{ outcome: refused === undefined ? 'accepted' : 'refused', code: refused ?? null, detail: null, alerts: [] },
    ...{ ...readEvent(event), body },
  };
  await world.portal.db.transaction((tx) => projectSupply(tx, 'supply-0', { facts: [fact], recalls: [] }));
  return String(event.eventID);
}

const ids: Record<string, string> = {};
const ilmd = (batch: string) => ({
  'cbvmda:lotNumber': batch,
  'cbvmda:itemExpirationDate': '2027-06-30',
  'acme:line': 4,
});
const reading = (report: Record<string, unknown>) => [{ sensorReport: [{ type: 'Temperature', ...report }] }];
const to = (key: string) => [{ type: 'possessing_party', destination: party(key) }];
const commissioned = (key: string, serials: string[], batch: string) => ({
  ...{ action: 'ADD', bizStep: 'commissioning', disposition: 'active', epcList: serials.map((one) => pack(key, one)) },
  ...{ ilmd: ilmd(batch), readPoint: { id: place(gln.maker) }, bizLocation: { id: place(gln.maker) } },
});

beforeAll(async () => {
  world = await PartnerWorld.start();
  const product = (key: string, name: string, by: string) => ({
    ...{ gtin: key, name, maker: by, prefixLength: 7, channel: 'supply-0', mapVersion: 1 },
  });
  const site = (key: string, institutionId: string) => ({
    ...{ gln: key, institutionId, name: institutionId, latitude: '59.3', longitude: '18.1', version: 1 },
  });
  await projectGoods(world.portal.db, {
    products: [product(gtin.first, 'Insulin', maker), product(gtin.second, 'Aspirin', otherMaker)],
    sites: [site(gln.maker, maker), site(gln.wholesaler, wholesaler), site(gln.pharmacy, pharmacy)],
  });
  for (const one of [maker, otherMaker, wholesaler, pharmacy]) clients.set(one, await world.client(one));
  ids.made = await recorded(maker, commissioned(gtin.first, ['A1', 'A2', 'A/3'], 'L1'));
  ids.madeOther = await recorded(otherMaker, commissioned(gtin.second, ['B1'], 'M1'));
  const aggregation = { type: 'AggregationEvent', epcList: undefined, action: 'ADD', bizStep: 'packing' };
  ids.packed = await recorded(maker, {
    ...aggregation,
    parentID: crate(),
    childEPCs: [pack(gtin.first, 'A1'), pack(gtin.first, 'A/3')],
  });
  ids.shipped = await recorded(maker, {
    ...{ bizStep: 'shipping', disposition: 'in_transit', epcList: [crate()], destinationList: to(gln.wholesaler) },
    bizTransactionList: [{ type: 'po', bizTransaction: 'urn:acme:po:1' }],
    readPoint: { id: writeDigitalLink(identifier('sgln', gln.maker, 'DOCK1')) },
  });
  ids.received = await recorded(wholesaler, {
    bizStep: 'receiving',
    epcList: [crate()],
    bizLocation: { id: place(gln.wholesaler) },
  });
  ids.warm = await recorded(wholesaler, {
    ...{ bizStep: 'sensor_reporting', epcList: [crate()] },
    sensorElementList: reading({ value: 10, uom: 'CEL', deviceID: 'urn:acme:sensor:1' }),
  });
  ids.warmer = await recorded(wholesaler, {
    ...{ bizStep: 'sensor_reporting', epcList: [crate()] },
    sensorElementList: reading({ minValue: 41, value: 53.6, uom: 'FAH' }),
  });
  ids.sent = await recorded(wholesaler, { bizStep: 'shipping', epcList: [crate()], destinationList: to(gln.pharmacy) });
  const pack2 = [pack(gtin.first, 'A2')];
  ids.shipped2 = await recorded(maker, { bizStep: 'shipping', epcList: pack2, destinationList: to(gln.wholesaler) });
  ids.received2 = await recorded(wholesaler, { bizStep: 'receiving', epcList: pack2 });
  ids.mixed = await recorded(wholesaler, { bizStep: 'inspecting', epcList: [...pack2, pack(gtin.second, 'B1')] });
  ids.sent2 = await recorded(wholesaler, { bizStep: 'shipping', epcList: pack2, destinationList: to(gln.pharmacy) });
  ids.arrived2 = await recorded(pharmacy, { bizStep: 'receiving', epcList: pack2 });
  ids.stored2 = await recorded(pharmacy, { epcList: pack2 });
  ids.refused = await recorded(
    otherMaker,
    { bizStep: 'receiving', epcList: [pack(gtin.first, 'A2')] },
    'HELD_BY_ANOTHER',
  );
  ids.counted = await recorded(maker, {
    ...{ bizStep: 'stock_taking', epcList: undefined },
    quantityList: [{ epcClass: writeDigitalLink(identifier('lgtin', gtin.first, 'L1')), quantity: 120, uom: 'KGM' }],
    'acme:audit': '2026-11-03T00:00:00Z',
  });
}, 120_000);
afterAll(() => world?.stop());

const ask = (institutionId: string, path: string) => {
  const client = clients.get(institutionId);
  if (client === undefined) throw new Error(institutionId);
  return client.ask(path);
};
async function found(
  institutionId: string,
  query: string | Record<string, string>,
  path = '/events',
): Promise<string[]> {
  const search = typeof query === 'string' ? query : new URLSearchParams(query).toString();
  const response = await ask(institutionId, `${path}?${search}`);
  const body = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
  return body.epcisBody.queryResults.resultsBody.eventList.map(({ eventID }: { eventID: string }) =>
    names.get(eventID),
  );
}
const sorted = async (institutionId: string, query: string | Record<string, string>) =>
  (await found(institutionId, query)).sort();

describe('an institution sees', () => {
  it('as maker what it captured, what names its packs alone, and what it still holds', async () => {
    const ofOne = ['arrived2', 'received2', 'sent2', 'shipped2', 'stored2'];
    expect(await sorted(maker, '')).toEqual(['counted', 'made', 'packed', 'shipped', ...ofOne].sort());
    expect(await sorted(otherMaker, '')).toEqual(['madeOther', 'mixed']);
  });

  it('as wholesaler what it did, what was shipped to it, what is not received from it yet, and nothing of what has left it', async () => {
    expect(await sorted(wholesaler, '')).toEqual([
      'made',
      'mixed',
      'packed',
      'received',
      'received2',
      'sent',
      'sent2',
      'shipped',
      'shipped2',
      'warm',
      'warmer',
    ]);
  });

  it('as pharmacy the whole story of what it has and of what is on its way to it, also in a container', async () => {
    const crates = ['made', 'packed', 'received', 'sent', 'shipped', 'warm', 'warmer'];
    const ofOne = ['arrived2', 'mixed', 'received2', 'sent2', 'shipped2', 'stored2'];
    expect(await sorted(pharmacy, '')).toEqual([...crates, ...ofOne].sort());
  });

  it('no refused event, nor a single one of others by its id, its EPC or its step', async () => {
    for (const [client, id] of [
      [otherMaker, ids.refused],
      [otherMaker, ids.made],
      [wholesaler, ids.counted],
    ] as const) {
      expect((await ask(client, `/events/${encodeURIComponent(id ?? '')}`)).status).toBe(404);
    }
    const one = await ask(maker, `/events/${encodeURIComponent(ids.made ?? '')}`);
    expect((await one.json()).epcisBody.queryResults.resultsBody.eventList[0]).toMatchObject({
      ...{ eventID: ids.made, recordTime: day(2) },
      ilmd: ilmd('L1'),
    });
    expect((await ask(otherMaker, `/epcs/${encodeURIComponent(pack(gtin.first, 'A1'))}`)).status).toBe(404);
    expect((await ask(otherMaker, '/bizSteps/shipping/events')).status).toBe(200);
    expect(await found(otherMaker, '', '/bizSteps/shipping/events')).toEqual([]);
  });
});

describe('the simple event query', () => {
  it.each<[Record<string, string>, string[]]>([
    [{ eventType: 'AggregationEvent' }, ['packed']],
    [{ eventType: 'AggregationEvent|TransactionEvent' }, ['packed']],
    [{ GE_eventTime: day(15) }, ['counted']],
    [{ LT_eventTime: '2026-11-01T12:00:00+02:00' }, []],
    [{ LT_eventTime: '2026-11-01T12:30:00+02:00' }, ['made']],
    [{ GE_recordTime: day(16) }, ['counted']],
    [{ EQ_action: 'ADD' }, ['made', 'packed']],
    [{ EQ_bizStep: 'commissioning|packing' }, ['made', 'packed']],
    [{ EQ_bizStep: 'https://ref.gs1.org/cbv/BizStep-shipping' }, ['sent2', 'shipped', 'shipped2']],
    [{ EQ_disposition: 'in_transit' }, ['shipped']],
    [{ EQ_readPoint: place(gln.maker) }, ['made']],
    [{ EQ_readPoint: 'urn:epc:id:sgln:4012345.00000.0' }, ['made']],
    [{ WD_readPoint: place(gln.maker) }, ['made', 'shipped']],
    [{ EQ_readPoint: writeDigitalLink(identifier('sgln', gln.maker, 'DOCK1')) }, ['shipped']],
    [{ EQ_bizLocation: place(gln.maker) }, ['made']],
    [{ MATCH_epc: pack(gtin.first, 'A2') }, ['arrived2', 'made', 'received2', 'sent2', 'shipped2', 'stored2']],
    [{ MATCH_epc: 'urn:epc:id:sgtin:4012345.012345.A1' }, ['made', 'packed']],
    [{ MATCH_epc: 'urn:epc:idpat:sgtin:4012345.012345.*', EQ_action: 'ADD' }, ['made', 'packed']],
    [{ MATCH_parentID: crate() }, ['packed']],
    [{ MATCH_anyEPC: `urn:epc:id:sscc:4012345.3000000001|${pack(gtin.second, 'B1')}` }, ['packed', 'shipped']],
    [{ MATCH_inputEPC: pack(gtin.first, 'A1') }, []],
    [{ MATCH_epcClass: 'urn:epc:class:lgtin:4012345.012345.L1' }, ['counted']],
    [{ MATCH_inputEPCClass: 'urn:epc:class:lgtin:4012345.012345.L1' }, []],
    [{ GE_quantity: '120' }, ['counted']],
    [{ GT_quantity: '120' }, []],
    [{ EQ_bizTransaction_po: 'urn:acme:po:1' }, ['shipped']],
    [{ EQ_bizTransaction_inv: 'urn:acme:po:1' }, []],
    [{ EQ_destination_possessing_party: 'urn:epc:id:pgln:4012345.00010' }, ['shipped', 'shipped2']],
    [{ EQ_source_possessing_party: party(gln.maker) }, []],
    [{ 'EXISTS_ILMD_acme:line': '' }, ['made']],
    [{ 'EQ_ILMD_cbvmda:lotNumber': 'L1|L2' }, ['made']],
    [{ 'EQ_ILMD_cbvmda:lotNumber': 'L2' }, []],
    [{ 'GE_ILMD_acme:line': '4' }, ['made']],
    [{ 'GT_ILMD_acme:line': '4' }, []],
    [{ 'EXISTS_acme:audit': '' }, ['counted']],
    [{ 'LT_acme:audit': '2026-11-03T00:00:01Z' }, ['counted']],
    [{ EXISTS_errorDeclaration: 'true' }, []],
    [{ EXISTS_errorDeclaration: 'false', EQ_bizStep: 'packing' }, ['packed']],
    [{ EQ_transformationID: 'urn:acme:t:1' }, []],
  ])('finds by %j of a maker %j', async (query, expected) => {
    expect(await sorted(maker, query)).toEqual(expected);
  });

  it.each<[Record<string, string>, string[]]>([
    [{ EQ_type: 'Temperature' }, ['warm', 'warmer']],
    [{ EQ_type: 'RelativeHumidity' }, []],
    [{ GE_value_CEL: '10' }, ['warm', 'warmer']],
    [{ GT_value_CEL: '10' }, ['warmer']],
    [{ EQ_value_CEL: '12' }, ['warmer']],
    [{ EQ_value_FAH: '50|1' }, ['warm']],
    [{ LT_value_KEL: '283.16' }, ['warm']],
    [{ GE_value_KGM: '0' }, []],
    [{ LE_minValue_CEL: '5' }, ['warmer']],
    [{ EQ_deviceID: 'urn:acme:sensor:1' }, ['warm']],
  ])('finds by %j of sensors %j', async (query, expected) => {
    expect(await sorted(wholesaler, query)).toEqual(expected);
  });

  it('orders, bounds and counts', async () => {
    const inOrder = ['made', 'packed', 'shipped', 'shipped2', 'received2', 'sent2', 'arrived2', 'stored2', 'counted'];
    expect(await found(maker, { orderBy: 'eventTime', orderDirection: 'ASC' })).toEqual(inOrder);
    expect(await found(maker, { orderBy: 'recordTime', eventCountLimit: '2' })).toEqual(['counted', 'stored2']);
    expect(await sorted(maker, { maxEventCount: '9' })).toHaveLength(9);
    const many = await ask(maker, '/events?maxEventCount=8');
    expect(many.status).toBe(413);
    expect(await many.json()).toMatchObject({ type: 'epcisException:QueryTooLargeException' });
  });

  it('is answered page by page, each event once, and a page’s address is good for nothing else', async () => {
    const pages: string[][] = [];
    let path = '/events?perPage=5&orderBy=eventTime&orderDirection=ASC';
    for (let turns = 0; path !== '' && turns < 9; turns += 1) {
      const response = await ask(pharmacy, path);
      const events = (await response.json()).epcisBody.queryResults.resultsBody.eventList;
      pages.push(events.map(({ eventID }: { eventID: string }) => eventID));
      path = /<http:\/\/localhost:3000\/api\/epcis([^>]+)>/.exec(response.headers.get('link') ?? '')?.[1] ?? '';
    }
    expect(pages.map((page) => page.length)).toEqual([5, 5, 3]);
    const { madeOther, refused, counted, ...others } = ids;
    expect(pages.flat()).toEqual(Object.values(others));
    const first = await ask(pharmacy, '/events?perPage=2');
    const next = new URL(/<([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '');
    const token = next.searchParams.get('nextPageToken') ?? '';
    for (const [client, query] of [
      [maker, { nextPageToken: token }],
      [pharmacy, { nextPageToken: token, eventType: 'ObjectEvent' }],
      [pharmacy, { nextPageToken: `${token}x` }],
      [pharmacy, { nextPageToken: 'x' }],
    ] as const) {
      expect((await ask(client, `/events?${new URLSearchParams(query)}`)).status).toBe(400);
    }
  });

  it.each([
    'unknown=1',
    'GE_eventTime=yesterday',
    'GE_eventTime=2026-11-01T00:00:00',
    'EQ_action=MOVE',
    'eventType=',
    'perPage=0',
    'perPage=1001',
    'perPage=x',
    'EQ_bizStep=a&EQ_bizStep=b',
    'EQ_bizStep=a%00b',
    'orderDirection=ASC',
    'eventCountLimit=3',
    'orderBy=eventTime&eventCountLimit=3&maxEventCount=3',
    'orderBy=quantity',
    'GE_value_celsius=1',
    'GE_value_CEL=warm',
    'MATCH_epc=urn:epc:idpat:sgtin:4012345.*.*',
    'EQ_ILMD_lotNumber=1',
    'GT_ILMD_acme:line=much',
  ])('refuses %s in the words of the standard', async (query) => {
    const response = await ask(maker, `/events?${query}`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ type: 'epcisException:QueryParameterException', status: 400 });
  });
});

describe('resources', () => {
  const members = async (institutionId: string, path: string) => (await (await ask(institutionId, path)).json()).member;

  it('name what the events that one sees name, and no more', async () => {
    expect(await members(maker, '/')).toContain('capture');
    expect(await members(maker, '/eventTypes')).toContain('AssociationEvent');
    expect(await members(maker, '/bizSteps')).toEqual([
      'commissioning',
      'packing',
      'receiving',
      'shipping',
      'stock_taking',
      'storing',
    ]);
    expect(await members(otherMaker, '/bizSteps')).toEqual(['commissioning', 'inspecting']);
    expect(await members(otherMaker, '/epcs')).toEqual([pack(gtin.first, 'A2'), pack(gtin.second, 'B1')]);
    expect(await members(otherMaker, '/bizLocations')).toEqual([place(gln.maker)]);
    expect(await members(pharmacy, '/dispositions')).toEqual(['active', 'in_transit']);
    expect(await members(wholesaler, '/readPoints')).toEqual([place(gln.maker)]);
  });

  it('lead to their events', async () => {
    const epc = `/epcs/${encodeURIComponent(`urn:epc:id:sscc:4012345.3000000001`)}`;
    expect(await members(maker, epc)).toEqual(['events']);
    expect((await found(maker, '', `${epc}/events`)).sort()).toEqual(['packed', 'shipped']);
    expect(await found(maker, { EQ_action: 'ADD' }, `${epc}/events`)).toEqual(['packed']);
    expect(await found(maker, '', '/eventTypes/AggregationEvent/events')).toEqual(['packed']);
    expect((await ask(maker, '/eventTypes/SomeEvent/events')).status).toBe(404);
    expect((await ask(maker, '/eventTypes/SomeEvent')).status).toBe(404);
    expect(await found(maker, '', '/dispositions/in_transit/events')).toEqual(['shipped']);
    expect(await found(maker, '', `/bizLocations/${encodeURIComponent(place(gln.maker))}/events`)).toEqual(['made']);
    expect((await ask(maker, '/bizSteps/shipping/events?EQ_bizStep=packing')).status).toBe(400);
  });

  it('come page by page', async () => {
    const first = await ask(maker, '/epcs?perPage=2');
    const next = /<http:\/\/localhost:3000\/api\/epcis([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const all = [...(await first.json()).member, ...(await members(maker, next))];
    expect(all).toEqual([...all].sort());
    expect(new Set(all)).toEqual(new Set([crate(), ...['A1', 'A2', 'A/3'].map((one) => pack(gtin.first, one))]));
  });
});

describe('named queries', () => {
  const send = (institutionId: string, body: unknown, method = 'POST', path = '/queries') =>
    clients.get(institutionId)?.ask(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

  it('are kept, asked, listed and forgotten by the institution alone', async () => {
    const query = {
      name: 'made-here',
      query: { EQ_bizStep: ['commissioning'], GE_eventTime: day(1), 'EQ_ILMD_acme:line': ['4'] },
    };
    const made = await send(maker, query);
    expect(made?.status).toBe(201);
    expect(made?.headers.get('location')).toBe('/api/epcis/queries/made-here');
    expect((await send(maker, query))?.status).toBe(409);
    expect(await (await ask(maker, '/queries/made-here')).json()).toEqual(query);
    expect(await found(maker, '', '/queries/made-here/events')).toEqual(['made']);
    expect((await ask(otherMaker, '/queries/made-here/events')).status).toBe(404);
    expect(await (await ask(otherMaker, '/queries')).json()).toEqual([]);
    expect(await (await ask(maker, '/queries')).json()).toEqual([query]);
    expect((await send(otherMaker, undefined, 'DELETE', '/queries/made-here'))?.status).toBe(404);
    expect((await send(maker, undefined, 'DELETE', '/queries/made-here'))?.status).toBe(204);
    expect((await ask(maker, '/queries/made-here')).status).toBe(404);
  });

  it('are refused where they are none', async () => {
    expect((await send(maker, { name: 'x', query: { nonsense: 1 } }))?.status).toBe(400);
    expect((await send(maker, { name: '../x', query: {} }))?.status).toBe(400);
    expect((await send(maker, { name: 'x', query: { EQ_bizStep: [['x']] } }))?.status).toBe(400);
    expect((await send(maker, { name: 'x' }))?.status).toBe(400);
  });

  it('have no subscriptions', async () => {
    const response = await send(maker, {}, 'POST', '/queries/made-here/subscriptions');
    expect(response?.status).toBe(501);
    expect(await response?.json()).toMatchObject({ type: 'epcisException:ImplementationException', status: 501 });
  });
});
