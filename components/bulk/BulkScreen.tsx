'use client';

import { Download, FileUp, LoaderCircle } from 'lucide-react';
import { useRef, useState } from 'react';
import { saveFile } from '#components/records/saveFile.ts';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { PlaceField } from '#components/supply/PlaceField.tsx';
import { isAllAccepted, useCapture } from '#components/supply/useCapture.ts';
import { useOwnPlace } from '#components/supply/useOwnPlace.ts';
import { Button } from '#components/ui/Button.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Meter } from '#components/ui/Meter.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import { mostFileEvents, type SupplyBasics } from '#server/supply/schema.ts';
import { BulkReport } from './BulkReport.tsx';
import { exampleTable } from './example.ts';
import { FileContent } from './FileContent.tsx';
import { type ReadFile, readFile } from './readFile.ts';
import { reportOf } from './report.ts';
import { mostLines } from './table.ts';

const text = t.bulk;

/** Records what a file says: looked at first, signed in as few transactions as it takes, with a report for each line or event. */
export function BulkScreen({ basics }: { basics: SupplyBasics }) {
  const input = useRef<HTMLInputElement>(null);
  const [site, setSite] = useOwnPlace(basics.own);
  const [read, setRead] = useState<ReadFile | null>(null);
  const [done, setDone] = useState(0);
  const { busy: reading, problem: unread, attempt } = useAttempt('OFFLINE');
  const { capture, recorded, forget, busy, problem, isBegun } = useCapture();

  const take = (chosen: File | undefined) => {
    if (!chosen) return;
    forget();
    setRead(null);
    setDone(0);
    void attempt(async () => setRead(await readFile(chosen, basics, site)));
  };
  const again = () => {
    forget();
    setRead(null);
    setDone(0);
  };

  if (recorded !== null && read?.state === 'ready') {
    const fine = isAllAccepted(recorded) && read.file.leftOut.length === 0;
    return (
      <div className="max-w-[60rem] space-y-5">
        <Notice
          tone={fine ? 'ok' : 'warn'}
          title={fine ? text.done : text.some}
          live="status"
          actions={<Button onClick={again}>{text.another}</Button>}
        >
          <p>{fine ? text.doneBody : t.supply.outcome.someBody}</p>
        </Notice>
        <BulkReport file={read.file} rows={reportOf(read.file, read.parts, recorded, read.names)} />
      </div>
    );
  }
  return (
    <div className="max-w-[60rem] space-y-5">
      <UnlockNotice />
      <Panel>
        <div className="space-y-4">
          <p>{text.intro}</p>
          <p className="text-sm text-ink-2">{text.columns}</p>
          <p className="text-sm text-ink-3">{text.bounds(formatNumber(mostLines), formatNumber(mostFileEvents))}</p>
          <PlaceField own={basics.own} value={site} onChange={setSite} />
          <div className="flex flex-wrap gap-2">
            <Button
              look={read?.state === 'ready' ? 'secondary' : 'primary'}
              icon={FileUp}
              disabled={busy || reading || isBegun() || site === ''}
              onClick={() => input.current?.click()}
            >
              {text.choose}
            </Button>
            <Button look="quiet" icon={Download} onClick={() => saveFile(text.exampleName, 'text/csv', [exampleTable])}>
              {text.example}
            </Button>
          </div>
          <input
            ref={input}
            type="file"
            accept=".csv,.json,.jsonld,text/csv,application/json,application/ld+json"
            aria-label={text.choose}
            tabIndex={-1}
            className="sr-only"
            onChange={({ target }) => {
              take(target.files?.[0]);
              target.value = '';
            }}
          />
          {reading && (
            <p className="flex items-center gap-2 text-sm text-ink-2" role="status">
              <LoaderCircle size={16} aria-hidden className="animate-spin" />
              {text.reading}
            </p>
          )}
        </div>
      </Panel>
      {unread && <ProblemNotice problem={unread} />}
      {read?.state === 'large' && (
        <Notice tone="danger" title={text.large} live="alert">
          <p>{text.largeBody}</p>
        </Notice>
      )}
      {read?.state === 'refused' && (
        <Notice tone="danger" title={text.bad(read.name)} live="alert">
          <p>{text.badBody}</p>
          <ul className="list-disc space-y-1 pl-5">
            {read.faults.faults.map(({ pointer, message }) => (
              <li key={`${pointer} ${message}`} className="break-words">
                <span className="font-mono text-xs">{pointer || '/'}</span> {message}
              </li>
            ))}
            {read.faults.count > read.faults.faults.length && (
              <li>{text.more(formatNumber(read.faults.count - read.faults.faults.length))}</li>
            )}
          </ul>
        </Notice>
      )}
      {read?.state === 'ready' && (
        <FileContent read={read}>
          {busy && done > 0 && (
            <Meter
              value={done}
              max={read.plan.length}
              label={text.progress(formatNumber(done), formatNumber(read.plan.length))}
            />
          )}
          {problem && <ProblemNotice problem={problem} kept={isBegun() ? t.supply.outcome.carryOn : undefined} />}
          {read.plan.length > 0 && (
            <Button
              look="primary"
              size="lg"
              wide
              icon={FileUp}
              busy={busy}
              onClick={() => void capture(() => read.plan, read.names, { sheet: 'first', onRecorded: setDone })}
            >
              {text.action(text.events(read.file.entries.length, formatNumber(read.file.entries.length)))}
            </Button>
          )}
        </FileContent>
      )}
    </div>
  );
}
