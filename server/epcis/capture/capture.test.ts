import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { captureEvents } from '../../gateways/db/schema/epcis.ts';
import { crate, documentOf, gtin, observed, pack, sscc } from '../testing/events.ts';
import { maker, PartnerWorld, wholesaler } from '../testing/partnerWorld.ts';
import { workCaptures } from './work.ts';

let world: PartnerWorld;
let client: Awaited<ReturnType<PartnerWorld['client']>>;

beforeAll(async () => {
  world = await PartnerWorld.start();
  world.supply.products.set(gtin.first, 'supply-0');
  world.supply.products.set(gtin.second, 'supply-1');
}, 120_000);
afterAll(() => world?.stop());
beforeEach(async () => {
  client = await world.client(maker);
});
afterEach(() => {
  world.supply.recorded.clear();
  world.supply.refusals.clear();
  world.supply.containers.clear();
  world.supply.calls.length = 0;
  world.supply.failures.length = 0;
  world.supply.poison = undefined;
});

let serial = 0;
/** An event that no other is like. */
const fresh = (change: Record<string, unknown> = {}): Record<string, unknown> & { eventID: string } => {
  serial += 1;
  const eventID = `urn:uuid:00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`;
  return { ...observed(change), eventID };
};
const post = (body: unknown, headers: Record<string, string> = {}) =>
  client.ask('/capture', { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });
const proceed = { 'GS1-Capture-Error-Behaviour': 'proceed' };
async function captured(body: unknown, headers: Record<string, string> = {}) {
  const response = await post(body, headers);
  expect(response.status).toBe(202);
  return response.headers.get('location')?.replace('/api/epcis', '') ?? '';
}
const job = async (location: string) => (await client.ask(location)).json();

describe('a capture job', () => {
  it('is written down first, then recorded, and says when', async () => {
    const location = await captured(documentOf([fresh()]));
    expect(await job(location)).toMatchObject({ running: true, success: true, errors: [] });
    expect(world.supply.on('supply-0')).toEqual([]);
    await workCaptures(world.portal);
    expect(await job(location)).toMatchObject({
      ...{ running: false, success: true, captureErrorBehaviour: 'rollback', errors: [] },
      finishedAt: expect.stringMatching(/Z$/),
    });
    expect(world.supply.on('supply-0')).toHaveLength(1);
    const kept = await world.portal.db.select().from(captureEvents);
    expect(kept.every(({ body }) => body === null)).toBe(true);
  });

  it('records identifiers as Digital Links, an id where there was none, and the document’s prefixes with each event', async () => {
    const event = observed({
      epcList: ['urn:epc:id:sgtin:4012345.012345.X1'],
      readPoint: { id: 'urn:epc:id:sgln:4012345.00000.0' },
      recordTime: '2020-01-01T00:00:00Z',
      'acme:line': 7,
    });
    const prefixes = { acme: 'https://acme.example/' };
    const context = ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', prefixes];
    await captured(documentOf([event], { '@context': context }));
    await workCaptures(world.portal);
    const [recorded] = world.supply.on('supply-0');
    expect(recorded?.event).toMatchObject({
      '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', prefixes],
      eventID: expect.stringMatching(/^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/),
      epcList: [pack(gtin.first, 'X1')],
      readPoint: { id: 'https://id.gs1.org/414/4012345000009' },
      'acme:line': 7,
    });
    expect(recorded?.event).not.toHaveProperty('recordTime');
  });

  it('with rollback records nothing where one event is refused, and names it', async () => {
    const [first, second] = [fresh(), fresh()];
    world.supply.refusals.set(second.eventID, 'HELD_BY_ANOTHER');
    const location = await captured(documentOf([first, second]));
    await workCaptures(world.portal);
    expect(await job(location)).toMatchObject({
      ...{ running: false, success: false },
      errors: [{ eventID: second.eventID, position: 1, code: 'HELD_BY_ANOTHER', status: 400 }],
    });
    expect(world.supply.on('supply-0')).toEqual([]);
  });

  it('with proceed records each event that can be, and the refusal of the others', async () => {
    const [first, second] = [fresh(), fresh()];
    world.supply.refusals.set(first.eventID, 'ALREADY_EXISTS');
    const location = await captured(documentOf([first, second]), proceed);
    await workCaptures(world.portal);
    expect(await job(location)).toMatchObject({ success: false, errors: [{ position: 0, code: 'ALREADY_EXISTS' }] });
    expect(world.supply.on('supply-0').map(({ outcome }) => outcome)).toEqual(['refused', 'accepted']);
  });

  it('sent twice is recorded once, and both say what the ledger has decided', async () => {
    const [good, bad] = [fresh(), fresh()];
    world.supply.refusals.set(bad.eventID, 'NOT_FOUND');
    await captured(documentOf([good, bad]), proceed);
    await workCaptures(world.portal);
    const again = await captured(documentOf([good, bad]), proceed);
    await workCaptures(world.portal);
    expect(await job(again)).toMatchObject({ success: false, errors: [{ position: 1, code: 'NOT_FOUND' }] });
    expect(world.supply.on('supply-0')).toHaveLength(2);
  });
});

describe('the worker', () => {
  it('puts events of many jobs into one transaction, and each job for itself where one is refused', async () => {
    const events = [fresh(), fresh(), fresh()];
    for (const event of events) await captured(documentOf([event]));
    await workCaptures(world.portal);
    expect(world.supply.calls).toEqual([{ mode: 'rollback', events: { 'supply-0': 3 } }]);
    world.supply.calls.length = 0;
    const [fine, wrong, fineToo] = [fresh(), fresh(), fresh()];
    world.supply.refusals.set(wrong.eventID, 'EXPIRED');
    const jobs = [];
    for (const event of [fine, wrong, fineToo]) jobs.push(await captured(documentOf([event])));
    await workCaptures(world.portal);
    const said = await Promise.all(jobs.map(job));
    expect(said.map(({ success }) => success)).toEqual([true, false, true]);
    expect(world.supply.on('supply-0')).toHaveLength(5);
  });

  it('loses and doubles nothing where it is stopped before or after the ledger has it', async () => {
    const before = await captured(documentOf([fresh()]));
    world.supply.failures.push({ code: 'CONNECTOR_UNAVAILABLE' });
    await workCaptures(world.portal);
    expect(await job(before)).toMatchObject({ running: true, success: true });
    const after = await captured(documentOf([fresh()]));
    await world.soon();
    world.supply.failures.push({ code: 'CONNECTOR_UNAVAILABLE', after: true });
    await workCaptures(world.portal);
    expect(await job(after)).toMatchObject({ running: true });
    expect(world.supply.on('supply-0')).toHaveLength(2);
    await world.soon();
    await workCaptures(world.portal);
    for (const location of [before, after])
      expect(await job(location)).toMatchObject({ running: false, success: true });
    expect(world.supply.on('supply-0')).toHaveLength(2);
  });

  it('narrows a refusal of the whole call down to the event that brings it about', async () => {
    world.supply.poison = 'acme:poison';
    const events = [fresh(), fresh(), fresh({ 'acme:poison': true }), fresh()];
    const location = await captured(documentOf(events), proceed);
    await workCaptures(world.portal);
    expect(await job(location)).toMatchObject({ success: false, errors: [{ position: 2, code: 'INVALID_ARGUMENT' }] });
    expect(world.supply.on('supply-0')).toHaveLength(3);
  });

  it('sends 1,200 events in order, 500 at most at once', async () => {
    const location = await captured(documentOf(Array.from({ length: 1_200 }, () => fresh())), proceed);
    await workCaptures(world.portal);
    expect(world.supply.calls.map(({ events }) => events['supply-0'])).toEqual([500, 500, 200]);
    expect(await job(location)).toMatchObject({ success: true });
    const ids = world.supply.on('supply-0').map(({ event }) => event.eventID);
    expect(ids).toEqual([...ids].sort());
  });
});

describe('events of several chains', () => {
  it('go to each with its own packs under one id, and what moves a container to all that have something in it', async () => {
    const children = [pack(gtin.first, 'A1'), pack(gtin.second, 'B1'), pack(gtin.first, 'A2')];
    const { epcList: _, ...aggregation } = fresh({ type: 'AggregationEvent', action: 'ADD', bizStep: 'packing' });
    const shipping = fresh({ bizStep: 'shipping', epcList: [crate()] });
    await captured(documentOf([{ ...aggregation, parentID: crate(), childEPCs: children }, shipping]));
    await workCaptures(world.portal);
    const on = (channel: string) => world.supply.on(channel).map(({ event }) => event);
    expect(on('supply-0')[0]).toMatchObject({ parentID: crate(), childEPCs: [children[0], children[2]] });
    expect(on('supply-1')[0]).toMatchObject({ parentID: crate(), childEPCs: [children[1]] });
    expect(on('supply-0')[0]?.eventID).toBe(on('supply-1')[0]?.eventID);
    expect(on('supply-0')[1]).toEqual(on('supply-1')[1]);
  });

  it('keep the channels that were chosen before anything was sent', async () => {
    world.supply.containers.set(sscc, new Set(['supply-1']));
    const emptying: Record<string, unknown> = {
      ...fresh(),
      type: 'AggregationEvent',
      action: 'DELETE',
      bizStep: 'unpacking',
      parentID: crate(),
    };
    const { epcList: _, ...unpacking } = emptying;
    const location = await captured(documentOf([unpacking]));
    world.supply.failures.push({ code: 'CONNECTOR_UNAVAILABLE', after: true });
    await workCaptures(world.portal);
    // The container is nowhere any more, and the answer was lost.
    world.supply.containers.clear();
    await world.soon();
    await workCaptures(world.portal);
    expect(await job(location)).toMatchObject({ running: false, success: true });
    expect(world.supply.on('supply-0')).toEqual([]);
    expect(world.supply.on('supply-1')).toHaveLength(1);
  });

  it('that name nothing that is traced go to one of them all the same', async () => {
    await captured(documentOf([fresh({ epcList: ['urn:epc:id:sgtin:0614141.107346.2018'] })]));
    await workCaptures(world.portal);
    expect(world.supply.on('supply-0')).toHaveLength(1);
  });
});

describe('one event alone', () => {
  const single = (event: object) => {
    const body = JSON.stringify({ '@context': documentOf([])['@context'], ...event });
    return client.ask('/events', { method: 'POST', body });
  };

  it('is answered when the ledger has it', async () => {
    const event = fresh();
    const response = await single(event);
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/api/epcis/events/${encodeURIComponent(event.eventID)}`);
    expect(await response.json()).toMatchObject({ eventID: event.eventID, type: 'ObjectEvent' });
  });

  it('is told as refused, or as a job while the ledger is away', async () => {
    const event = fresh();
    world.supply.refusals.set(event.eventID, 'RECALLED');
    const refused = await single(event);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ type: 'epcisException:ValidationException' });
    world.supply.failures.push({ code: 'CONNECTOR_UNAVAILABLE' });
    const waiting = await single(fresh());
    expect(waiting.status).toBe(202);
    expect(waiting.headers.get('location')).toMatch(/^\/api\/epcis\/capture\/cap-/);
  });
});

describe('jobs', () => {
  it('are listed for the institution, newest first, page by page, and for nobody else', async () => {
    const mine = await world.client(wholesaler);
    const locations: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const body = JSON.stringify(documentOf([fresh()]));
      const response = await mine.ask('/capture', { method: 'POST', body });
      locations.push(response.headers.get('location')?.split('/').at(-1) ?? '');
    }
    const first = await mine.ask('/capture?perPage=2');
    const next = /<http:\/\/localhost:3000\/api\/epcis([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1];
    expect(first.headers.get('GS1-Next-Page-Token-Expires')).toMatch(/Z$/);
    const second = await mine.ask(next ?? '');
    expect(second.headers.get('link')).toBeNull();
    const ids = [...(await first.json()), ...(await second.json())].map(({ captureID }) => captureID);
    expect(ids).toEqual([...locations].reverse());
    expect((await client.ask(`/capture/${locations[0]}`)).status).toBe(404);
  });
});
