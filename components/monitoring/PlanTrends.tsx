'use client';

import { Plus, X } from 'lucide-react';
import { alertLevels } from '#chaincode/model/alert.ts';
import { Button } from '#components/ui/Button.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { seriesNames } from '#monitoring/catalogue.ts';
import { trend } from '#monitoring/plan.ts';
import { type DraftFaults, type PlanDraft, secondsChoices, type TrendDraft } from './planDraft.ts';
import { trendSentence } from './planWords.ts';
import { durationWords } from './words.ts';

const text = t.monitoringPlan.trends;
const windows = [3_600, 4 * 3_600, 86_400, 3 * 86_400, 7 * 86_400] as const;
const most = 16;

/** Changes over a time that somebody is called for. */
export function PlanTrends({
  draft: { trends },
  faults,
  onChange,
}: {
  draft: PlanDraft;
  faults: DraftFaults;
  onChange: (changed: Partial<PlanDraft>) => void;
}) {
  const set = (changed: TrendDraft) =>
    onChange({ trends: trends.map((each) => (each.key === changed.key ? changed : each)) });
  const add = () => {
    const key = Math.max(-1, ...trends.map((each) => each.key)) + 1;
    onChange({
      trends: [...trends, { key, series: 'weight', change: '2', windowSeconds: 3 * 86_400, level: 'urgent' }],
    });
  };
  const id = 'plan-trends';
  return (
    <Panel labelledBy={id}>
      <PanelHead id={id} title={text.title} />
      <ul className="divide-y divide-line">
        {trends.map((each) => (
          <li key={each.key} className="py-4 first:pt-0">
            <div className="grid grid-cols-2 items-start gap-x-3 gap-y-2.5 sm:grid-cols-[1fr_1fr_1fr_1fr_auto]">
              <SelectField
                label={text.series}
                value={each.series}
                options={seriesNames.map((name) => ({ value: name, label: t.monitoring.series[name] }))}
                onChange={(series) => set({ ...each, series })}
              />
              <TextField
                label={text.change}
                hint={text.hint}
                error={faults.trends[each.key]}
                value={each.change}
                onChange={(event) => set({ ...each, change: event.target.value })}
              />
              <SelectField
                label={text.within}
                value={String(each.windowSeconds)}
                options={secondsChoices(windows, each.windowSeconds).map((seconds) => ({
                  ...{ value: String(seconds), label: durationWords(seconds) },
                }))}
                onChange={(seconds) => set({ ...each, windowSeconds: Number(seconds) })}
              />
              <SelectField
                label={text.level}
                value={each.level}
                options={alertLevels.map((level) => ({ value: level, label: t.monitoringPlan.levels[level] }))}
                onChange={(level) => set({ ...each, level })}
              />
              <div className="sm:pt-7">
                <Button
                  look="quiet"
                  size="sm"
                  icon={X}
                  aria-label={text.remove}
                  onClick={() => onChange({ trends: trends.filter(({ key }) => key !== each.key) })}
                />
              </div>
            </div>
            <Sentence draft={each} />
          </li>
        ))}
      </ul>
      {trends.length < most && (
        <Button size="sm" icon={Plus} onClick={add}>
          {text.add}
        </Button>
      )}
    </Panel>
  );
}

function Sentence({ draft: { key: _, change, ...rule } }: { draft: TrendDraft }) {
  const parsed = trend.safeParse({ ...rule, change: Number(change.replace(',', '.')) });
  return parsed.success ? <p className="mt-2 text-sm text-ink-2">{trendSentence(parsed.data)}</p> : null;
}
