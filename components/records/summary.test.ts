import { expect, it } from 'vitest';
import type { Category } from '#chaincode/model/category.ts';
import type { Shown } from '#fhir/chart/screen.ts';
import { summaryDue } from './summary.ts';

const entry = (r: string, category: Category, w: string, change: Partial<Shown> = {}): Shown => ({
  ...{ k: 'problem', r, y: 'Condition', d: `doc-0-${r}-${category}`, w, x: r, s: 'active', category, ...change },
});
const copy = (r: string, w: string) => entry(r, 'summary', w, { d: 'doc-0-summary' });

it('a summary is due where there is none, and of nothing none is', () => {
  expect(summaryDue([])).toBeNull();
  const due = summaryDue([entry('asthma', 'clinical', '2026-03-01')]);
  expect(due?.entries.map(({ r }) => r)).toEqual(['asthma']);
  expect(due?.replaces).toBeUndefined();
});

it('it is due again once an entry came after it, or one in it is gone, and takes the old one’s place', () => {
  const before = [entry('asthma', 'clinical', '2026-03-01'), copy('asthma', '2026-03-02')];
  expect(summaryDue(before)).toBeNull();
  const added = summaryDue([...before, entry('aspirin', 'medication', '2026-03-03', { k: 'medicine' })]);
  expect(added?.entries.map(({ r }) => r).sort()).toEqual(['aspirin', 'asthma']);
  expect(added?.replaces).toBe('doc-0-summary');
  expect(summaryDue([copy('asthma', '2026-03-02')])).toEqual({ entries: [], replaces: 'doc-0-summary' });
});

it('what is guarded is no part of it, nor is it a reason', () => {
  const guarded = entry('depression', 'mental', '2026-03-09');
  expect(summaryDue([guarded])).toBeNull();
  const due = summaryDue([guarded, entry('asthma', 'clinical', '2026-03-01')]);
  expect(due?.entries.map(({ r }) => r)).toEqual(['asthma']);
});
