import { Clock } from 'lucide-react';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { Time } from '#components/ui/Time.tsx';
import type { Tone } from '#components/ui/tone.ts';
import { t } from '#messages/en.ts';

const text = t.dispensing.last;

export interface LastEntry {
  key: string;
  at: string;
  what: string;
  tone: Tone;
  outcome: string;
}

/** What was done at this counter today, newest first. */
export function LastToday({ entries }: { entries: LastEntry[] }) {
  return (
    <Panel>
      <PanelHead title={text.title} />
      {entries.length === 0 ? (
        <Empty icon={Clock} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {entries.map((entry) => (
            <li key={entry.key} className="flex items-center gap-3 py-2 text-sm">
              <span className="font-mono text-ink-2">
                <Time value={entry.at} as="time" />
              </span>
              <span className="min-w-0 flex-1">{entry.what}</span>
              <Pill tone={entry.tone}>{entry.outcome}</Pill>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
