import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { attachmentElement } from '../attachment.ts';
import {
  buildAllergy,
  buildDocument,
  buildFinding,
  buildImmunization,
  buildMedicine,
  buildPatient,
  buildProblem,
  buildReport,
  buildResult,
  buildVisit,
  type Said,
} from '../build.ts';
import { digest } from '../chart/digest.ts';
import { openBundle } from '../import/importBundle.ts';
import { measurements } from '../measurements.ts';
import { composition } from '../r4/composition.ts';
import { encodeRecord, type Identified } from '../record.ts';
import { sampleHistory } from '../samples/history.ts';
import { emergencySummary } from './emergencySummary.ts';
import { type ExportOptions, exportRecord } from './exportRecord.ts';
import { recordPage } from './recordPage.ts';

const patient = `pt-0-${'a'.repeat(26)}`;
let next = 0;
const said = (part: Partial<Said> = {}): Said => ({
  ...{ id: `r${next++}`, patient, author: { id: `prac-${'b'.repeat(26)}`, name: 'Dr Amara Weiss' } },
  recorded: '2026-01-10T10:00:00.000Z',
  ...part,
});
const file = {
  ...{ index: 0, title: 'Letter.pdf', contentType: 'application/pdf', size: 5 },
  root: 'bletter',
  hash: 'a'.repeat(64),
};
const picture = { ...file, index: 1, title: 'Scan.png', contentType: 'image/png', root: 'bscan' };
const potassium = (value: number, at: string) =>
  buildResult(said(), { measurement: measurements.potassium, value, at });
const newest = potassium(5.4, '2026-01-01');
const record: Identified[] = [
  buildPatient(said({ id: patient }), { name: 'Jonas Lind', birthDate: '1968-03-14', sex: 'male' }),
  buildAllergy(said(), { code: { text: 'Penicillin' }, severe: true, reaction: 'Rash' }),
  buildProblem(said(), { code: { text: 'Asthma' }, status: 'active' }),
  buildProblem(said(), { code: { text: 'Pneumonia' }, status: 'resolved' }),
  buildMedicine(said(), { code: { text: 'Salbutamol' }, status: 'active', dose: '2 puffs when needed', from: '2024' }),
  buildMedicine(said(), { code: { text: 'Amoxicillin' }, status: 'completed', dose: '3 a day', from: '2020' }),
  potassium(4, '2024-01-01'),
  newest,
  buildReport(said(), {
    code: { text: 'Electrolytes' },
    at: '2026-01-01',
    conclusion: 'High potassium',
    results: [newest],
  }),
  buildImmunization(said(), { code: { text: 'Tetanus' }, at: '2022-05' }),
  buildVisit(said({ id: 'visit' }), { type: { text: 'Annual visit' }, kind: 'AMB', from: '2026-01-10T09:00:00Z' }),
  { ...potassium(4.2, '2025-01-01'), encounter: { reference: 'Encounter/hidden' } },
  buildDocument(said(), {
    type: { text: 'Letter' },
    title: 'Discharge',
    files: [attachmentElement(file), attachmentElement(picture)],
  }),
  buildFinding(said({ category: 'mental' }), {
    code: { text: 'PHQ-9' },
    value: '12 points',
    at: '2025',
    kind: 'survey',
  }),
];
const options: ExportOptions = {
  ...{ scope: 'record', patient, at: '2026-02-01T12:00:00.000Z', timeZone: 'UTC', withheld: [] },
  files: new Map([['bletter', new TextEncoder().encode('%PDF-')]]),
};
const referencesIn = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap(referencesIn)
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, member]) =>
          key === 'reference' && typeof member === 'string' ? [member] : referencesIn(member),
        )
      : [];
const sectionOf = z.object({ section: composition.shape.section });
const sectionsIn = (bundle: { entry: { resource: object }[] }) =>
  sectionOf.parse(bundle.entry[0]?.resource).section ?? [];

describe('an exported record', () => {
  const { bundle } = exportRecord(record, options);

  it('is a FHIR document: composition first, an identifier, and every reference leads within it', () => {
    expect(bundle).toMatchObject({
      type: 'document',
      timestamp: options.at,
      identifier: { system: 'urn:ietf:rfc:3986' },
    });
    expect(bundle.entry[0]?.resource).toMatchObject({
      resourceType: 'Composition',
      type: { coding: [{ code: '60591-5' }] },
    });
    const urls = bundle.entry.map(({ fullUrl }) => fullUrl);
    expect(new Set(urls).size).toBe(record.length + 1);
    for (const url of urls)
      expect(url).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const led = referencesIn(bundle);
    expect(led.length).toBeGreaterThan(record.length);
    for (const reference of led) expect(urls).toContain(reference);
    expect(JSON.stringify(bundle)).not.toContain('hidden');
  });

  it('has the sections of a patient summary, and those of a record besides', () => {
    expect(sectionsIn(bundle).map(({ code, entry }) => [code?.coding?.[0]?.code, entry?.length])).toEqual([
      ...[
        ['48765-2', 1],
        ['11450-4', 1],
        ['10160-0', 2],
        ['11369-6', 1],
        ['30954-2', 5],
        ['11348-0', 1],
        ['46240-8', 1],
        ['77599-9', 1],
      ],
    ]);
  });

  it('comes back as what the record has already', () => {
    const known = new Set(record.flatMap((resource) => digest(resource, { document: '', at: '' }).q ?? []));
    const opened = openBundle(new TextEncoder().encode(JSON.stringify(bundle)), { patient, known });
    const outcomes = [...opened.steps()].map((step) => (step.kind === 'entry' ? step.report.outcome : 'pack'));
    expect(outcomes).toEqual(['named', ...record.map(() => 'duplicate')]);
    expect(opened.about).toEqual({ name: 'Jonas Lind', birthDate: '1968-03-14' });
  });

  it('holds files whose contents are given and names the others', () => {
    const text = JSON.stringify(bundle);
    expect(text).toContain(btoa('%PDF-'));
    expect(text).toContain('Scan.png');
    expect(text).not.toContain('ipfs://');
  });

  it('of a summary has what counts now, and says what is missing', () => {
    const summary = exportRecord(record, { ...options, scope: 'summary', withheld: ['mental'] }).bundle;
    const text = JSON.stringify(summary);
    for (const there of ['Asthma', 'Salbutamol', '5.4', 'Pneumonia']) expect(text).toContain(there);
    for (const left of ['Amoxicillin', 'Annual visit', '"value":4.2', 'Discharge']) expect(text).not.toContain(left);
    expect(sectionsIn(summary).at(-1)).toMatchObject({ emptyReason: { coding: [{ code: 'withheld' }] } });
  });

  it('takes a long record whole, and shows the newest of it in the narrative', () => {
    const long = [...sampleHistory({ seed: 2, count: 1600, patient, until: options.at })];
    const whole = exportRecord(long, options).bundle;
    expect(whole.entry).toHaveLength(1602);
    const results = sectionsIn(whole).find(({ title }) => title === 'Results');
    expect(results?.entry?.length).toBeGreaterThan(1000);
    expect(results?.text?.div.split('<tr>')).toHaveLength(202);
  });

  it('of nothing has the sections that must be there, and does not say that there is nothing', () => {
    const empty = exportRecord([], { ...options, name: 'Jonas Lind' }).bundle;
    expect(empty.entry.map(({ resource }) => resource.resourceType)).toEqual(['Composition', 'Patient']);
    expect(sectionsIn(empty).map(({ emptyReason }) => emptyReason?.coding?.[0]?.code)).toEqual(
      Array(3).fill('unavailable'),
    );
  });
});

describe('the page of a record', () => {
  const page = (resources: readonly Identified[], change: Partial<ExportOptions> = {}) =>
    recordPage(exportRecord(resources, { ...options, ...change }));

  it('shows sections, values with ranges, pictures and files to save', () => {
    const html = page(record, { files: new Map([['bscan', Uint8Array.of(1, 2, 3)], ...options.files]) });
    for (const there of [
      'Health record of Jonas Lind',
      'born 14 Mar 1968',
      'Penicillin',
      '5.4 mmol/L',
      '3.5–5.1',
      'high risk, Rash',
    ]) {
      expect(html).toContain(there);
    }
    expect(html).toContain('<img alt="Scan.png" src="data:image/png;base64,AQID">');
    expect(html).toContain('<a download="Letter.pdf" href="data:application/pdf;base64,JVBERi0=">');
    expect(page(record)).toContain('Scan.png (5 bytes): kept with the record, not in this file');
  });

  it('says what was left out', () => {
    expect(page(record, { withheld: ['hiv', 'mental'] })).toContain('HIV, Mental health. Not part of this file.');
  });

  it('has no markup of a record, no script and nothing from elsewhere', () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' onload='x",
        '</td></table>',
        '&lt;b&gt;',
        '\u0000\uFFFE',
      ),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const problem = buildProblem(said(), { code: { text: 'x' }, status: 'active' });
        const changed: Identified = { ...problem, code: { text: one }, severity: { text: other } };
        const letter = buildDocument(said(), {
          type: { text: 'x' },
          title: 'x',
          files: [{ contentType: 'text/html', data: 'AAAA' }],
        });
        const named: Identified = {
          ...letter,
          description: other,
          content: [{ attachment: { contentType: one, data: 'AAAA', title: other } }],
        };
        const html = page([changed, named], { name: '<script>x</script>' });
        const tags = new Set([...html.matchAll(/<\/?([^\s>/]+)/g)].map(([, name]) => name));
        const ours = [
          '!doctype',
          'html',
          'head',
          'meta',
          'title',
          'style',
          'body',
          'header',
          'h1',
          'h2',
          'p',
          'nav',
          'ul',
          'li',
          'a',
          'main',
          'section',
          'table',
          'thead',
          'tbody',
          'tr',
          'th',
          'td',
        ];
        for (const tag of tags) expect(ours).toContain(tag);
        expect(html.replace(/"[^"]*"/g, '').match(/<[^>]*\son[a-z]+=/g)).toBeNull();
        for (const [, address] of html.matchAll(/(?:src|href)="([^"]*)"/g))
          expect(address).toMatch(/^(?:#|data:(?:application|image)\/)/);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the emergency summary', () => {
  it('is chosen of what is not guarded, and fits one document, allergies and problems first', () => {
    const summary = emergencySummary([
      ...record,
      ...sampleHistory({ seed: 1, count: 1500, patient, until: options.at }),
    ]);
    const text = JSON.stringify(summary);
    for (const there of ['Jonas Lind', 'Penicillin', 'Asthma', 'Salbutamol']) expect(text).toContain(there);
    for (const left of ['PHQ-9', 'Discharge', 'Annual visit']) expect(text).not.toContain(left);
    expect(encodeRecord('summary', summary, new Date(options.at)).length).toBeLessThan(200 * 1024);
    expect(summary.slice(0, 2).map(({ resourceType }) => resourceType)).toEqual(['Patient', 'AllergyIntolerance']);
  });
});
