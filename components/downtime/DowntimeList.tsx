'use client';

import { CircleCheck, CloudUpload, Gavel, NotebookText, RotateCw, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { productLabel } from '#components/prescribing/products.ts';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatBirthDate } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { Time } from '#components/ui/Time.tsx';
import type { Tone } from '#components/ui/tone.ts';
import { amountText } from '#fhir/dosage.ts';
import { findProduct } from '#formulary/products.ts';
import { t } from '#messages/en.ts';
import {
  type Conflict,
  type DowntimeLine,
  type DowntimeProgress,
  isOpenLine,
  isOverrulable,
  lineName,
} from './entry.ts';
import type { Downtime } from './useDowntime.ts';

const text = t.downtime.list;
const tones: Record<DowntimeProgress['state'], Tone> = {
  open: 'info',
  conflict: 'danger',
  done: 'ok',
  settled: 'neutral',
};
const icons = { open: CloudUpload, conflict: TriangleAlert, done: CircleCheck, settled: Gavel };

/** The lines of the log: what waits first, then what is over, newest first. */
export function DowntimeList({ downtime }: { downtime: Downtime }) {
  const { log, bringing, problem, bring, settle } = downtime;
  const [settling, setSettling] = useState<DowntimeLine | null>(null);
  if (log === null) {
    return (
      <Panel label={text.title}>
        <p className="text-ink-2">{text.locked}</p>
      </Panel>
    );
  }
  const { device, lines, sealed } = log;
  const isBusy = bringing !== null;
  const waiting = lines.filter(({ progress }) => progress.state === 'open');
  const shown = [...lines.filter(isOpenLine), ...lines.filter((line) => !isOpenLine(line)).reverse()];
  return (
    <Panel labelledBy="downtime-list">
      <PanelHead id="downtime-list" title={text.title} icon={NotebookText} remark={text.device(device)} />
      <div className="space-y-4">
        {problem && <ProblemNotice problem={problem} kept={text.stopped} />}
        {waiting.length > 0 && (
          <div className="flex flex-wrap items-center gap-3">
            <p role="status" className="flex-1 text-sm text-ink-2">
              {isBusy && text.bringing(bringing)}
            </p>
            <Button
              look="primary"
              icon={CloudUpload}
              busy={isBusy}
              onClick={() => void bring(({ progress }) => progress.state === 'open')}
            >
              {text.bring(waiting.length)}
            </Button>
          </div>
        )}
        {shown.length === 0 && sealed.length === 0 && (
          <Empty icon={NotebookText} title={text.empty}>
            {text.emptyBody}
          </Empty>
        )}
        {shown.length > 0 && (
          <ul className="divide-y divide-line">
            {shown.map((line) => (
              <LineRow
                key={line.number}
                line={line}
                device={device}
                isBusy={isBusy}
                downtime={downtime}
                onSettle={() => setSettling(line)}
              />
            ))}
          </ul>
        )}
        {sealed.length > 0 && (
          <p className="text-sm text-ink-2">
            {text.sealed(sealed.map((number) => lineName(device, number)).join(', '))}
          </p>
        )}
      </div>
      {settling && (
        <ReasonDialog
          title={t.downtime.settle.title(lineName(device, settling.number))}
          body={t.downtime.settle.body}
          label={t.downtime.settle.label}
          hint={t.downtime.settle.hint}
          action={t.downtime.settle.action}
          look="primary"
          icon={Gavel}
          onReason={(words) => settle(settling, words)}
          onClose={() => setSettling(null)}
        />
      )}
    </Panel>
  );
}

function LineRow({
  line,
  device,
  isBusy,
  downtime: { bring, overrule },
  onSettle,
}: {
  line: DowntimeLine;
  device: string;
  isBusy: boolean;
  downtime: Downtime;
  onSettle: () => void;
}) {
  const { number, entry, progress } = line;
  const product = findProduct(entry.product);
  const amount = (units: number) => amountText(units, product?.unit ?? 'unit');
  const name = lineName(device, number);
  const { conflict, settled, recorded, withheld, unbilled } = progress;
  return (
    <li className="space-y-2 py-3" aria-label={name}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-mono font-semibold">{name}</span>
        <span className="text-sm text-ink-2">
          <Time value={entry.at} />
        </span>
        <span className="ml-auto">
          <Pill tone={tones[progress.state]} icon={icons[progress.state]}>
            {text.states[progress.state]}
          </Pill>
        </span>
      </div>
      <p className="font-bold">
        {product ? productLabel(product) : entry.product} · {amount(entry.quantity)}
      </p>
      <p className="text-sm text-ink-2">
        {entry.patient.name}, {formatBirthDate(entry.patient.birthDate)}
        {entry.packs.length > 0 && ` · ${text.packs(entry.packs.length)}`}
        {entry.without && ` · ${t.dispensing.packs.without.reasons[entry.without]}`}
      </p>
      {progress.prescriptionId && <p className="font-mono text-xs break-all text-ink-3">{progress.prescriptionId}</p>}
      {recorded !== undefined && progress.state === 'done' && (
        <p className="text-sm text-warn">{text.recorded(amount(recorded))}</p>
      )}
      {withheld && <p className="text-sm font-semibold text-danger">{text.withheld(withheld)}</p>}
      {unbilled && progress.state === 'done' && (
        <p className="text-sm text-warn">{t.dispensing.done.unbilled(unbilled)}</p>
      )}
      {settled && <p className="text-sm">{text.settledBy(settled.by, settled.words)}</p>}
      {conflict && progress.state === 'conflict' && (
        <ConflictNotice conflict={conflict}>
          {isOverrulable(conflict.kind) && (
            <Button size="sm" disabled={isBusy} onClick={() => void overrule(line)}>
              {text.overruled[conflict.kind]}
            </Button>
          )}
          <Button
            size="sm"
            icon={RotateCw}
            disabled={isBusy}
            onClick={() => void bring((each) => each.number === number)}
          >
            {text.again}
          </Button>
          <Button size="sm" icon={Gavel} disabled={isBusy} onClick={onSettle}>
            {text.settle}
          </Button>
        </ConflictNotice>
      )}
    </li>
  );
}

function ConflictNotice({ conflict, children }: { conflict: Conflict; children: React.ReactNode }) {
  const { kind, detail } = conflict;
  const { title, next } = t.downtime.conflicts[kind];
  const words = detail && !/^[A-Z_]+$/.test(detail);
  return (
    <Notice tone="danger" title={title} actions={children}>
      {words && <p>{kind === 'MORE_THAN_LEFT' ? t.downtime.leftDetail(detail) : t.downtime.detail(detail)}</p>}
      <p>{next}</p>
    </Notice>
  );
}
