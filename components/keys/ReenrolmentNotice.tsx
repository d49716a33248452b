'use client';

import { ShieldX, UserRoundX } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { TextAreaField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { KeysView } from '#server/people/schema.ts';

const text = t.keys.reenrolment;

/** New keys that others want to give this person, with the person's own way to refuse them. */
export function ReenrolmentNotice({ reenrolment }: { reenrolment: NonNullable<KeysView['reenrolment']> }) {
  const router = useRouter();
  const signed = useSigned();
  const { role, subjectId, name } = usePerson();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState(text.reason);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { state, proposedFor, dueAt } = reenrolment;

  const refuse = async () => {
    setAsking(false);
    setProblem(null);
    const kind = role === 'patient' ? 'patients:refuseReenrolment' : 'refuseReenrolment';
    try {
      await signed({ kind, subject: subjectId, reason: reason.trim() }, { names: { [subjectId]: name } });
      toast.success(text.done);
      router.refresh();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  };

  return (
    <Notice
      tone="danger"
      title={text.title}
      icon={UserRoundX}
      actions={
        <Button look="danger" icon={ShieldX} onClick={() => setAsking(true)}>
          {text.refuse}
        </Button>
      }
    >
      <p>
        {text[state](proposedFor)}
        {dueAt && (
          <>
            {' '}
            {text.due} <Time value={dueAt} />.
          </>
        )}
      </p>
      <p>{text.body}</p>
      {problem && <ProblemNotice problem={problem} />}
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={text.refuseTitle}
        description={text.refuseBody}
        closeLabel={t.shell.close}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{text.keep}</Button>
            <Button look="danger" icon={ShieldX} disabled={reason.trim().length < 3} onClick={() => void refuse()}>
              {text.refuse}
            </Button>
          </>
        }
      >
        <TextAreaField
          label={text.reasonLabel}
          maxLength={300}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Dialog>
    </Notice>
  );
}
