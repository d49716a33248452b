import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf } from './change.ts';
import { type ChartEntry, chartEntry, entryKinds, momentOf } from './entry.ts';
import { foldIndex, headOf, type IndexChange, planFold } from './fold.ts';
import { type ChartHead, chartHead, emptyHead, firstLists, segmentBytes } from './head.ts';
import { firstScreen } from './screen.ts';
import { seriesOf } from './series.ts';
import { asTheyStand } from './timeline.ts';
import { convert } from './units.ts';

/** An index with its segments, as a browser keeps it: seals nothing, but finds each segment under its address. */
class Shelf {
  head: ChartHead = emptyHead;
  readonly blocks = new Map<string, ChartEntry[]>();

  fold(change: IndexChange): void {
    const plan = planFold(this.head, change);
    const folded = foldIndex(this.head, change, plan, this.read(plan.load));
    const cids = folded.segments.map((entries) => {
      const cid = `b${this.blocks.size.toString(2).padStart(58, '0').replaceAll('0', 'x').replaceAll('1', 'y')}`;
      this.blocks.set(cid, entries);
      return cid;
    });
    this.head = chartHead.parse(headOf(folded, cids, 1));
  }
  read(facts: readonly { cid: string }[]): ChartEntry[] {
    return facts.flatMap(({ cid }) => this.blocks.get(cid) ?? []);
  }
  everything(): ChartEntry[] {
    return asTheyStand(this.read(this.head.segments), new Set(this.head.gone));
  }
}

const documentAt = (index: number) => new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString();
const entryOf = fc.record({
  k: fc.constantFrom(...entryKinds),
  r: fc.integer({ min: 0, max: 60 }).map(String),
  a: fc.option(fc.constantFrom('2019', '2020-02', '2021-03-04', '2025-01-01T10:00:00Z', '2025-01-01T10:00:00+02:00'), {
    nil: undefined,
  }),
  code: fc.option(fc.constantFrom('loinc|1', 'loinc|2', 'loinc|3'), { nil: undefined }),
  x: fc.constantFrom('short', 'w'.repeat(200)),
  s: fc.constantFrom('active', 'resolved', 'final', 'entered-in-error'),
  m: fc.option(fc.record({ n: fc.integer() }), { nil: undefined }),
});
const documents = fc.array(
  fc.record({
    entries: fc.uniqueArray(entryOf, { maxLength: 30, selector: ({ r }) => r }),
    replaces: fc.option(fc.nat(), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 25 },
);

/** Changes of one document each; now and then one replaces a current one and has its resources. */
function changesOf(written: { entries: object[]; replaces?: number | undefined }[]): IndexChange[] {
  const origins: (number | undefined)[] = [];
  return written.map(({ entries, replaces }, index) => {
    const replaced = replaces === undefined || index === 0 ? -1 : replaces % index;
    const origin = origins[replaced];
    origins[replaced] = undefined;
    origins[index] = origin ?? index;
    return {
      added: entries.map((entry) => {
        const own = { ...entry, y: `Of${origins[index]}`, d: `doc-${index}`, w: documentAt(index) };
        return chartEntry.parse(Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)));
      }),
      documents: [`doc-${index}`],
      removed: origin === undefined ? [] : [`doc-${replaced}`],
    };
  });
}
const together = (changes: IndexChange[]): IndexChange => ({
  added: changes.flatMap(({ added }) => added),
  documents: changes.flatMap(({ documents }) => documents),
  removed: changes.flatMap(({ removed }) => removed),
});

describe('an index', () => {
  it('is the same whether it was folded document by document, in batches or at once', () => {
    fc.assert(
      fc.property(documents, fc.integer({ min: 1, max: 7 }), (written, size) => {
        const changes = changesOf(written);
        const [single, batched] = [new Shelf(), new Shelf()];
        for (const change of changes) single.fold(change);
        for (let at = 0; at < changes.length; at += size) batched.fold(together(changes.slice(at, at + size)));
        const whole = together(changes);
        const standing = asTheyStand(whole.added, new Set(whole.removed));
        for (const shelf of [single, batched]) {
          expect(shelf.everything()).toEqual(standing);
          const { current, latest, newest, documents: covered } = shelf.head;
          expect({ current, latest, newest }).toEqual(firstLists(standing));
          expect(covered).toBe(written.length);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('keeps segments within a block and does not rewrite full ones', () => {
    const shelf = new Shelf();
    const entry = (index: number): ChartEntry => ({
      ...{ k: 'result', r: `r${index}`, y: 'Observation', d: `doc-${index}`, w: documentAt(index), s: 'final' },
      ...{ x: 'Potassium in serum or plasma', code: 'loinc|2823-3', a: documentAt(index), m: { n: 4.1, u: 'mmol/L' } },
    });
    for (let at = 0; at < 10_000; at += 500) {
      const added = Array.from({ length: 500 }, (_, index) => entry(at + index));
      shelf.fold({ added, documents: added.map(({ d }) => d), removed: [] });
    }
    expect(shelf.head.segments.length).toBeLessThan(16);
    for (const { cid, bytes, count } of shelf.head.segments) {
      expect(JSON.stringify(shelf.blocks.get(cid)).length).toBeLessThanOrEqual(segmentBytes);
      expect(bytes).toBeLessThanOrEqual(segmentBytes);
      expect(shelf.blocks.get(cid)).toHaveLength(count);
    }
    expect(shelf.everything()).toHaveLength(10_000);
    const plan = planFold(shelf.head, { added: [entry(10_001)], documents: ['doc-10001'], removed: [] });
    expect(plan.load.length).toBeLessThanOrEqual(1);
    // The newest leaves: what comes after it is not in the head.
    expect(planFold(shelf.head, { added: [], documents: [], removed: ['doc-9999'] }).keep).toEqual([]);
    expect(planFold(shelf.head, { added: [], documents: [], removed: ['doc-12'] }).load.length).toBeLessThanOrEqual(1);
  });

  it('has a head that fits a block, however much is open', () => {
    const open = Array.from({ length: 5000 }, (_, index) => ({
      ...{ k: 'problem' as const, r: `r${index}`, y: 'Condition', d: 'doc', w: documentAt(index), s: 'active' },
      x: 'ü'.repeat(240),
    }));
    const shelf = new Shelf();
    shelf.fold({ added: open, documents: ['doc'], removed: [] });
    expect(new TextEncoder().encode(JSON.stringify(shelf.head)).length).toBeLessThan(segmentBytes);
    expect(shelf.head.current.length).toBeGreaterThan(100);
    expect(shelf.everything()).toHaveLength(5000);
  });
});

describe('the order of the timeline', () => {
  it('is the same for every browser', () => {
    fc.assert(
      fc.property(fc.array(entryOf, { maxLength: 40 }), (written) => {
        const entries = changesOf([{ entries: written }])[0]?.added ?? [];
        const unique = asTheyStand(entries, new Set());
        expect(asTheyStand([...unique].reverse(), new Set())).toEqual(unique);
      }),
    );
  });

  it.each([
    ['2024', '2024-01-01'],
    ['2024-05', '2024-05-01'],
    ['2024-05-17', '2024-05-17'],
    ['2024-05-17T01:00:00+02:00', '2024-05-16T23:00:00.000Z'],
  ])('puts %s at %s', (a, moment) => {
    expect(momentOf({ a, w: documentAt(0) })).toBe(moment);
  });
});

describe('a tail', () => {
  const document = (id: string, state: 'current' | 'superseded' | 'retracted', replaces?: string) => ({
    document: { id, at: documentAt(0), state, ...(replaces === undefined ? {} : { replaces }) },
    resources: [
      { resourceType: 'Condition' as const, id: `of-${id}`, subject: { reference: 'Patient/p' }, code: { text: id } },
    ],
  });
  it('adds current documents, and takes away what is replaced, superseded or retracted', () => {
    const change = changeOf([
      document('doc-d', 'retracted'),
      document('doc-c', 'current', 'doc-a'),
      document('doc-b', 'superseded'),
    ]);
    expect(change.added.map(({ x, s }) => [x, s])).toEqual([['doc-c', 'unknown']]);
    expect(change.documents).toEqual(['doc-d', 'doc-c', 'doc-b']);
    expect([...change.removed].sort()).toEqual(['doc-a', 'doc-b', 'doc-d']);
  });
});

describe('the first screen', () => {
  const entry = (part: Partial<ChartEntry> & Pick<ChartEntry, 'k' | 'r' | 's'>): ChartEntry => ({
    ...{ y: 'Any', d: 'doc-1', w: documentAt(1), x: part.r },
    ...part,
  });
  it('joins categories, with what the tail adds and takes away', () => {
    const clinical: ChartHead = {
      ...emptyHead,
      ...firstLists([
        entry({ k: 'problem', r: 'asthma', s: 'active' }),
        entry({ k: 'problem', r: 'old', s: 'active', d: 'doc-0' }),
        entry({ k: 'allergy', r: 'nuts', s: 'active' }),
        entry({ k: 'person', r: 'me', s: 'active' }),
      ]),
    };
    const screen = firstScreen([
      { category: 'clinical', head: clinical, added: [], removed: ['doc-0'] },
      { category: 'medication', added: [entry({ k: 'medicine', r: 'salbutamol', s: 'active' })], removed: [] },
      { category: 'mental', added: [entry({ k: 'problem', r: 'sleep', s: 'active', w: documentAt(9) })], removed: [] },
      {
        category: 'results',
        added: [
          entry({ k: 'result', r: 'k1', s: 'final', code: 'loinc|2823-3', a: '2024-01-01', m: { n: 4 } }),
          entry({ k: 'result', r: 'k2', s: 'final', code: 'loinc|2823-3', a: '2025-01-01', m: { n: 5 } }),
          entry({ k: 'result', r: 'k3', s: 'entered-in-error', code: 'loinc|2823-3', a: '2026-01-01', m: { n: 9 } }),
        ],
        removed: [],
      },
    ]);
    expect(screen.problems.map(({ r, category }) => [r, category])).toEqual([
      ['sleep', 'mental'],
      ['asthma', 'clinical'],
    ]);
    expect(screen.allergies.map(({ r }) => r)).toEqual(['nuts']);
    expect(screen.medicines.map(({ r }) => r)).toEqual(['salbutamol']);
    expect(screen.latest.map(({ r }) => r)).toEqual(['k2']);
    expect(screen.newest.map(({ r }) => r)).not.toContain('k3');
    expect(screen.person?.r).toBe('me');
  });
});

describe('a plotted series', () => {
  const value = (r: string, a: string, m: ChartEntry['m'], p?: ChartEntry['p']): ChartEntry => ({
    ...{
      k: 'result',
      r,
      y: 'Observation',
      d: 'doc',
      w: documentAt(0),
      a,
      code: 'loinc|4548-4',
      x: 'HbA1c',
      s: 'final',
    },
    ...(m === undefined ? {} : { m }),
    ...(p === undefined ? {} : { p }),
  });
  it('is in the unit of the newest value, oldest first, and counts what cannot be converted', () => {
    const series = seriesOf(
      [
        value('c', '2026-01-01', { n: 7, u: '%', hi: 6 }),
        value('a', '2024-01-01', { n: 53, u: 'mmol/mol' }),
        value('b', '2025-01-01', { n: 12, u: 'furlong' }),
        value('d', '2025-06-01', { t: 'not measured' }),
      ],
      'loinc|4548-4',
    );
    expect(series).toMatchObject({ unit: '%', high: 6, leftOut: 1 });
    expect(series?.points.map(({ resource }) => resource)).toEqual(['a', 'c']);
    expect(series?.points[0]?.value).toBeCloseTo(7, 1);
  });

  it('finds the parts of an observation', () => {
    const pressure = value('bp', '2026-01-01', undefined, [
      { code: 'loinc|8480-6', x: 'Systolic', n: 128, u: 'mm[Hg]' },
      { code: 'loinc|8462-4', x: 'Diastolic', n: 81, u: 'mm[Hg]' },
    ]);
    expect(seriesOf([pressure], 'loinc|8480-6')).toMatchObject({ name: 'Systolic', points: [{ value: 128 }] });
  });

  it.each([
    [90, 'mg/dL', 'mmol/L', 'loinc|2345-7', 4.99567],
    [1, 'mg/dL', 'umol/L', 'loinc|2160-0', 88.4017],
    [5, 'g/dL', 'g/L', 'any', 50],
    [98.6, '[degF]', 'Cel', 'any', 37],
    [5, 'mg/dL', 'mmol/L', 'of another substance', undefined],
    [5, 'constructor', 'toString', 'any', undefined],
  ])('makes of %s %s in %s of %s: %s', (n, from, to, code, expected) => {
    expect(convert(n, from, to, code)).toBe(expected);
  });
});
