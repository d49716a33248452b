import { CircleCheck, PhoneCall, Sun, TriangleAlert } from 'lucide-react';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { SeriesName } from '#monitoring/catalogue.ts';
import type { Digest } from '#monitoring/digest.ts';
import type { Limits } from '#monitoring/plan.ts';
import { dayWords } from './dayWords.ts';

const text = t.monitoring.day;

/** The patient's own day: large, plain, without a chart. `parts`: digests of today in any parts. */
export function DayInWords({
  parts,
  limits,
  alerts,
}: {
  parts: readonly Digest[];
  limits?: Partial<Record<SeriesName, Limits>>;
  /** How often the care team was called today. */
  alerts: number;
}) {
  const lines = dayWords(parts, limits);
  const id = 'day-in-words';
  return (
    <Panel labelledBy={id}>
      <PanelHead id={id} icon={Sun} title={text.title} />
      {lines.length === 0 ? (
        <p className="text-lg">{text.nothing}</p>
      ) : (
        <ul className="space-y-3">
          {lines.map(({ name, sentence, inRange, count }) => (
            <li key={name}>
              <p className="text-lg">{sentence}</p>
              <p className="flex flex-wrap items-center gap-x-2 text-sm text-ink-2">
                {inRange !== undefined && (
                  <span className="flex items-center gap-1.5">
                    {inRange === text.allInside ? (
                      <CircleCheck size={16} aria-hidden className="shrink-0 text-ok" />
                    ) : (
                      <TriangleAlert size={16} aria-hidden className="shrink-0 text-warn" />
                    )}
                    {inRange}
                  </span>
                )}
                <span className="text-ink-3">{text.counts(count)}</span>
              </p>
            </li>
          ))}
        </ul>
      )}
      <p className="mt-4 border-t border-line pt-3">{text.alerts(alerts)}</p>
      <p className="mt-2 flex items-start gap-2 text-sm text-ink-2">
        <PhoneCall size={16} aria-hidden className="mt-0.5 shrink-0" />
        {text.notEmergency}
      </p>
    </Panel>
  );
}
