import { RefreshCw } from 'lucide-react';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { Time } from '#components/ui/Time.tsx';
import type { Tone } from '#components/ui/tone.ts';
import { t } from '#messages/en.ts';
import type { RenewalSummary } from '#server/prescriptions/schema.ts';

const text = t.dispensing.renewal;
/** Older answers concern nobody at the counter. */
const longestList = 20;

const tones: Record<RenewalSummary['state'], Tone> = {
  ...{ asked: 'info', approved: 'ok', changed: 'ok', denied: 'warn', withdrawn: 'neutral' },
};

/** Renewals that this pharmacy asked for, the newest first, each with its answer. */
export function RenewalsAsked({ renewals }: { renewals: RenewalSummary[] }) {
  if (renewals.length === 0) return null;
  return (
    <Panel labelledBy="renewals">
      <PanelHead id="renewals" title={text.title} icon={RefreshCw} remark={text.body} />
      <ul className="divide-y divide-line">
        {renewals.slice(0, longestList).map(({ id, prescription, state, author, patient, at, answeredAt, reason }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-bold">{[author.name, patient?.name].filter(Boolean).join(' · ')}</p>
              {reason && <p className="text-sm">“{reason}”</p>}
              <p className="text-sm text-ink-2">
                {answeredAt ? text.answered : text.askedAt} <Time value={answeredAt ?? at} />
              </p>
              <p className="font-mono text-xs break-all text-ink-3">{prescription}</p>
            </div>
            <Pill tone={tones[state]}>{text.states[state]}</Pill>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
