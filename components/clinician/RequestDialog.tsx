'use client';

import { MailQuestion } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import type { Category } from '#chaincode/model/category.ts';
import type { RequestTerms } from '#chaincode/model/consent.ts';
import { CategoryChoice } from '#components/consents/CategoryChoice.tsx';
import { PurposeChoice } from '#components/consents/PurposeChoice.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { TextAreaField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { newCareId } from '#crypto/identifier.ts';
import { t } from '#messages/en.ts';

const text = t.recordPages.request;
const usual: Category[] = ['summary', 'clinical', 'medication', 'results', 'documents'];
type Fault = keyof typeof text.missing;

/** What is asked for, as far as it is said: `faults` names what is missing. */
function faultsOf({ categories, purposes: named, reason }: RequestTerms): Fault[] {
  return [
    ...(categories.length === 0 ? (['what'] as const) : []),
    ...(named.length === 0 ? (['why'] as const) : []),
    ...(reason.length < 3 ? (['reason'] as const) : []),
  ];
}

/** Asks the patient to share parts of the record. What is asked for and why, only the patient reads. */
export function RequestDialog({
  patient,
  onClose,
  onSent,
}: {
  patient: { pseudonym: string; name: string };
  onClose: () => void;
  onSent: () => void;
}) {
  const signed = useSigned();
  const id = useId();
  const [terms, setTerms] = useState<RequestTerms>({ categories: usual, purposes: ['TREAT'], reason: '' });
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const { busy, problem, attempt } = useAttempt();
  const change = (part: Partial<RequestTerms>) => setTerms((before) => ({ ...before, ...part }));
  const missing = (fault: Fault) => (faults.includes(fault) ? text.missing[fault] : undefined);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const asked = { ...terms, reason: terms.reason.trim() };
    const found = faultsOf(asked);
    setFaults(found);
    if (found.length > 0) return;
    await attempt(async () => {
      const request = { id: newCareId('req', patient.pseudonym), patient: patient.pseudonym };
      const names = { [patient.pseudonym]: patient.name };
      await signed({ kind: 'consents:request', request, terms: asked }, { names, sheet: 'factorOnly' });
      onSent();
      onClose();
    });
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title}
      description={text.body(patient.name)}
      closeLabel={t.shell.close}
      place="drawer"
      actions={
        <>
          <Button onClick={onClose}>{t.shell.cancel}</Button>
          <Button type="submit" form={id} look="primary" icon={MailQuestion} busy={busy}>
            {text.send}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="space-y-6 pt-1">
        <CategoryChoice
          legend={t.consents.what}
          chosen={terms.categories}
          onChange={(categories) => change({ categories })}
          error={missing('what')}
        />
        <PurposeChoice chosen={terms.purposes} onChange={(purposes) => change({ purposes })} error={missing('why')} />
        <TextAreaField
          label={text.reason}
          hint={text.reasonHint}
          error={missing('reason') ?? null}
          value={terms.reason}
          maxLength={300}
          onChange={({ target }) => change({ reason: target.value })}
        />
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}
