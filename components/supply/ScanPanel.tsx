'use client';

import { FileSpreadsheet, Plus, Search } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { ScannerStatus } from '#components/scanning/ScannerStatus.tsx';
import { ScannerWell } from '#components/scanning/ScannerWell.tsx';
import { useWedge } from '#components/scanning/useWedge.ts';
import { Button } from '#components/ui/Button.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { Gs1Error } from '#gs1/error.ts';
import { t } from '#messages/en.ts';
import { type ListReport, readList } from './csv.ts';
import { type Named, readThing } from './readThing.ts';

const text = t.supply.scan;
const largestList = 5 * 1024 * 1024;
/** So many faults of a list are told one by one. */
const mostTold = 20;

/** The one way in which codes come in: hand scanner, camera, picture, typed, and lists where many are wanted. */
export function ScanPanel({
  onNamed,
  many = true,
  hint,
}: {
  /** Answers how many of them were new. */
  onNamed: (named: Named[]) => number;
  /** Whether more than one is wanted. */
  many?: boolean;
  hint?: string;
}) {
  const file = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [report, setReport] = useState<ListReport | 'large' | null>(null);

  const take = useCallback(
    (code: string): boolean => {
      setReport(null);
      try {
        const isNew = onNamed([readThing(code)]) > 0;
        setFault(isNew || !many ? null : text.twice);
        return true;
      } catch (thrown) {
        if (!(thrown instanceof Gs1Error)) throw thrown;
        setFault(`${text.unread}. ${thrown.message}`);
        return false;
      }
    },
    [many, onNamed],
  );
  const hears = useWedge(take, true);

  const takeList = async (chosen: File | undefined) => {
    setFault(null);
    if (!chosen) return;
    if (chosen.size > largestList) return setReport('large');
    const read = readList(await chosen.text());
    onNamed(read.named);
    setReport(read);
  };

  return (
    <div className="space-y-4">
      {hint && <p className="text-sm text-ink-2">{hint}</p>}
      <ScannerWell onText={take} many={many} />
      <p className="flex flex-wrap items-center gap-2 text-sm text-ink-3">
        <ScannerStatus hears={hears} />
        {text.wedge}
      </p>
      <Panel as="div">
        <form
          className="space-y-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim() !== '' && take(typed.trim())) setTyped('');
          }}
        >
          <TextField
            label={text.typed}
            hint={text.typedHint}
            error={fault}
            mono
            autoComplete="off"
            spellCheck={false}
            maxLength={300}
            value={typed}
            onChange={({ target }) => {
              setFault(null);
              setTyped(target.value);
            }}
          />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" icon={many ? Plus : Search} disabled={typed.trim() === ''}>
              {many ? text.add : text.ask}
            </Button>
            {many && (
              <Button look="quiet" icon={FileSpreadsheet} title={text.csvHint} onClick={() => file.current?.click()}>
                {text.csv}
              </Button>
            )}
          </div>
          {many && (
            <input
              ref={file}
              type="file"
              accept=".csv,text/csv,text/plain"
              aria-label={text.csv}
              tabIndex={-1}
              className="sr-only"
              onChange={({ target }) => {
                void takeList(target.files?.[0]);
                target.value = '';
              }}
            />
          )}
        </form>
      </Panel>
      {report !== null && <Report report={report} />}
    </div>
  );
}

/** What was taken of a list, and why each other line was not. */
function Report({ report }: { report: ListReport | 'large' }) {
  if (report === 'large') return <Notice tone="warn" title={text.tooLarge} live="alert" />;
  const { lines, named, faults } = report;
  return (
    <Notice
      tone={faults.length > 0 ? 'warn' : 'ok'}
      title={text.report(formatNumber(named.length), formatNumber(lines))}
      live="status"
    >
      <p>{faults.length > 0 ? text.reportBody : text.reportFine}</p>
      {faults.length > 0 && (
        <ul className="list-disc pl-5">
          {faults.slice(0, mostTold).map(({ line, why }) => (
            <li key={line}>{text.line(formatNumber(line), why)}</li>
          ))}
          {faults.length > mostTold && <li>{text.more(formatNumber(faults.length - mostTold))}</li>}
        </ul>
      )}
    </Notice>
  );
}
