'use client';

import { PenLine } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { type OptionalEvidence, optionalEvidence } from '#chaincode/model/policy.ts';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import type { PolicyView, ProviderView } from '#server/claims/schema.ts';

const text = t.insurance.authorise;
const periods = ['year', 'month'] as const;
const days = { month: 31, year: 365 };

/** What a patient lets an institution do. */
export interface NewAuthorisation {
  policy: PolicyView;
  provider: ProviderView;
  evidence: OptionalEvidence[];
  /** ISO 8601 instant. */
  until: string;
}

/** Lets a pharmacy or hospital bill. `authorise` encrypts, signs and records, and throws what prevented it; the form stays then. */
export function AuthoriseDialog({
  policies,
  providers,
  planNames,
  authorise,
  onClose,
}: {
  /** Those in force; at least one. */
  policies: readonly PolicyView[];
  /** Those that may not bill yet. */
  providers: readonly ProviderView[];
  planNames: Readonly<Record<string, string>>;
  authorise: (wanted: NewAuthorisation) => Promise<void>;
  onClose: () => void;
}) {
  const [policyId, setPolicyId] = useState(policies[0]?.id ?? '');
  const [providerId, setProviderId] = useState(providers[0]?.id ?? '');
  const [evidence, setEvidence] = useState<readonly OptionalEvidence[]>([]);
  const [period, setPeriod] = useState<(typeof periods)[number]>('year');
  const { busy, problem, attempt } = useAttempt();
  const id = useId();
  const policy = policies.find((each) => each.id === policyId);
  const provider = providers.find((each) => each.id === providerId);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (policy === undefined || provider === undefined) return;
    const until = new Date(Date.now() + days[period] * 86_400_000).toISOString();
    if (await attempt(() => authorise({ policy, provider, evidence: [...evidence], until }))) onClose();
  };
  const toggle = (field: OptionalEvidence, isOn: boolean) =>
    setEvidence(optionalEvidence.filter((each) => (each === field ? isOn : evidence.includes(each))));

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title}
      closeLabel={t.shell.close}
      place="drawer"
      actions={
        <>
          <Button onClick={onClose}>{t.shell.cancel}</Button>
          <Button
            type="submit"
            form={id}
            look="primary"
            icon={PenLine}
            busy={busy}
            disabled={policy === undefined || provider === undefined}
          >
            {text.sign}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="space-y-5 pt-1">
        <SelectField
          label={text.who}
          value={providerId}
          options={providers.map(({ id: value, name, place }) => ({
            value,
            label: place === '' ? name : `${name}, ${place}`,
          }))}
          onChange={setProviderId}
        />
        {policies.length > 1 && (
          <SelectField
            label={text.policy}
            value={policyId}
            options={policies.map(({ id: value, plan }) => ({ value, label: planNames[plan] ?? plan }))}
            onChange={setPolicyId}
          />
        )}
        <p className="text-sm text-ink-2">{text.always}</p>
        <fieldset className="space-y-2.5">
          <legend className="mb-1.5 text-sm font-semibold text-ink-2">{text.besides}</legend>
          {optionalEvidence.map((field) => (
            <CheckBox key={field} checked={evidence.includes(field)} onChange={(isOn) => toggle(field, isOn)}>
              {text.fields[field]}
            </CheckBox>
          ))}
        </fieldset>
        <SelectField
          label={text.until}
          value={period}
          options={periods.map((value) => ({ value, label: text.periods[value] }))}
          onChange={setPeriod}
        />
        {policy !== undefined && provider !== undefined && (
          <p className="rounded-md border border-line bg-sunken p-3">
            {text.sentence(provider.name, policy.names[policy.insurer] ?? policy.insurer)}
          </p>
        )}
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}
