import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { filesOf } from '#fhir/attachment.ts';
import { categoryOf } from '#fhir/category.ts';
import { changeOf } from '#fhir/chart/change.ts';
import { firstScreen } from '#fhir/chart/screen.ts';
import { plottable, seriesOf } from '#fhir/chart/series.ts';
import { nameFiles } from '#fhir/import/files.ts';
import { encodeRecord, readRecord } from '#fhir/record.ts';
import { heartStrip, letter } from './drawing.ts';
import { demonstrationRecords } from './records.ts';

const today = new Date('2026-06-15T12:00:00.000Z');
const pseudonymOf = (email: string) =>
  `pt-0-${email
    .replace(/[^a-z]/g, '')
    .slice(0, 5)
    .padEnd(26, 'a')}`;
const authorOf = (email: string) => ({
  id: `prac-${email
    .replace(/[^a-z]/g, '')
    .slice(0, 5)
    .padEnd(26, 'a')}`,
  name: email,
});
const drafts = demonstrationRecords({ today, pseudonymOf, authorOf });

describe('the demonstration’s records', () => {
  it('are documents that can be written and read, under the category of their resources', () => {
    expect(new Set(drafts.map(({ key }) => key)).size).toBe(drafts.length);
    for (const { key, category, resources, files } of drafts) {
      const stored = files.map(({ contentType, content }, index) => ({
        index,
        contentType,
        size: content.length,
        root: `b${index}`,
        hash: '0'.repeat(64),
      }));
      const named = resources.map((resource) => nameFiles(resource, stored));
      expect(filesOf(named), key).toEqual(stored.map((file, index) => ({ ...file, title: files[index]?.title })));
      expect(readRecord(encodeRecord(category, named, today)), key).toEqual({ resources: named, unread: [] });
      expect(new Set(resources.map(categoryOf)), key).toEqual(new Set([category]));
    }
  });

  it('have nothing of the future, and resources of their own', () => {
    const ids = drafts.flatMap(({ resources }) => resources.map(({ resourceType, id }) => `${resourceType}/${id}`));
    expect(new Set(ids).size).toBe(ids.length);
    for (const [moment] of JSON.stringify(drafts.map(({ resources }) => resources)).matchAll(
      /20\d\d-\d\d-\d\dT[\d:.]+Z/g,
    )) {
      expect(Date.parse(moment)).toBeLessThan(today.getTime());
    }
  });

  it('show a chart worth looking at', () => {
    const ofLind = drafts.filter(({ patient }) => patient === 'jonas.lind@mail.example');
    const changes = ofLind.map(({ key, category, resources }) => {
      const document = { id: `doc-0-${key}`, at: today.toISOString(), state: 'current' as const };
      return { category, ...changeOf([{ document, resources }]) };
    });
    const screen = firstScreen(changes);
    expect(screen.person?.x).toBe('Jonas Lind');
    expect(screen.problems.map(({ x }) => x)).toEqual([
      'Hyperlipidaemia',
      'Type 2 diabetes mellitus',
      'Essential hypertension',
    ]);
    expect(screen.allergies).toHaveLength(2);
    expect(screen.medicines.map(({ x }) => x)).toEqual(['Metformin 500 mg tablet', 'Ramipril 5 mg tablet']);
    expect(screen.newest).toHaveLength(50);
    const entries = changes.flatMap(({ added }) => added);
    expect(plottable(entries).map(({ code }) => code)).toContain('loinc|59261-8');
    expect(seriesOf(entries, 'loinc|59261-8')?.points.map(({ value }) => value)).toEqual([
      68, 65, 61, 60, 57, 58, 56, 55, 55, 53, 54, 52, 52,
    ]);
    expect(seriesOf(entries, 'loinc|8480-6')?.points).toHaveLength(13);
  });
});

describe('the files', () => {
  it('are a picture and a letter as their formats ask', () => {
    const png = Buffer.from(heartStrip());
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    const start = png.indexOf('IDAT');
    const length = png.readUInt32BE(start - 4);
    expect(inflateSync(png.subarray(start + 4, start + 4 + length))).toHaveLength(641 * 220);
    const pdf = Buffer.from(letter('Title (with brackets)', ['one', 'two'])).toString('latin1');
    const table = Number(/startxref\n(\d+)/.exec(pdf)?.[1]);
    expect(pdf.slice(table, table + 4)).toBe('xref');
    for (const [, offset, number] of [...pdf.slice(table).matchAll(/(\d{10}) 00000 n /g)].map(
      (row, index) => [row[0], row[1], index + 1] as const,
    )) {
      expect(pdf.slice(Number(offset))).toMatch(new RegExp(`^${number} 0 obj`));
    }
  });
});
