import { batchNumber, expiryDay, sscc } from '#chaincode/model/trace.ts';
import { cellsOf, codeOf } from '#components/supply/csv.ts';
import { readThing } from '#components/supply/readThing.ts';
import { Gs1Error } from '#gs1/error.ts';
import { t } from '#messages/en.ts';
import type { Item } from '#server/supply/schema.ts';
import type { LeftOut } from './entry.ts';

const text = t.bulk.table;

/** What a line of a table can say that was done. */
export const lineSteps = [
  'commission',
  'pack',
  'unpack',
  'ship',
  'return',
  'receive',
  'hold',
  'release',
  'decommission',
  'destroy',
  'steal',
] as const;
export type LineStep = (typeof lineSteps)[number];
const isStep = (name: string): name is LineStep => lineSteps.some((step) => step === name);

/** Columns of a table, in its first line; in which order does not matter. */
export const columns = ['step', 'code', 'gtin', 'serial', 'sscc', 'batch', 'expiry', 'case', 'to'] as const;

export interface Line {
  line: number;
  step: LineStep;
  item: Item;
  /** Of packs that are made. */
  batch?: string;
  expiry?: string;
  /** The case that something goes into or comes out of. */
  sscc?: string;
  /** GLN of the place to which something is sent. */
  to?: string;
}

export const mostLines = 5_000;

/** Reads a table of what was done, line by line; null where its first line does not name the columns. */
export function readTable(content: string): { lines: Line[]; leftOut: LeftOut[] } | null {
  const [head, ...rows] = cellsOf(content);
  const names = head?.cells.map((cell) => cell.toLowerCase()) ?? [];
  if (!names.includes('step')) return null;
  const lines: Line[] = [];
  const leftOut: LeftOut[] = [];
  for (const { line, cells } of rows) {
    const cell = (name: string) => (names.includes(name) ? (cells[names.indexOf(name)] ?? '') : '');
    try {
      lines.push({ line, ...readLine(cell) });
    } catch (error) {
      if (!(error instanceof Gs1Error)) throw error;
      leftOut.push({ place: line, why: error.message });
    }
  }
  return { lines, leftOut };
}

function readLine(cell: (name: string) => string): Omit<Line, 'line'> {
  const step = cell('step').toLowerCase();
  if (!isStep(step)) throw new Gs1Error(text.noStep(cell('step')), 0);
  const named = readThing(codeOf(cell));
  const { item } = named;
  const asked = { step, item };
  if (step === 'commission') {
    const batch = cell('batch') || (named.batch ?? '');
    const expiry = cell('expiry') || (named.expiry ?? '');
    if (item.kind !== 'pack') throw new Gs1Error(text.onlyPacks, 0);
    if (!batchNumber.safeParse(batch).success) throw new Gs1Error(text.noBatch, 0);
    if (!expiryDay.safeParse(expiry).success) throw new Gs1Error(text.noExpiry, 0);
    return { ...asked, batch, expiry };
  }
  if (step === 'pack' || step === 'unpack') {
    const around = cell('case')
      .replaceAll(/\D/g, '')
      .replace(/^00(?=\d{18}$)/, '');
    if (!sscc.safeParse(around).success) throw new Gs1Error(text.noCase, 0);
    return { ...asked, sscc: around };
  }
  if (step === 'ship' || step === 'return') {
    if (cell('to') === '') throw new Gs1Error(text.noTo, 0);
    return { ...asked, to: cell('to').replaceAll(/\s/g, '') };
  }
  return asked;
}
