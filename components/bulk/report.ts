import Papa from 'papaparse';
import { eventWords } from '#components/signing/traceWords.ts';
import type { Names } from '#components/signing/wordsOf.ts';
import { whyOf } from '#components/supply/OutcomePanel.tsx';
import type { Recorded } from '#components/supply/useCapture.ts';
import { t } from '#messages/en.ts';
import type { BulkFile } from './entry.ts';
import type { EntryPart } from './parts.ts';

const text = t.bulk.report;

/** What became of one line of a table, or of one event of a document. */
export interface ReportRow {
  place: number;
  outcome: 'accepted' | 'partly' | 'refused' | 'leftOut';
  what: string;
  why: string;
}

/** The report of a file, place by place: what was recorded, refused, and never sent. */
export function reportOf(
  { entries, leftOut }: BulkFile,
  parts: readonly EntryPart[][],
  recorded: readonly Recorded[],
  names: Names,
): ReportRow[] {
  const decided = parts.flatMap((own, at) =>
    own.map(({ entry }, index) => ({ entry, outcome: recorded[at]?.outcomes[index] })),
  );
  const rows = entries.flatMap(({ places, event }, entry): ReportRow[] => {
    const outcomes = decided.filter((each) => each.entry === entry).flatMap(({ outcome }) => outcome ?? []);
    const refused = outcomes.filter(({ outcome }) => outcome === 'refused');
    const outcome = refused.length === 0 ? 'accepted' : refused.length < outcomes.length ? 'partly' : 'refused';
    const why = refused.map((each) => [whyOf(each), each.detail].filter(Boolean).join(': ')).join('; ');
    const what = eventWords(event, names);
    return places.map((place) => ({ place, outcome, what, why }));
  });
  const out = leftOut.map(({ place, why }): ReportRow => ({ place, outcome: 'leftOut', what: '', why }));
  return [...rows, ...out].sort((a, b) => a.place - b.place);
}

/** The same as a spreadsheet reads it. */
export function reportCsv(rows: readonly ReportRow[], kind: BulkFile['kind']): string {
  const told = rows.map(({ place, outcome, what, why }) => ({
    ...{ [kind]: place, outcome: text.outcomes[outcome], what, why },
  }));
  // What a file or a ledger says must stay text where a spreadsheet opens it.
  return Papa.unparse(told, { columns: [kind, 'outcome', 'what', 'why'], escapeFormulae: true });
}
