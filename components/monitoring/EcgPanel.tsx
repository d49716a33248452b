'use client';

import { Activity, ChevronLeft, ChevronRight } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import { IconButton } from '#components/ui/Button.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { Reading } from '#monitoring/reading.ts';
import { drawStrip, paper } from './ecgPath.ts';

const text = t.monitoring.ecg;

/** Strips of an electrocardiogram, newest first, on paper of the usual scale. Nothing where there is none. */
export function EcgPanel({ readings }: { readings: readonly Reading[] }) {
  const strips = useMemo(
    () => readings.filter(({ measure }) => measure === 'ecg').toSorted((a, b) => b.at - a.at),
    [readings],
  );
  // By its time: newer strips come while an older one is looked at.
  const [chosen, setChosen] = useState<number>();
  const id = useId();
  const at = Math.max(
    0,
    strips.findIndex((strip) => strip.at === chosen),
  );
  const strip = strips[at];
  if (strip === undefined) return null;
  const go = (by: number) => setChosen(strips[at + by]?.at);
  return (
    <Panel labelledBy={id}>
      <PanelHead
        id={id}
        icon={Activity}
        title={t.monitoring.measures.ecg}
        remark={text.place(at + 1, strips.length)}
        aside={
          <div className="flex">
            <IconButton icon={ChevronLeft} label={text.newer} disabled={at === 0} onClick={() => go(-1)} />
            <IconButton
              icon={ChevronRight}
              label={text.older}
              disabled={at >= strips.length - 1}
              onClick={() => go(1)}
            />
          </div>
        }
      />
      <Strip reading={strip} />
    </Panel>
  );
}

function Strip({ reading: { at, values } }: { reading: Reading }) {
  const grid = useId();
  const { seconds, width, height, low, high, path } = useMemo(() => drawStrip(values), [values]);
  const range = text.range(formatNumber(low, 1), formatNumber(high, 1));
  const small = paper.pixelsInMm;
  const large = small * 5;
  return (
    <figure>
      <ScrollX label={text.strip}>
        <svg width={width} height={height} role="img" aria-label={text.label(formatNumber(seconds, 1), range)}>
          <defs>
            <pattern id={`${grid}-small`} width={small} height={small} patternUnits="userSpaceOnUse">
              <path d={`M${small} 0H0V${small}`} fill="none" stroke="var(--color-line)" strokeWidth={0.5} />
            </pattern>
            <pattern id={`${grid}-large`} width={large} height={large} patternUnits="userSpaceOnUse">
              <rect width={large} height={large} fill={`url(#${grid}-small)`} />
              <path d={`M${large} 0H0V${large}`} fill="none" stroke="var(--color-line-strong)" strokeWidth={0.8} />
            </pattern>
          </defs>
          <rect width={width} height={height} fill={`url(#${grid}-large)`} />
          <path d={path} fill="none" stroke="var(--color-ink)" strokeWidth={1.3} strokeLinejoin="round" />
        </svg>
      </ScrollX>
      <figcaption className="mt-2 text-sm text-ink-2">
        <Time value={new Date(at).toISOString()} /> · {text.scale} · {range}
        <span className="block">{text.caution}</span>
      </figcaption>
    </figure>
  );
}
