'use client';

import { Download, FileUp } from 'lucide-react';
import { useId } from 'react';
import type { FormularyEntry } from '#chaincode/model/formulary.ts';
import { saveFile } from '#components/records/saveFile.ts';
import { Button } from '#components/ui/Button.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { t } from '#messages/en.ts';
import { exampleFormulary, type LineOutcome, outcomesCsv } from './table.ts';
import { useImport } from './useImport.ts';

const text = t.formulary.imports;
const tones = { recorded: 'ok', refused: 'danger', leftOut: 'warn' } as const;
const mostShown = 200;

/** Entries from a table: looked at line by line, put in force together, and a report of each line. */
export function ImportPanel({
  scope,
  scopeName,
  national,
}: {
  scope: string;
  scopeName: string;
  national?: readonly FormularyEntry[];
}) {
  const id = useId();
  const { table, fault, outcomes, busy, choose, send } = useImport(scope, scopeName, national);
  const leftOut: LineOutcome[] = (table?.leftOut ?? []).map(({ line, why }) => ({
    ...{ line, code: '', outcome: 'leftOut', why },
  }));
  return (
    <Panel labelledBy="import">
      <PanelHead
        id="import"
        title={text.title}
        icon={FileUp}
        aside={
          <Button size="sm" icon={Download} onClick={() => saveFile('formulary.csv', 'text/csv', [exampleFormulary])}>
            {text.example}
          </Button>
        }
      />
      <p className="max-w-prose text-sm text-ink-2">{text.body}</p>
      <div className="mt-3">
        <label htmlFor={id} className="mb-1.5 block text-sm font-semibold text-ink-2">
          {text.file}
        </label>
        <input
          id={id}
          type="file"
          accept=".csv,text/csv"
          className="control h-auto py-2"
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file) void choose(file);
            target.value = '';
          }}
        />
      </div>
      <div className="mt-4 space-y-4">
        {fault !== null && <Notice tone="danger" title={fault} live="alert" />}
        {table !== null && (
          <>
            <Notice
              tone={table.leftOut.length > 0 ? 'warn' : 'info'}
              title={text.found(table.name, formatNumber(table.lines.length), formatNumber(table.leftOut.length))}
              live="status"
            />
            {leftOut.length > 0 && <OutcomeTable rows={leftOut} />}
            <Button
              look="primary"
              icon={FileUp}
              busy={busy}
              disabled={table.lines.length === 0}
              onClick={() => void send()}
            >
              {text.send(table.lines.length)}
            </Button>
          </>
        )}
        {outcomes !== null && (
          <>
            <div className="flex flex-wrap items-center justify-between gap-3">
              <p className="font-semibold" role="status">
                {text.done(
                  formatNumber(outcomes.filter(({ outcome }) => outcome === 'recorded').length),
                  formatNumber(outcomes.filter(({ outcome }) => outcome !== 'recorded').length),
                )}
              </p>
              <Button
                size="sm"
                icon={Download}
                onClick={() => saveFile('formulary-report.csv', 'text/csv', [outcomesCsv(outcomes)])}
              >
                {text.report}
              </Button>
            </div>
            <OutcomeTable rows={outcomes} />
          </>
        )}
      </div>
    </Panel>
  );
}

function OutcomeTable({ rows }: { rows: readonly LineOutcome[] }) {
  return (
    <ScrollX label={text.title}>
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line-strong text-left text-ink-2">
            {[text.line, text.code, text.outcome, text.why].map((head) => (
              <th key={head} scope="col" className="py-2 pr-4 font-semibold">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.slice(0, mostShown).map(({ line, code, outcome, why }) => (
            <tr key={line} className="align-top">
              <th scope="row" className="py-2 pr-4 text-left font-semibold">
                {formatNumber(line)}
              </th>
              <td className="py-2 pr-4 font-mono">{code}</td>
              <td className="py-2 pr-4 whitespace-nowrap">
                <Pill tone={tones[outcome]}>{t.formulary.table.outcomes[outcome]}</Pill>
              </td>
              <td className="min-w-44 py-2 break-words text-ink-2">{why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}
