'use client';

import { CircleCheck } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { type AlertOutcome, alertOutcomes } from '#chaincode/model/alert.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';

const text = t.monitoringPages.alerts;

/** Asks what an alert was, and closes it. `close` signs it and throws what prevented it. */
export function CloseAlertDialog({
  onClose,
  close,
}: {
  onClose: () => void;
  close: (outcome: AlertOutcome) => Promise<void>;
}) {
  const id = useId();
  const [outcome, setOutcome] = useState<AlertOutcome>('treated');
  const { busy, problem, attempt } = useAttempt();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await attempt(() => close(outcome))) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.closeTitle}
      closeLabel={t.shell.close}
      actions={
        <>
          <Button onClick={onClose}>{t.shell.cancel}</Button>
          <Button type="submit" form={id} look="primary" icon={CircleCheck} busy={busy}>
            {text.closeTitle}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="space-y-4">
        <fieldset className="space-y-2">
          <legend className="mb-1.5 text-sm font-semibold text-ink-2">{text.outcome}</legend>
          {alertOutcomes.map((one) => (
            <label key={one} className="flex min-h-10 items-center gap-3 rounded-md border border-line px-3 text-sm">
              <input
                type="radio"
                name="outcome"
                value={one}
                checked={one === outcome}
                onChange={() => setOutcome(one)}
              />
              {t.monitoring.alert.outcomes[one]}
            </label>
          ))}
        </fieldset>
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}
