'use client';

import { useId } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { saturationOfScale } from '#monitoring/planDefaults.ts';
import { type DraftFaults, limitDraft, type PlanDraft, type ScoreDraft, secondsChoices } from './planDraft.ts';
import { scoreSentence } from './planWords.ts';
import { durationWords } from './words.ts';

const text = t.monitoringPlan.score;
const windows = [900, 1_800, 3_600, 4 * 3_600, 12 * 3_600] as const;

/** Whether NEWS2 calls somebody: for whom it is, and by which scale. */
export function PlanScore({
  draft,
  faults,
  age,
  onChange,
}: {
  draft: PlanDraft;
  faults: DraftFaults;
  age?: number;
  onChange: (changed: Partial<PlanDraft>) => void;
}) {
  const { score } = draft;
  const isUnder16 = age !== undefined && age < 16;
  const set = (changed: Partial<ScoreDraft>) => onChange({ score: { ...score, ...changed } });
  const takeLimits = () =>
    onChange({ limits: { ...draft.limits, saturation: limitDraft(saturationOfScale[score.scale]) } });
  const id = useId();
  return (
    <Panel labelledBy={id}>
      <PanelHead id={id} title={text.title} />
      {isUnder16 ? (
        <p className="text-sm text-ink-2">{text.under16(age)}</p>
      ) : (
        <div className="space-y-3">
          <CheckBox checked={score.isOn} onChange={(isOn) => set({ isOn })}>
            {text.use}
          </CheckBox>
          {score.isOn && (
            <>
              <CheckBox checked={score.aged16OrMore} onChange={(aged16OrMore) => set({ aged16OrMore })}>
                {text.aged16OrMore}
              </CheckBox>
              <CheckBox checked={score.notPregnant} onChange={(notPregnant) => set({ notPregnant })}>
                {text.notPregnant}
              </CheckBox>
              {faults.score !== undefined && (
                <p role="alert" className="text-sm font-semibold text-danger">
                  {faults.score}
                </p>
              )}
              <div className="grid gap-3 sm:grid-cols-[2fr_1fr]">
                <SelectField
                  label={text.scale}
                  value={score.scale === 1 ? '1' : '2'}
                  options={[
                    { value: '1', label: text.scale1 },
                    { value: '2', label: text.scale2 },
                  ]}
                  onChange={(scale) => set({ scale: scale === '1' ? 1 : 2 })}
                />
                <SelectField
                  label={text.window}
                  value={String(score.windowSeconds)}
                  options={secondsChoices(windows, score.windowSeconds).map((seconds) => ({
                    ...{ value: String(seconds), label: durationWords(seconds) },
                  }))}
                  onChange={(seconds) => set({ windowSeconds: Number(seconds) })}
                />
              </div>
              {score.scale === 2 && <Notice tone="warn" title={text.scale2} children={<p>{text.scale2Warning}</p>} />}
              <Button size="sm" onClick={takeLimits}>
                {text.scale2Limits}
              </Button>
            </>
          )}
          <p className="text-sm text-ink-2">{scoreSentence({ news2: wordsOf(score) })}</p>
          <p className="text-sm text-ink-3">{text.source}</p>
        </div>
      )}
    </Panel>
  );
}

const wordsOf = ({ isOn, scale, windowSeconds }: ScoreDraft) =>
  isOn ? { scale, windowSeconds, forSeconds: 0, aged16OrMore: true as const, notPregnant: true as const } : undefined;
