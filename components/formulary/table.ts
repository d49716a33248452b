import Papa from 'papaparse';
import {
  coverageTiers,
  type FormularyEntry,
  type FormularyTerms,
  formularyTerms,
  governingCodes,
  isAsStrict,
} from '#chaincode/model/formulary.ts';
import { cellsOf } from '#components/supply/csv.ts';
import { t } from '#messages/en.ts';
import { readCode } from './codes.ts';

const text = t.formulary.table;

/** Columns of a table, named in its first line; in which order does not matter. */
export const formularyColumns = ['code', 'tier', 'group', 'restriction', 'note'] as const;
export const mostFormularyLines = 2_000;

/** A line that can be put in force, and one that cannot, with why. */
export interface ReadLine {
  line: number;
  terms: FormularyTerms;
}
export interface LineFault {
  line: number;
  why: string;
}
/** What became of one line. */
export interface LineOutcome {
  line: number;
  code: string;
  outcome: 'recorded' | 'refused' | 'leftOut';
  why: string;
}

/** Why an institution's entry would widen what governs for all; undefined where it narrows or `national` is absent. */
export function widening(terms: FormularyTerms, national: readonly FormularyEntry[] | undefined): string | undefined {
  if (national === undefined) return undefined;
  const inForce = new Map(national.filter(({ state }) => state === 'inForce').map((entry) => [entry.code, entry]));
  const governing = governingCodes(terms).flatMap((code) => inForce.get(code) ?? [])[0];
  if (isAsStrict(terms.tier, governing?.tier ?? 'notCovered')) return undefined;
  return governing === undefined ? text.unlisted : text.widens(governing.code, t.formulary.tiers[governing.tier]);
}

/**
 * Reads a table line by line; null where its first line does not name the columns `code` and `tier`. A line is left out where the
 * ledger would refuse it as things stand. `national`: the list for all, where the table is an institution's.
 */
export function readFormularyTable(
  content: string,
  national?: readonly FormularyEntry[],
): { lines: ReadLine[]; leftOut: LineFault[] } | null {
  const [head, ...rows] = cellsOf(content);
  const names = head?.cells.map((cell) => cell.toLowerCase()) ?? [];
  if (!names.includes('code') || !names.includes('tier')) return null;
  const lines: ReadLine[] = [];
  const leftOut: LineFault[] = [];
  const seen = new Set<string>();
  for (const { line, cells } of rows) {
    const cell = (name: (typeof formularyColumns)[number]) =>
      names.includes(name) ? (cells[names.indexOf(name)] ?? '') : '';
    const read = readTerms(cell);
    const why =
      typeof read === 'string' ? read : seen.has(read.code) ? text.twice(read.code) : widening(read, national);
    if (typeof read === 'string' || why !== undefined) leftOut.push({ line, why: why ?? '' });
    else lines.push({ line, terms: read });
    if (typeof read !== 'string') seen.add(read.code);
  }
  return { lines, leftOut };
}

function readTerms(cell: (name: (typeof formularyColumns)[number]) => string): FormularyTerms | string {
  const known = readCode(cell('code'));
  if (known === undefined) return text.noCode(cell('code'));
  const tier = coverageTiers.find((each) => tierNames(each).includes(cell('tier').toLowerCase()));
  if (tier === undefined) return text.noTier(cell('tier'));
  const words = (name: 'group' | 'restriction' | 'note') => (cell(name) === '' ? {} : { [name]: cell(name) });
  const terms = { ...known, tier, ...words('group'), ...words('restriction'), ...words('note') };
  const parsed = formularyTerms.safeParse(terms);
  return parsed.success ? parsed.data : text.tooLong(String(parsed.error.issues[0]?.path[0] ?? ''));
}

/** `tier1`, `tier 1` and `1`; `notcovered`, `not covered` and `none`. */
const tierNames = (tier: (typeof coverageTiers)[number]): string[] =>
  tier === 'notCovered' ? ['notcovered', 'not covered', 'none'] : [tier, tier.replace('tier', 'tier '), tier.slice(4)];

/** The report as a spreadsheet reads it; what a file says must stay text there. */
export const outcomesCsv = (rows: readonly LineOutcome[]): string =>
  Papa.unparse(
    rows.map(({ line, code, outcome, why }) => ({ line, code, outcome: text.outcomes[outcome], why })),
    { columns: ['line', 'code', 'outcome', 'why'], escapeFormulae: true },
  );

export const exampleFormulary = [
  formularyColumns.join(','),
  'C10AA,tier 2,Statins,,',
  'N02AA01,3,,Pain clinic or palliative care only,',
  '',
].join('\r\n');
