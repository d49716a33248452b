'use client';

import { MailQuestion } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { type Category, purposes } from '#chaincode/model/category.ts';
import type { RequestTerms } from '#chaincode/model/consent.ts';
import { CategoryChoice } from '#components/consents/CategoryChoice.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { TextAreaField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { newCareId } from '#crypto/identifier.ts';
import { t } from '#messages/en.ts';

const text = t.recordPages.request;
const askable = purposes.filter((purpose) => purpose !== 'ETREAT');
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
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const change = (part: Partial<RequestTerms>) => setTerms((before) => ({ ...before, ...part }));
  const missing = (fault: Fault) => (faults.includes(fault) ? text.missing[fault] : undefined);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const asked = { ...terms, reason: terms.reason.trim() };
    const found = faultsOf(asked);
    setFaults(found);
    if (found.length > 0) return;
    setBusy(true);
    setProblem(null);
    try {
      const request = { id: newCareId('req', patient.pseudonym), patient: patient.pseudonym };
      const names = { [patient.pseudonym]: patient.name };
      await signed({ kind: 'consents:request', request, terms: asked }, { names, sheet: 'factorOnly' });
      onSent();
      onClose();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
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
          <Button onClick={onClose}>{t.entries.cancel}</Button>
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
        <fieldset>
          <legend className="mb-2 text-sm font-semibold text-ink-2">{t.consents.why}</legend>
          <div className="space-y-2">
            {askable.map((purpose) => (
              <CheckBox
                key={purpose}
                checked={terms.purposes.includes(purpose)}
                onChange={(on) =>
                  change({ purposes: askable.filter((one) => (one === purpose ? on : terms.purposes.includes(one))) })
                }
              >
                {t.consents.purposes[purpose]}
              </CheckBox>
            ))}
          </div>
          {missing('why') && (
            <p role="alert" className="mt-2 text-sm font-semibold text-danger">
              {missing('why')}
            </p>
          )}
        </fieldset>
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
