'use client';

import { Siren } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { emergencyHours } from '#chaincode/model/access.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { TextAreaField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { newCareId } from '#crypto/identifier.ts';
import { t } from '#messages/en.ts';
import type { EmergencyView } from '#server/access/schema.ts';

const text = t.recordPages.emergency;
const shortest = 3;

/** States an emergency with its reason; the second factor is asked for when it is signed. */
export function EmergencyDialog({
  patient,
  institution,
  onClose,
  onStated,
}: {
  patient: { pseudonym: string; name: string };
  institution: { id: string; name: string };
  onClose: () => void;
  onStated: (emergency: EmergencyView) => void;
}) {
  const signed = useSigned();
  const person = usePerson();
  const id = useId();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const stated = { id: newCareId('emg', patient.pseudonym), patient: patient.pseudonym, reason: reason.trim() };
      const names = { [patient.pseudonym]: patient.name };
      await signed({ kind: 'access:openEmergency', emergency: stated }, { names, sheet: 'factorOnly' });
      const now = Date.now();
      onStated({
        ...{ ...stated, patient, institution, actor: { id: person.subjectId, name: person.name } },
        ...{ level: 'summary', open: true, at: new Date(now).toISOString() },
        until: new Date(now + emergencyHours * 3_600_000).toISOString(),
      });
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
      description={text.body}
      closeLabel={t.shell.close}
      actions={
        <>
          <Button onClick={onClose}>{t.entries.cancel}</Button>
          <Button
            type="submit"
            form={id}
            look="danger"
            icon={Siren}
            busy={busy}
            disabled={reason.trim().length < shortest}
          >
            {text.state}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="space-y-4">
        <TextAreaField
          label={text.reason}
          hint={text.reasonHint}
          value={reason}
          maxLength={300}
          autoFocus
          onChange={({ target }) => setReason(target.value)}
        />
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}
