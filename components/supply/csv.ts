import Papa from 'papaparse';
import { Gs1Error } from '#gs1/error.ts';
import { t } from '#messages/en.ts';
import { type Named, readThing } from './readThing.ts';

const text = t.supply.scan;

/** What became of a list of codes, line by line. */
export interface ListReport {
  /** Lines that say something. */
  lines: number;
  named: Named[];
  faults: { line: number; why: string }[];
}

const columns = ['code', 'gtin', 'serial', 'batch', 'expiry', 'sscc'] as const;
type Column = (typeof columns)[number];
const isColumn = (name: string): name is Column => columns.some((column) => column === name);

/** Cells of a file, line by line; commas, semicolons or tabs between them, as spreadsheets of any country write. */
export function cellsOf(content: string): { line: number; cells: string[] }[] {
  const { data } = Papa.parse<string[]>(content.replace(/^\uFEFF/, ''), { skipEmptyLines: false });
  return data
    .map((cells, index) => ({ line: index + 1, cells: cells.map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
}

/** Reads a list of packs and cases: codes, or columns that are named in its first line. */
export function readList(content: string): ListReport {
  const rows = cellsOf(content);
  const names = rows[0]?.cells.map((cell) => cell.toLowerCase()) ?? [];
  const headed = names.some(isColumn);
  const report: ListReport = { lines: 0, named: [], faults: [] };
  for (const { line, cells } of headed ? rows.slice(1) : rows) {
    report.lines += 1;
    const cell = (name: Column) => cells[names.indexOf(name)] ?? '';
    try {
      report.named.push(readThing(headed ? codeOf(cell) : (cells[0] ?? '')));
    } catch (thrown) {
      if (!(thrown instanceof Gs1Error)) throw thrown;
      report.faults.push({ line, why: thrown.message });
    }
  }
  return report;
}

/** The code of a line: its own column, or that of a case, or made of product and serial number. */
export function codeOf(cell: (name: 'code' | 'sscc' | 'gtin' | 'serial') => string): string {
  if (cell('code') !== '') return cell('code');
  if (cell('sscc') !== '') return cell('sscc');
  if (cell('gtin') === '' || cell('serial') === '') throw new Gs1Error(text.noCode, 0);
  return `(01)${cell('gtin').padStart(14, '0')}(21)${cell('serial')}`;
}

/** Serial numbers of a list: its first column, or the one named `serial`. */
export function readSerials(content: string): string[] {
  const rows = cellsOf(content);
  const place = rows[0]?.cells.findIndex((cell) => cell.toLowerCase() === 'serial') ?? -1;
  return (place >= 0 ? rows.slice(1) : rows).map(({ cells }) => cells[Math.max(place, 0)] ?? '').filter(Boolean);
}
