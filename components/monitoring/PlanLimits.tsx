'use client';

import { X } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { type SeriesName, series, seriesNames } from '#monitoring/catalogue.ts';
import {
  type DraftFaults,
  type LimitDraft,
  limitDraft,
  limitFields,
  type PlanDraft,
  secondsChoices,
  termsOf,
} from './planDraft.ts';
import { limitsSentence } from './planWords.ts';
import { durationWords } from './words.ts';

const text = t.monitoringPlan.limits;
const lasting = [0, 60, 300, 600, 1_800] as const;
type Change = (changed: Partial<PlanDraft>) => void;

/** Limits of each series, with the sentence that they make. */
export function PlanLimits({ draft, faults, onChange }: { draft: PlanDraft; faults: DraftFaults; onChange: Change }) {
  const { limits } = draft;
  const set = (name: SeriesName, limit: LimitDraft | undefined) => {
    const { [name]: _, ...others } = limits;
    onChange({ limits: limit === undefined ? others : { ...others, [name]: limit } });
  };
  const chosen = seriesNames.filter((name) => limits[name] !== undefined);
  const others = seriesNames.filter((name) => limits[name] === undefined && name !== 'consciousness');
  const id = 'plan-limits';
  return (
    <Panel labelledBy={id}>
      <PanelHead id={id} title={text.title} remark={text.intro} />
      <div className="divide-y divide-line">
        {chosen.map((name) => (
          <LimitRow
            key={name}
            name={name}
            limit={limits[name] ?? limitDraft()}
            sentence={sentenceOf(draft, name)}
            error={faults.limits[name]}
            onChange={(limit) => set(name, limit)}
          />
        ))}
      </div>
      {others.length > 0 && (
        <div className="mt-3 max-w-56">
          <SelectField
            label={text.add}
            value=""
            options={[
              { value: '', label: text.choose },
              ...others.map((name) => ({ value: name, label: t.monitoring.series[name] })),
            ]}
            onChange={(name) => name !== '' && set(name, limitDraft(undefined, name))}
          />
        </div>
      )}
    </Panel>
  );
}

/** Of the limits alone, so that a fault elsewhere does not hide it. */
function sentenceOf(draft: PlanDraft, name: SeriesName): string | undefined {
  const { [name]: limit } = draft.limits;
  const alone = { ...draft, limits: { [name]: limit }, trends: [], score: { ...draft.score, isOn: false } };
  const found = termsOf(alone);
  const limits = 'terms' in found ? found.terms.limits[name] : undefined;
  return limits === undefined ? undefined : limitsSentence(name, limits);
}

function LimitRow({
  name,
  limit,
  sentence,
  error,
  onChange,
}: {
  name: SeriesName;
  limit: LimitDraft;
  sentence: string | undefined;
  error: string | undefined;
  onChange: (limit: LimitDraft | undefined) => void;
}) {
  const { unitText, decimals } = series[name];
  const input = { inputMode: 'decimal', autoComplete: 'off' } as const;
  return (
    <fieldset className="py-4 first:pt-0">
      <legend className="float-left mb-2 font-bold">
        {t.monitoring.series[name]}
        {unitText !== '' && <span className="ml-1.5 text-sm font-normal text-ink-3">{unitText}</span>}
      </legend>
      <div className="float-right">
        <Button
          look="quiet"
          size="sm"
          icon={X}
          aria-label={text.remove(t.monitoring.series[name])}
          onClick={() => onChange(undefined)}
        />
      </div>
      <div className="clear-both grid grid-cols-2 items-end gap-x-3 gap-y-2.5 sm:grid-cols-3 xl:grid-cols-6">
        {limitFields.map((field) => (
          <TextField
            key={field}
            {...input}
            label={text[field]}
            value={limit[field]}
            onChange={(event) => onChange({ ...limit, [field]: event.target.value })}
          />
        ))}
        <SelectField
          label={text.forSeconds}
          value={String(limit.forSeconds)}
          options={secondsChoices(lasting, limit.forSeconds).map((seconds) => ({
            value: String(seconds),
            label: seconds === 0 ? text.atOnce : durationWords(seconds),
          }))}
          onChange={(seconds) => onChange({ ...limit, forSeconds: Number(seconds) })}
        />
        <TextField
          {...input}
          label={text.hysteresis}
          value={limit.hysteresis}
          placeholder={decimals === 0 ? '2' : '0.2'}
          onChange={(event) => onChange({ ...limit, hysteresis: event.target.value })}
        />
      </div>
      {error !== undefined && (
        <p role="alert" className="mt-2 text-sm font-semibold text-danger">
          {error}
        </p>
      )}
      {sentence !== undefined && <p className="mt-2 text-sm text-ink-2">{sentence}</p>}
    </fieldset>
  );
}
