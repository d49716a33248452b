'use client';

import { FileDown, FileSpreadsheet } from 'lucide-react';
import { useState } from 'react';
import type { ListedHere } from '#components/claims/useListed.ts';
import { saveFile } from '#components/records/saveFile.ts';
import { Button } from '#components/ui/Button.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { formatDate } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import type { ClaimView } from '#server/claims/schema.ts';
import { statementCsv, statementsOf } from './statement.ts';

const text = t.insurance.statements;

/**
 * The statement of a year as files, of all bills, also those that the screen does not list yet; `prepare` opens what is not opened yet, and
 * answers by bill what it is for.
 */
export function StatementPanel({
  list,
  holder,
  prepare,
}: {
  list: ListedHere<ClaimView>;
  holder: string;
  prepare: (bills: readonly ClaimView[]) => Promise<ReadonlyMap<string, string | undefined>>;
}) {
  const years = [
    ...new Set(
      list.entries.filter(({ use }) => use === 'claim').map(({ servedAt }) => new Date(servedAt).getUTCFullYear()),
    ),
  ].sort((a, b) => b - a);
  const [chosen, setChosen] = useState(years[0]);
  const { busy, problem, attempt } = useAttempt();
  const year = chosen ?? years[0];
  if (year === undefined) return null;

  const statements = async () => {
    const bills = (await list.all()).filter(({ use }) => use === 'claim');
    const names = await prepare(bills.filter(({ servedAt }) => new Date(servedAt).getUTCFullYear() === year));
    return statementsOf(bills, year, {
      nameOf: ({ id }) => names.get(id),
      providerOf: ({ id, provider }) => bills.find((bill) => bill.id === id)?.names[provider] ?? provider,
    });
  };
  const savePdf = async () => {
    const [{ statementPdf }, { loadFonts }] = await Promise.all([
      import('./statementPdf.ts'),
      import('#components/patient/sheet/loadFonts.ts'),
    ]);
    const fonts = await loadFonts();
    for (const statement of await statements()) {
      const { pdf } = await statementPdf(statement, { holder, made: formatDate(new Date().toISOString()) }, fonts);
      saveFile(`${text.file(String(year), statement.currency)}.pdf`, 'application/pdf', [new Uint8Array(pdf)]);
    }
  };
  const saveCsv = async () => {
    for (const statement of await statements())
      saveFile(`${text.file(String(year), statement.currency)}.csv`, 'text/csv', [statementCsv(statement)]);
  };

  return (
    <Panel labelledBy="insurance-statements">
      <PanelHead id="insurance-statements" icon={FileDown} title={text.title} />
      <p className="mb-3 max-w-prose text-sm text-ink-2">{text.body}</p>
      <div className="flex flex-wrap items-end gap-3">
        <div className="w-32">
          <SelectField
            label={text.year}
            value={String(year)}
            options={years.map((each) => ({ value: String(each), label: String(each) }))}
            onChange={(value) => setChosen(Number(value))}
          />
        </div>
        <Button icon={FileDown} busy={busy} onClick={() => attempt(savePdf)}>
          {text.pdf}
        </Button>
        <Button icon={FileSpreadsheet} busy={busy} onClick={() => attempt(saveCsv)}>
          {text.csv}
        </Button>
      </div>
      {list.left > 0 && <p className="mt-2 text-sm text-ink-2">{text.older}</p>}
      {problem && <ProblemNotice problem={problem} />}
    </Panel>
  );
}
