'use client';

import { Boxes, CircleCheck, CircleX, LoaderCircle, Package, RotateCw, ThermometerSnowflake, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '#components/ui/Button.tsx';
import { formatBirthDate, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { Looked } from '#server/supply/schema.ts';
import type { Fault } from './judge.ts';
import type { Scan, useScans } from './useScans.ts';
import { faultWords, packWords, thingName } from './words.ts';

const text = t.supply;

/** What was scanned, with what the ledgers say of each, and why some of it stays out. */
export function ThingList({
  list,
  judge,
}: {
  list: ReturnType<typeof useScans>;
  judge: (looked: Looked) => Fault | null;
}) {
  const { scans, problem, retry, remove, clear } = list;
  const out = scans.filter(({ looked }) => looked !== null && judge(looked) !== null).length;
  return (
    <Panel label={text.scan.listed(formatNumber(scans.length))}>
      <PanelHead
        title={scans.length === 0 ? text.scan.none : text.scan.listed(formatNumber(scans.length))}
        aside={
          scans.length > 0 && (
            <Button size="sm" look="quiet" icon={X} onClick={clear}>
              {text.scan.clear}
            </Button>
          )
        }
      />
      {scans.length === 0 && <p className="text-sm text-ink-2">{text.scan.noneBody}</p>}
      {problem && (
        <ProblemNotice
          problem={problem}
          actions={
            <Button size="sm" icon={RotateCw} onClick={retry}>
              {text.scan.again}
            </Button>
          }
        />
      )}
      {out > 0 && <p className="mb-1 text-sm font-semibold text-danger">{text.scan.notUsed(formatNumber(out))}</p>}
      <ul className="max-h-[32rem] divide-y divide-line overflow-y-auto">
        {scans.map((scan) => (
          <ThingRow key={scan.key} scan={scan} fault={scan.looked && judge(scan.looked)}>
            <IconButton
              icon={X}
              label={text.scan.remove(`${thingName(scan.item, scan.looked)} ${numberOf(scan)}`)}
              onClick={() => remove(scan.key)}
            />
          </ThingRow>
        ))}
      </ul>
    </Panel>
  );
}

const numberOf = ({ item }: Pick<Scan, 'item'>) => (item.kind === 'pack' ? item.serial : item.sscc);

/** One pack or case: what it is, what is in it, and whether it can be taken. */
function ThingRow({ scan, fault, children }: { scan: Scan; fault: Fault | null; children?: ReactNode }) {
  const { item, looked } = scan;
  const Icon = item.kind === 'pack' ? Package : Boxes;
  return (
    <li className="flex items-start gap-3 py-2.5">
      <Icon size={19} aria-hidden className="mt-0.5 shrink-0 text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{thingName(item, looked)}</p>
        <ThingFacts item={item} looked={looked} />
        {looked === null ? (
          <p className="flex items-center gap-1.5 text-sm text-ink-3">
            <LoaderCircle size={15} aria-hidden className="animate-spin" />
            {text.scan.asking}
          </p>
        ) : (
          <p
            className={`flex items-center gap-1.5 text-sm font-semibold ${fault === null ? 'text-ok' : 'text-danger'}`}
          >
            {fault === null ? <CircleCheck size={15} aria-hidden /> : <CircleX size={15} aria-hidden />}
            {fault === null ? text.thing.fits : faultWords(fault)}
          </p>
        )}
      </div>
      {children}
    </li>
  );
}

/** Number, batch, last day and contents of a thing, as far as they are known. */
export function ThingFacts({ item, looked }: Pick<Scan, 'item' | 'looked'>) {
  const warm = looked !== null && looked.excursions > 0;
  return (
    <div className="space-y-0.5 text-sm text-ink-2">
      <p className="font-mono text-xs break-all text-ink-3">{numberOf({ item })}</p>
      {looked?.batch && (
        <p>
          {text.thing.batch} {looked.batch}
          {looked.expiry && `, ${text.thing.until(formatBirthDate(looked.expiry))}`}
        </p>
      )}
      {item.kind === 'container' && looked?.known && (
        <p>
          {looked.contents.length === 0
            ? text.thing.empty
            : looked.contents
                .map(({ product, batch, packs }) => `${packWords(packs)} ${product} (${batch})`)
                .join(', ')}
        </p>
      )}
      {warm && (
        <Pill tone="warn" icon={ThermometerSnowflake}>
          {text.thing.excursions}
        </Pill>
      )}
    </div>
  );
}
