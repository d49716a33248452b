'use client';

import {
  Bell,
  CircleCheck,
  Clock,
  type LucideIcon,
  Minus,
  TrendingDown,
  TrendingUp,
  TriangleAlert,
} from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Ago } from '#components/ui/Ago.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { inkTone, type Tone } from '#components/ui/tone.ts';
import { t } from '#messages/en.ts';
import type { RecallCoverage, SupplyOverview } from '#server/trace/schema.ts';
import { Spark } from './Spark.tsx';
import { lastDays, shareOf } from './supplyFigures.ts';

const text = t.trace.tiles;

/** The four figures that the authority looks at first. */
export function SupplyTiles({
  overview,
  recalls,
  days,
  now,
}: {
  overview: SupplyOverview;
  recalls: readonly RecallCoverage[];
  days: number;
  now: number;
}) {
  const moved = lastDays(overview.days, 'moved', Math.min(days, 30), now);
  const { accepted, refused } = overview.verified;
  const tried = accepted + refused;
  const open = overview.alerts.reduce((sum, alert) => sum + alert.open, 0);
  const critical = overview.alerts.find(({ level }) => level === 'critical')?.open ?? 0;
  const [due] = overview.noticesDue;
  const newest = recalls.find(({ recall }) => recall.endedAt === null);
  return (
    <ul className="grid grid-cols-1 gap-4 sm:grid-cols-2 xl:grid-cols-4">
      <Tile
        name={text.move}
        value={formatNumber(moved.packs)}
        chart={moved.days}
        chartName={text.chart(text.move, String(moved.days.length))}
      >
        <Change now={moved.packs} before={moved.before} />
      </Tile>
      <Tile
        name={text.verified}
        value={tried === 0 ? '–' : `${formatNumber((accepted / tried) * 100, 2)} %`}
        chart={lastDays(overview.days, 'dispensed', 30, now).days}
        chartName={text.chart(text.verified, '30')}
      >
        <Remark icon={tried === 0 ? Minus : CircleCheck} tone={tried > 0 && refused === 0 ? 'ok' : 'neutral'}>
          {tried === 0 ? text.verifiedNone : text.verifiedOf(formatNumber(refused), formatNumber(tried))}
        </Remark>
      </Tile>
      <Tile name={text.alerts} value={formatNumber(open)} href="/regulator/alerts">
        {critical > 0 && (
          <Remark icon={TriangleAlert} tone="danger">
            {text.alertsCritical(formatNumber(critical))}
          </Remark>
        )}
        <Remark icon={due ? Clock : Bell} tone={due ? 'danger' : 'neutral'}>
          {due ? <Ago value={due} now={now} due words={text.noticeDue} /> : text.noNotice}
        </Remark>
      </Tile>
      {newest === undefined ? (
        <Tile name={text.recallNone} value="–" href="/regulator/recalls">
          <Remark icon={Minus} tone="neutral">
            {text.recallNoneBody}
          </Remark>
        </Tile>
      ) : (
        <Tile
          name={`${text.recall} · ${newest.recall.product}`}
          value={`${shareOf(newest)} %`}
          href="/regulator/recalls"
        >
          <Remark
            icon={newest.packs.waiting + newest.packs.unaccounted > 0 ? TriangleAlert : CircleCheck}
            tone={newest.packs.waiting + newest.packs.unaccounted > 0 ? 'warn' : 'ok'}
          >
            {newest.packs.waiting + newest.packs.unaccounted > 0
              ? text.recallLeft(formatNumber(newest.packs.waiting + newest.packs.unaccounted))
              : text.recallDone}
          </Remark>
        </Tile>
      )}
    </ul>
  );
}

function Tile({
  name,
  value,
  chart,
  chartName,
  href,
  children,
}: {
  name: string;
  value: string;
  chart?: { at: number; count: number }[];
  chartName?: string;
  href?: string;
  children: ReactNode;
}) {
  const body = (
    <>
      <span className="text-sm text-ink-2">{name}</span>
      <span className="mt-auto flex items-center justify-between gap-3">
        <span className="text-2xl font-bold tracking-tight whitespace-nowrap">{value}</span>
        {chart?.some(({ count }) => count > 0) && (
          <span className="block w-24 min-w-0">
            <Spark points={chart} color="var(--color-brand)" label={chartName ?? name} height={36} />
          </span>
        )}
      </span>
      <span className="flex flex-wrap gap-x-3 text-sm">{children}</span>
    </>
  );
  const look = 'flex h-full flex-col gap-1 rounded-lg border border-line bg-surface p-4 sm:p-5';
  return (
    <li>
      {href ? (
        <Link href={href} className={`${look} transition-colors hover:border-control`}>
          {body}
        </Link>
      ) : (
        <div className={look}>{body}</div>
      )}
    </li>
  );
}

function Remark({ icon: Icon, tone, children }: { icon: LucideIcon; tone: Tone; children: ReactNode }) {
  return (
    <span className={`flex items-center gap-1.5 ${inkTone[tone]}`}>
      <Icon size={15} aria-hidden className="shrink-0" />
      {children}
    </span>
  );
}

function Change({ now, before }: { now: number; before: number }) {
  if (before === 0) {
    return (
      <Remark icon={Minus} tone="neutral">
        {text.new}
      </Remark>
    );
  }
  const share = Math.round(((now - before) / before) * 1000) / 10;
  const words = formatNumber(Math.abs(share), 1);
  if (share === 0) {
    return (
      <Remark icon={Minus} tone="neutral">
        {text.same}
      </Remark>
    );
  }
  return (
    <Remark icon={share > 0 ? TrendingUp : TrendingDown} tone="neutral">
      {share > 0 ? text.up(words) : text.down(words)}
    </Remark>
  );
}
