import { describe, expect, it } from 'vitest';
import type { FormularyEntry, FormularyTerms } from '#chaincode/model/formulary.ts';
import { products } from '#formulary/products.ts';
import { exampleFormulary, outcomesCsv, readFormularyTable } from './table.ts';

const statin = products.find(({ atc }) => atc === 'C10AA05');
if (statin === undefined) throw new Error('no atorvastatin');
const head = 'code,tier,group,restriction,note';
const read = (...rows: string[]) => readFormularyTable([head, ...rows].join('\n'));

describe('a table of the formulary', () => {
  it('is read line by line, tiers in any of their words', () => {
    const table = read(`${statin.code.toLowerCase()},1,Statins,,First choice`, 'C10AB;', 'n02a,Not covered,,,');
    expect(table?.lines).toEqual([
      {
        line: 2,
        terms: { code: statin.code, atc: 'C10AA05', tier: 'tier1', group: 'Statins', note: 'First choice' },
      },
      { line: 4, terms: { code: 'N02A', tier: 'notCovered' } },
    ]);
    expect(table?.leftOut.map(({ line }) => line)).toEqual([3]);
  });

  it('has an example that is read as a whole', () => {
    expect(readFormularyTable(exampleFormulary)).toMatchObject({ lines: [{}, {}], leftOut: [] });
  });

  it('is none without its columns', () => {
    expect(readFormularyTable('a,b\n1,2')).toBeNull();
  });

  it.each([
    ['MP-00000,1', 'no product'],
    ['C10AA,5', 'no tier'],
    [`C10AA,1,${'x'.repeat(81)}`, 'group'],
  ])('leaves out %s', (row, why) => {
    expect(read(row)?.leftOut).toEqual([{ line: 2, why: expect.stringContaining(why) }]);
  });

  it('leaves out what it says twice', () => {
    expect(read('C10AA,1', 'C10AA,2')).toMatchObject({ lines: [{ line: 2 }], leftOut: [{ line: 3 }] });
  });

  it('leaves out of an institution’s what widens the list for all', () => {
    const entry = (terms: FormularyTerms): FormularyEntry => ({
      ...{ scope: 'national', state: 'inForce', by: 'prac-a', at: '2026-01-01T00:00:00Z', version: 1 },
      ...terms,
    });
    const national = [entry({ code: 'C10AA', tier: 'tier3' })];
    const rows = [head, `${statin.code},2`, 'C10AA05,3', 'N02A,4', 'N02B,none'].join('\n');
    const table = readFormularyTable(rows, national);
    expect(table?.lines.map(({ line }) => line)).toEqual([3, 5]);
    expect(table?.leftOut.map(({ line }) => line)).toEqual([2, 4]);
  });
});

it('a report stays text in a spreadsheet', () => {
  const csv = outcomesCsv([{ line: 2, code: 'C10AA', outcome: 'leftOut', why: '=1+1' }]);
  expect(csv).toMatch(/2,C10AA,not sent,"?'=1\+1"?/);
});
