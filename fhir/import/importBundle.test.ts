import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filesOf } from '../attachment.ts';
import { encodeRecord, maximumRecord, readRecord } from '../record.ts';
import { nameFiles } from './files.ts';
import { type EntryReport, type ImportOptions, openBundle } from './importBundle.ts';
import { type Pack, Packer } from './pack.ts';

const patient = `pt-0-${'a'.repeat(26)}`;
const options: ImportOptions = { patient, known: new Set() };
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const uuid = (digit: number) => `urn:uuid:00000000-0000-4000-8000-${String(digit).padStart(12, '0')}`;

function run(bundle: object, given: Partial<ImportOptions> = {}) {
  const opened = openBundle(encode({ resourceType: 'Bundle', ...bundle }), { ...options, ...given });
  const reports: EntryReport[] = [];
  const packs: Pack[] = [];
  for (const step of opened.steps()) step.kind === 'entry' ? reports.push(step.report) : packs.push(step.pack);
  return { opened, reports, packs, resources: packs.flatMap(({ resources }) => resources) };
}
const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
const person = {
  fullUrl: uuid(1),
  resource: { resourceType: 'Patient', id: 'p', name: [{ family: 'Lind', given: ['Jonas'] }], birthDate: '1968-03-14' },
};
const doctor = {
  fullUrl: uuid(2),
  resource: {
    resourceType: 'Practitioner',
    identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '99' }],
    name: [{ prefix: ['Dr'], given: ['Ada'], family: 'Weiss' }],
  },
};
const encounter = {
  fullUrl: uuid(3),
  resource: { resourceType: 'Encounter', status: 'finished', class: { code: 'AMB' }, subject: { reference: uuid(1) } },
};
const observation = (at: number, change: object = {}) => ({
  fullUrl: uuid(100 + at),
  resource: {
    resourceType: 'Observation',
    status: 'final',
    code: loinc('2823-3'),
    subject: { reference: uuid(1) },
    encounter: { reference: uuid(3) },
    performer: [{ reference: uuid(2) }],
    effectiveDateTime: `2025-01-01T00:00:${String(at % 60).padStart(2, '0')}Z`,
    valueQuantity: { value: at, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
    ...change,
  },
});

describe('an import', () => {
  it('reads a transaction with urn:uuid references into documents of the record', () => {
    const { opened, reports, packs, resources } = run({
      type: 'transaction',
      entry: [
        person,
        doctor,
        encounter,
        observation(1),
        { ...observation(2), request: { method: 'POST', url: 'Observation' } },
      ],
    });
    expect(opened).toMatchObject({ count: 5, about: { name: 'Jonas Lind', birthDate: '1968-03-14' } });
    expect(reports.map(({ outcome }) => outcome)).toEqual(['accepted', 'named', 'accepted', 'accepted', 'accepted']);
    expect(packs.map(({ category, entries }) => [category, entries])).toEqual([
      ['clinical', [0, 2]],
      ['results', [3, 4]],
    ]);
    const [me, visit, value] = resources;
    expect(me?.id).toBe(patient);
    expect(value).toMatchObject({
      subject: { reference: `Patient/${patient}` },
      encounter: { reference: `Encounter/${visit?.id}` },
      performer: [{ display: 'Dr Ada Weiss', identifier: { value: '99' } }],
    });
    expect(JSON.stringify(resources)).not.toContain('urn:uuid');
  });

  it('resolves relative, absolute, versioned and conditional references', () => {
    const base = 'https://fhir.example/r4';
    const { resources, reports } = run({
      type: 'searchset',
      entry: [
        {
          fullUrl: `${base}/Encounter/7`,
          resource: { ...encounter.resource, id: '7', subject: { reference: 'Patient/9' } },
        },
        ...[
          'Encounter/7',
          `${base}/Encounter/7`,
          `${base}/Encounter/7/_history/2`,
          'https://other.example/Encounter/7',
        ].map((reference, at) => observation(at, { subject: { reference: 'Patient/9' }, encounter: { reference } })),
        observation(9, {
          subject: { reference: 'Patient/9' },
          performer: [{ reference: 'Practitioner?identifier=x|1' }],
        }),
      ],
    });
    expect(reports.every(({ outcome }) => outcome === 'accepted')).toBe(true);
    const visit = resources.find(({ resourceType }) => resourceType === 'Encounter');
    const led = resources.flatMap((each) => (each.resourceType === 'Observation' ? each.encounter?.reference : []));
    const own = `Encounter/${visit?.id}`;
    expect(led).toEqual([own, own, own, 'https://other.example/Encounter/7', undefined]);
    expect(resources.at(-1)).toMatchObject({
      performer: [{ display: 'not named' }],
      subject: { reference: `Patient/${patient}` },
    });
  });

  it('lists what is wrong with each bad entry and keeps the good ones', () => {
    const { reports, resources } = run({
      type: 'collection',
      entry: [
        person,
        observation(1, { status: 'fine' }),
        observation(2),
        { fullUrl: uuid(8), resource: { resourceType: 'Claim' } },
        { fullUrl: uuid(9) },
        'nothing',
        { fullUrl: uuid(10), resource: { resourceType: 'Patient', id: 'other' } },
        observation(3, { subject: { reference: uuid(10) } }),
        observation(4, { specimen: { reference: '#gone' } }),
        observation(5, {
          note: [{ text: 'x'.repeat(60_000) }, { text: 'y'.repeat(60_000) }, { text: 'z'.repeat(65_000) }],
        }),
      ],
    });
    const said = reports.map((report) =>
      report.outcome === 'refused'
        ? report.issues.map(({ path, reason }) => `${path}: ${reason}`).join('; ')
        : report.outcome,
    );
    expect(said).toEqual([
      'accepted',
      expect.stringContaining('Observation.status: must be one of registered'),
      'accepted',
      'unkept',
      expect.stringContaining('entry.resource'),
      expect.stringContaining('entry'),
      'Patient: is another patient',
      'Observation.subject.reference: is about another patient',
      'Observation.specimen.reference: must be one of the contained resources (ref-1)',
      'Observation: is larger than 180 KiB',
    ]);
    expect(resources).toHaveLength(2);
  });

  it('recognises duplicates within the bundle and in the record, and the same bundle a second time', () => {
    const numbered = { identifier: [{ system: 'urn:lab', value: '4711' }] };
    const entry = [
      person,
      observation(1),
      { ...observation(1), fullUrl: uuid(500) },
      observation(2, numbered),
      // A correction under the same number, and another result of the same order.
      observation(2, { ...numbered, valueQuantity: { value: 99 } }),
      observation(3, { ...numbered, code: loinc('2951-2') }),
    ];
    const first = run({ type: 'collection', entry });
    const outcomes = first.reports.map((report) => (report.outcome === 'duplicate' ? report.of : report.outcome));
    expect(outcomes).toEqual(['accepted', 'accepted', 'bundle', 'accepted', 'bundle', 'accepted']);
    const known = new Set(first.resources.map(({ resourceType, id }) => `${resourceType}/${id}`));
    const again = run({ type: 'collection', entry }, { known });
    expect(again.reports.every((report) => report.outcome === 'duplicate')).toBe(true);
    expect(again.packs).toEqual([]);
  });

  it('puts a medicine that is a resource of its own where it is taken', () => {
    const { resources } = run({
      type: 'document',
      entry: [
        { fullUrl: uuid(5), resource: { resourceType: 'Composition', status: 'final' } },
        { fullUrl: uuid(6), resource: { resourceType: 'Medication', code: { text: 'Metformin 500 mg' } } },
        {
          fullUrl: uuid(7),
          resource: {
            resourceType: 'MedicationStatement',
            status: 'active',
            subject: { reference: 'Patient/1' },
            medicationReference: { reference: uuid(6) },
          },
        },
      ],
    });
    expect(resources).toHaveLength(1);
    expect(resources[0]).toMatchObject({ medicationCodeableConcept: { text: 'Metformin 500 mg' } });
    expect(resources[0]).not.toHaveProperty('medicationReference');
  });

  it('takes files out of resources, and names them when they are stored', () => {
    const letter = btoa('%PDF-'.repeat(4000));
    const small = btoa('short');
    const { packs } = run({
      type: 'collection',
      entry: [
        {
          fullUrl: uuid(5),
          resource: {
            resourceType: 'DocumentReference',
            status: 'current',
            content: [
              { attachment: { contentType: 'text/plain', data: small } },
              { attachment: { contentType: 'application/pdf', title: 'Letter', data: letter } },
            ],
          },
        },
      ],
    });
    const [pack] = packs;
    const [resource] = pack?.resources ?? [];
    if (!pack || !resource) throw new Error('no pack');
    expect(pack.category).toBe('documents');
    expect(pack.files).toMatchObject([{ contentType: 'application/pdf', title: 'Letter' }]);
    expect(pack.files[0]?.content).toHaveLength(20_000);
    expect(JSON.stringify(resource)).not.toContain(letter);
    const stored = {
      ...{ index: 0, title: 'Letter', contentType: 'application/pdf', size: 20_000 },
      root: 'bafy',
      hash: '0'.repeat(64),
    };
    const named = nameFiles(resource, [stored]);
    expect(filesOf([named])).toEqual([stored]);
    expect(named).toMatchObject({
      content: [{ attachment: { data: small } }, {}],
      subject: { reference: `Patient/${patient}` },
    });
    expect(readRecord(encodeRecord('documents', [named], new Date()))).toEqual({ resources: [named], unread: [] });
  });

  it.each([
    ['no JSON', new TextEncoder().encode('{')],
    ['no Bundle', encode({ resourceType: 'Patient' })],
    ['a history', encode({ resourceType: 'Bundle', type: 'history' })],
    ['entries that are none', encode({ resourceType: 'Bundle', type: 'collection', entry: {} })],
  ])('refuses %s', (_, bytes) => {
    expect(() => openBundle(bytes, options)).toThrow(expect.objectContaining({ code: 'FHIR_MALFORMED' }));
  });

  it('refuses what is nested without end', () => {
    const deep = Array.from({ length: 200 }).reduce<object>((inner) => ({ inner }), {});
    const { reports } = run({ type: 'collection', entry: [observation(1, { deep })] });
    expect(reports[0]).toMatchObject({ outcome: 'refused', issues: [{ reason: 'is nested too deeply' }] });
  });

  it('never throws on an entry, reports each once, and fills documents that can be written', () => {
    const anything = fc.oneof(
      fc.json().map((text): unknown => JSON.parse(text)),
      fc.record({
        resource: fc.record({
          resourceType: fc.constantFrom('Observation', 'Patient', 'Encounter', 'X'),
          subject: fc.jsonValue(),
          identifier: fc.jsonValue(),
        }),
      }),
      fc.nat(2000).chain((at) => fc.constant(observation(at))),
    );
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 30 }), (entry) => {
        const { reports, packs } = run({ type: 'batch', entry });
        expect(reports.map(({ entry: at }) => at)).toEqual(entry.map((_, at) => at));
        const accepted = reports.filter(({ outcome }) => outcome === 'accepted').map(({ entry: at }) => at);
        expect(packs.flatMap(({ entries }) => entries).sort((a, b) => a - b)).toEqual(accepted);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a bundle of 3,000 entries and 5 MB', () => {
  const note = 'Sample was taken in the morning before breakfast; repeat at the next visit. '.repeat(15);
  const entry = [
    person,
    doctor,
    encounter,
    ...Array.from({ length: 3000 }, (_, at) => observation(at, { note: [{ text: note }] })),
  ];

  it('becomes documents that fit their blocks', () => {
    const { reports, packs } = run({ type: 'collection', entry });
    expect(JSON.stringify(entry).length).toBeGreaterThan(4_500_000);
    expect(reports.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(3002);
    for (const { category, resources } of packs) {
      const bytes = encodeRecord(category, resources, new Date());
      expect(bytes.length).toBeLessThan(maximumRecord);
      expect(readRecord(bytes).resources).toHaveLength(resources.length);
    }
    expect(packs.length).toBeLessThan((5_500_000 / Packer.most) * 1.2);
  });
});
