'use client';

import { BatteryMedium, Clock, Cpu, OctagonAlert, TriangleAlert } from 'lucide-react';
import { Ago } from '#components/ui/Ago.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Time } from '#components/ui/Time.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import type { DeviceView as SeenDevice } from '#server/circles/schema.ts';

const text = t.monitoringPages.devices;
/** A clock that is further off is worth a word. */
const skewWorthSayingMs = 30_000;
const lowBattery = 0.15;

/** What the gateway has seen of a device: when, battery, firmware, clock, and what it refused. */
export function DeviceFacts({ seen }: { seen: SeenDevice }) {
  const now = useNow(15_000);
  const { lastSeen, battery, firmware, skewMs, refusals } = seen;
  return (
    <div className="mt-1 space-y-1 text-sm text-ink-2">
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="inline-flex items-center gap-1.5">
          <Clock size={15} aria-hidden />
          {text.lastSeen}: {lastSeen === undefined ? text.never : <Ago value={lastSeen} now={now} />}
        </span>
        {battery !== undefined && (
          <span className={`inline-flex items-center gap-1.5 ${battery < lowBattery ? 'font-semibold text-warn' : ''}`}>
            <BatteryMedium size={15} aria-hidden />
            {text.battery}: {formatNumber(battery * 100)} %
          </span>
        )}
        {firmware !== undefined && (
          <span className="inline-flex items-center gap-1.5">
            <Cpu size={15} aria-hidden />
            {text.firmware}: {firmware}
          </span>
        )}
        {skewMs !== undefined && Math.abs(skewMs) > skewWorthSayingMs && (
          <span className="inline-flex items-center gap-1.5 font-semibold text-warn">
            <TriangleAlert size={15} aria-hidden />
            {text.skew(`${formatNumber(skewMs / 1000)} s`)}
          </span>
        )}
      </p>
      {refusals.length > 0 && (
        <details>
          <summary className="inline-flex cursor-pointer items-center gap-1.5 font-semibold text-warn">
            <OctagonAlert size={15} aria-hidden />
            {text.refused}: {countOf(refusals.reduce((sum, { count }) => sum + count, 0))}
          </summary>
          <p className="mt-1">{text.refusedBody}</p>
          <ul className="mt-1 list-disc pl-5">
            {refusals.map(({ code, count, at }) => (
              <li key={code}>
                {reasonOf(code)}: {countOf(count)}, <Time value={at} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

const countOf = (count: number) => text.refusedCount(count, formatNumber(count));

function reasonOf(code: string): string {
  const reasons: Record<string, string> = text.reasons;
  return reasons[code] ?? code;
}
