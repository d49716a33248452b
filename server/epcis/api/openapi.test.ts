import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { crate, documentOf, gtin, observed, pack } from '../testing/events.ts';
import { maker, PartnerWorld } from '../testing/partnerWorld.ts';
import { openApi } from './openapi.ts';
import { operations } from './operations.ts';

let world: PartnerWorld;
let client: Awaited<ReturnType<PartnerWorld['client']>>;

beforeAll(async () => {
  world = await PartnerWorld.start();
  client = await world.client(maker);
}, 120_000);
afterAll(() => world?.stop());

const described = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ responses: z.record(z.string(), z.unknown()) }))),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});
const description = described.parse(JSON.parse(JSON.stringify(openApi('https://portal.example/'))));

/** A path with something in its braces. */
const filled = (path: string, values: (name: string) => string = () => 'x') =>
  path.replaceAll(/\{(.+?)\}/g, (_, name: string) => encodeURIComponent(values(name)));

/** Hostile and other texts. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    ...[
      "'",
      '"; drop table trace_event; --',
      '%',
      '\\',
      '\0',
      '..',
      '../..',
      '__proto__',
      'constructor',
      '[]',
      '{}',
      '|',
    ],
    ...[
      '-1',
      '0',
      '1e309',
      'NaN',
      '9'.repeat(400),
      '2026-13-45T00:00:00Z',
      '2026-11-01T00:00:00Z',
      '0001-01-01T00:00:00Z',
    ],
    ...[
      '9999-12-31T23:59:59.999999999+14:00',
      '-271821-04-20T00:00:00Z',
      'ObjectEvent',
      'urn:epc:idpat:sgtin:*.*.*',
      crate(),
    ],
    ...[
      'urn:epc:id:sgtin:4012345.012345.A1',
      'https://id.gs1.org/01/1',
      '\ud800',
      '𝒳',
      'a|b',
      'true',
      'ASC',
      'eventTime',
      '5',
      '10.5',
    ],
  ),
);
const names = [...new Set(operations.flatMap(({ query }) => Object.keys(query.shape)))];
const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...names) },
  fc.constantFrom(
    ...[
      'GE_value_CEL',
      'EQ_value_FAH',
      'LT_maxValue_XYZ',
      'EQ_ILMD_a:b',
      'GT_ILMD_a:b',
      'EXISTS_a:b',
      'LE_a:b',
      'EQ_a:__proto__',
    ],
    ...[
      'EQ_bizTransaction_po',
      'EQ_source_possessing_party',
      "EQ_destination_'",
      '__proto__',
      'toString',
      'constructor',
    ],
  ),
  text,
);

async function requireNoFault(path: string, init: RequestInit = {}): Promise<void> {
  const response = await client.ask(path, init);
  const body = await response.text();
  const isNotOffered = response.status === 501 && path.includes('/subscriptions');
  expect(response.status < 500 || isNotOffered, `${init.method} ${path}: ${body}`).toBe(true);
  if (response.status >= 400) {
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(body)).toMatchObject({
      type: expect.stringMatching(/^epcisException:/),
      status: response.status,
    });
  }
}

describe('the description', () => {
  it('has each operation that is served, and no other', async () => {
    const told = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = operations.map(({ method, path }) => `${method} ${path}`);
    expect(told.filter((one) => !one.startsWith('OPTIONS')).sort()).toEqual([...served].sort());
    for (const path of Object.keys(description.paths)) {
      const response = await client.ask(filled(path), { method: 'OPTIONS' });
      expect(response.status).toBe(204);
      const allowed = (response.headers.get('allow') ?? '').toLowerCase().split(', ').sort();
      expect(allowed).toEqual(Object.keys(description.paths[path] ?? {}).sort());
    }
  });

  it('refers to nothing that it does not have', () => {
    const references = [...JSON.stringify(description).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target);
    const known = Object.keys(description.components.schemas).map((schema) => `#/components/schemas/${schema}`);
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter((target) => !known.includes(target ?? ''))).toEqual([]);
  });

  it('names the status of what is answered', async () => {
    for (const { method, path } of operations) {
      const response = await client.ask(filled(path), { method, ...(method === 'POST' ? { body: '{}' } : {}) });
      const statuses = Object.keys(description.paths[path]?.[method.toLowerCase()]?.responses ?? {});
      expect(statuses, `${method} ${path}`).toContain(String(response.status));
    }
  });
});

describe('the interface', () => {
  it('answers OPTIONS of /capture with its bounds', async () => {
    const { headers } = await client.ask('/capture', { method: 'OPTIONS' });
    expect(Object.fromEntries(headers)).toMatchObject({
      'gs1-epcis-capture-limit': '2000',
      'gs1-epcis-capture-file-size-limit': String(10 * 1024 * 1024),
      'gs1-capture-error-behaviour': 'all',
      'gs1-epcis-version': '2.0.0',
      'gs1-cbv-version': '2.0.0',
    });
  });

  it('speaks one version, in JSON, with Digital Links', async () => {
    const ask = async (headers: Record<string, string>) => (await client.ask('/eventTypes', { headers })).status;
    expect(await ask({ accept: 'application/xml' })).toBe(406);
    expect(await ask({ accept: 'text/html, */*;q=0.1' })).toBe(200);
    expect(await ask({ 'GS1-EPCIS-Min': '2.1' })).toBe(406);
    expect(await ask({ 'GS1-EPCIS-Max': '1.2.0' })).toBe(406);
    expect(await ask({ 'GS1-CBV-Version': '2.0' })).toBe(200);
    expect(await ask({ 'GS1-CBV-Min': 'two' })).toBe(400);
    expect(await ask({ 'GS1-EPC-Format': 'Always_EPC_URN' })).toBe(406);
    expect(await ask({ 'GS1-EPC-Format': 'Always_GS1_Digital_Link' })).toBe(200);
  });

  it('refuses other paths and methods, and addresses that are too long', async () => {
    expect((await client.ask('/nowhere')).status).toBe(404);
    expect((await client.ask('/events/%zz')).status).toBe(404);
    expect((await client.ask('/events/a/b')).status).toBe(404);
    const other = await client.ask('/eventTypes', { method: 'PUT', body: '{}' });
    expect(other.status).toBe(405);
    expect(other.headers.get('allow')).toBe('OPTIONS, GET');
    expect((await client.ask(`/events?EQ_eventID=${'x'.repeat(8_000)}`)).status).toBe(414);
    expect((await client.ask('/events', { method: 'HEAD' })).status).toBe(200);
  });

  it.each([
    ['no JSON', '{', 400],
    ['nothing', '', 400],
    ['a list', '[]', 400],
    ['a number', '1', 400],
    ['broken UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400],
    ['what lies too deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
    ['a document without events', JSON.stringify(documentOf([])), 400],
    ['one event', JSON.stringify({ '@context': documentOf([])['@context'], ...observed() }), 400],
    ['an event that is none', JSON.stringify(documentOf([{ type: 'ObjectEvent' }])), 400],
    ['more than 2,000 events', JSON.stringify(documentOf(Array.from({ length: 2_001 }, () => observed()))), 413],
    [
      'more than 500 events that are to be taken back as one',
      JSON.stringify(documentOf(Array.from({ length: 501 }, () => observed()))),
      413,
    ],
    ['more than 10 MiB', ' '.repeat(10 * 1024 * 1024 + 1), 413],
  ])('refuses %s to be captured', async (_what, body, status) => {
    const response = await client.ask('/capture', { method: 'POST', body });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ type: expect.stringMatching(/^epcisException:/) });
  });

  it('points at each fault of a document', async () => {
    const wrong = observed({ epcList: [pack(gtin.first, 'A1'), 'no URI'], action: 'MOVE' });
    const response = await client.ask('/capture', {
      method: 'POST',
      body: JSON.stringify(documentOf([observed(), wrong])),
    });
    const { errors } = await response.json();
    expect(errors.map(({ pointer }: { pointer: string }) => pointer)).toContain('/epcisBody/eventList/1/action');
    const partly = await client.ask('/capture', {
      ...{ method: 'POST', body: JSON.stringify(documentOf([observed(), wrong])) },
      headers: { 'GS1-Capture-Error-Behaviour': 'proceed' },
    });
    expect(partly.status).toBe(202);
    expect(
      (await client.ask('/capture', { method: 'POST', body: '{}', headers: { 'content-type': 'application/xml' } }))
        .status,
    ).toBe(415);
    const neither = { 'GS1-Capture-Error-Behaviour': 'all' };
    expect(
      (
        await client.ask('/capture', {
          method: 'POST',
          body: JSON.stringify(documentOf([observed()])),
          headers: neither,
        })
      ).status,
    ).toBe(400);
  });
});

describe('whatever is asked', () => {
  const runs = { numRuns: 150 };

  it('no parameter makes it fail', async () => {
    const asked = fc.record({
      operation: fc.constantFrom(...operations.filter(({ method }) => method === 'GET')),
      segment: text,
      parameters: fc.array(fc.tuple(name, text), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ operation, segment, parameters }) => {
        const search = new URLSearchParams(
          parameters.map(([key, value]) => [key.toWellFormed(), value.toWellFormed()]),
        );
        await requireNoFault(`${filled(operation.path, () => segment.toWellFormed() || 'x')}?${search}`);
      }),
      runs,
    );
  }, 120_000);

  it('no single parameter with a value of its kind makes it fail', async () => {
    const values = [
      '2026-11-01T00:00:00Z',
      '5',
      '-1.5',
      'true',
      'ObjectEvent',
      'ADD',
      pack(gtin.first, 'A1'),
      'a|b',
      'eventTime',
    ];
    const all = [
      ...names,
      'EQ_value_CEL',
      'GE_value_P1',
      'EXISTS_ILMD_a:b',
      'EQ_a:b',
      'GT_a:b',
      'LE_ILMD_a:b',
      'EQ_source_location',
    ];
    for (const key of all)
      for (const value of values) await requireNoFault(`/events?${new URLSearchParams({ [key]: value })}`);
  }, 120_000);

  it('no body makes it fail', async () => {
    const event = fc.record(
      {
        ...{ type: fc.oneof(fc.constant('ObjectEvent'), text), action: fc.oneof(fc.constant('ADD'), text) },
        ...{
          eventTime: fc.oneof(fc.constant('2026-11-20T10:00:00Z'), text),
          eventTimeZoneOffset: fc.constant('+00:00'),
        },
        ...{
          eventID: text,
          bizStep: text,
          epcList: fc.array(text, { maxLength: 3 }),
          ilmd: fc.jsonValue(),
          'a:b': fc.jsonValue(),
        },
        ...{ readPoint: fc.record({ id: text }), '@context': fc.jsonValue(), sensorElementList: fc.jsonValue() },
      },
      { requiredKeys: ['type', 'eventTime', 'eventTimeZoneOffset'] },
    );
    const body = fc.oneof(
      fc.array(event, { maxLength: 3 }).map((events) => documentOf(events)),
      event,
      fc.jsonValue(),
      fc.record({ name: text, query: fc.dictionary(name, fc.oneof(text, fc.array(text), fc.jsonValue())) }),
    );
    const path = fc.constantFrom('/capture', '/events', '/queries');
    const mode = fc.constantFrom('rollback', 'proceed');
    await fc.assert(
      fc.asyncProperty(path, body, mode, async (to, value, behaviour) => {
        const headers = { 'GS1-Capture-Error-Behaviour': behaviour };
        await requireNoFault(to, { method: 'POST', body: JSON.stringify(value), headers });
      }),
      runs,
    );
  }, 120_000);
});
