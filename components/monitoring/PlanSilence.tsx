'use client';

import { useId } from 'react';
import { type AlertLevel, alertLevels } from '#chaincode/model/alert.ts';
import { SelectField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { type MeasureName, measureNames } from '#monitoring/catalogue.ts';
import { type PlanDraft, secondsChoices, silentMeasures } from './planDraft.ts';
import { fallSentence, silenceSentence } from './planWords.ts';
import { durationWords } from './words.ts';

const text = t.monitoringPlan.silence;
const times = [300, 900, 3_600, 6 * 3_600, 86_400, 3 * 86_400] as const;

/** What is told when nothing comes, and what a fall is worth. */
export function PlanSilence({
  draft,
  onChange,
}: {
  draft: PlanDraft;
  onChange: (changed: Partial<PlanDraft>) => void;
}) {
  const { missingAfterSeconds } = draft;
  const set = (name: MeasureName, seconds: number | undefined) => {
    const { [name]: _, ...others } = missingAfterSeconds;
    onChange({ missingAfterSeconds: seconds === undefined ? others : { ...others, [name]: seconds } });
  };
  const chosen = silentMeasures(missingAfterSeconds);
  const others = measureNames.filter((name) => !chosen.includes(name) && name !== 'fall');
  const falls: { value: AlertLevel | 'none'; label: string }[] = [
    { value: 'none', label: text.fallsNone },
    ...alertLevels.map((level) => ({ value: level, label: t.monitoringPlan.levels[level] })),
  ];
  const id = useId();
  return (
    <Panel labelledBy={id}>
      <PanelHead id={id} title={text.title} />
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {chosen.map((name) => (
          <SelectField
            key={name}
            label={text.measure(t.monitoring.measures[name].toLowerCase())}
            value={String(missingAfterSeconds[name] ?? '')}
            options={[
              { value: '', label: text.never },
              ...secondsChoices(times, missingAfterSeconds[name] ?? 900).map((seconds) => ({
                ...{ value: String(seconds), label: durationWords(seconds) },
              })),
            ]}
            onChange={(seconds) => set(name, seconds === '' ? undefined : Number(seconds))}
          />
        ))}
        {others.length > 0 && (
          <SelectField
            label={text.add}
            value=""
            options={[
              { value: '', label: t.monitoringPlan.limits.choose },
              ...others.map((name) => ({ value: name, label: t.monitoring.measures[name] })),
            ]}
            onChange={(name) => name !== '' && set(name, 900)}
          />
        )}
        <SelectField
          label={text.level}
          value={draft.missingLevel}
          options={(['urgent', 'notice'] as const).map((level) => ({
            ...{ value: level, label: t.monitoringPlan.levels[level] },
          }))}
          onChange={(missingLevel) => onChange({ missingLevel })}
        />
        <SelectField
          label={text.falls}
          value={draft.falls ?? 'none'}
          options={falls}
          onChange={(level) => onChange({ falls: level === 'none' ? undefined : level })}
        />
      </div>
      <p className="mt-3 text-sm text-ink-2">
        {silenceSentence(draft)} {fallSentence(draft.falls)}
      </p>
    </Panel>
  );
}
