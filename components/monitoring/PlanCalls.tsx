'use client';

import { useId } from 'react';
import { alertLevels } from '#chaincode/model/alert.ts';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { type PlanDraft, secondsChoices } from './planDraft.ts';
import { peopleSentence, quietSentence } from './planWords.ts';
import { durationWords } from './words.ts';

const text = t.monitoringPlan;
const waits = [60, 180, 300, 900, 1_800, 3_600, 6 * 3_600, 12 * 3_600, 86_400] as const;
const settling = [60, 300, 600, 1_800] as const;

/** A clinician of the circle who can be called. */
export interface Responder {
  id: string;
  name: string;
}
interface Part {
  draft: PlanDraft;
  onChange: (changed: Partial<PlanDraft>) => void;
}

/** Hours in which milder alerts wait. */
export function PlanQuiet({ draft: { quiet }, onChange }: Part) {
  const set = (changed: Partial<PlanDraft['quiet']>) => onChange({ quiet: { ...quiet, ...changed } });
  const id = useId();
  return (
    <Panel labelledBy={id}>
      <PanelHead id={id} title={text.quiet.title} />
      <div className="space-y-3">
        <CheckBox checked={quiet.isOn} onChange={(isOn) => set({ isOn })}>
          {text.quiet.use}
        </CheckBox>
        {quiet.isOn && (
          <div className="grid grid-cols-2 gap-3 sm:grid-cols-[1fr_1fr_2fr]">
            {(['from', 'until'] as const).map((end) => (
              <TextField
                key={end}
                label={text.quiet[end]}
                type="time"
                required
                value={quiet[end]}
                onChange={(event) => set({ [end]: event.target.value })}
              />
            ))}
            <div className="col-span-2 sm:col-span-1">
              <SelectField
                label={text.quiet.holds}
                value={quiet.holds}
                options={[
                  { value: 'notice', label: text.quiet.holdsNotice },
                  { value: 'urgent', label: text.quiet.holdsUrgent },
                ]}
                onChange={(holds) => set({ holds })}
              />
            </div>
          </div>
        )}
        <p className="text-sm text-ink-2">{quietSentence({ quietHours: quiet.isOn ? quiet : undefined })}</p>
      </div>
    </Panel>
  );
}

/** Who is called first and then, and after which time. */
export function PlanPeople({ draft, onChange, people }: Part & { people: readonly Responder[] }) {
  const options = people.map(({ id: value, name: label }) => ({ value, label }));
  const nameOf = (whose: string) => people.find((each) => each.id === whose)?.name ?? whose;
  const id = useId();
  return (
    <Panel labelledBy={id}>
      <PanelHead id={id} title={text.people.title} />
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        <SelectField
          label={text.people.responder}
          value={draft.responder}
          options={options}
          onChange={(responder) => onChange({ responder })}
        />
        <SelectField
          label={text.people.escalateTo}
          value={draft.escalateTo ?? ''}
          options={[
            { value: '', label: text.people.nobody },
            ...options.filter(({ value }) => value !== draft.responder),
          ]}
          onChange={(whom) => onChange({ escalateTo: whom === '' ? undefined : whom })}
        />
        {alertLevels.map((level) => (
          <SelectField
            key={level}
            label={text.people.after(text.levels[level])}
            value={String(draft.escalateAfterSeconds[level])}
            options={secondsChoices(waits, draft.escalateAfterSeconds[level]).map((seconds) => ({
              ...{ value: String(seconds), label: durationWords(seconds) },
            }))}
            onChange={(seconds) =>
              onChange({ escalateAfterSeconds: { ...draft.escalateAfterSeconds, [level]: Number(seconds) } })
            }
          />
        ))}
        <SelectField
          label={text.settle}
          value={String(draft.settleSeconds)}
          options={secondsChoices(settling, draft.settleSeconds).map((seconds) => ({
            ...{ value: String(seconds), label: durationWords(seconds) },
          }))}
          onChange={(seconds) => onChange({ settleSeconds: Number(seconds) })}
        />
      </div>
      <p className="mt-3 text-sm text-ink-2">{peopleSentence(draft, nameOf)}</p>
    </Panel>
  );
}
