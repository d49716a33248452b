'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { useChange } from '#components/registry/useChange.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import { dayOf, periodOf } from './policyPeriod.ts';

const text = t.claimsPolicies.accept;

/** From when until when somebody is insured; then it is signed. */
export function AcceptDialog({ policy, name, onClose }: { policy: string; name: string; onClose: () => void }) {
  const [draft, setDraft] = useState(() => ({ from: dayOf(new Date()), until: '' }));
  const [tried, setTried] = useState(false);
  const { busy, problem, change } = useChange();
  const period = periodOf(draft);
  const fault = tried && 'fault' in period ? period.fault : undefined;
  const submit = async () => {
    setTried(true);
    if ('fault' in period) return;
    const intent = { kind: 'claims:decidePolicy' as const, id: policy, verdict: 'accept' as const, terms: period };
    if (await change(intent, { [policy]: name })) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title}
      description={
        <>
          <p className="font-semibold text-ink">{name}</p>
          <p>{text.body}</p>
        </>
      }
      closeLabel={t.shell.close}
    >
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField
          label={text.from}
          hint={text.fromHint}
          error={fault === 'from' ? text.noDay : null}
          type="date"
          autoFocus
          value={draft.from}
          onChange={({ target }) => setDraft((was) => ({ ...was, from: target.value }))}
        />
        <TextField
          label={text.until}
          hint={text.untilHint}
          error={fault === 'until' ? text.noDay : fault === 'order' ? text.order : null}
          type="date"
          value={draft.until}
          onChange={({ target }) => setDraft((was) => ({ ...was, until: target.value }))}
        />
        {problem && <ProblemNotice problem={problem} />}
        <Button type="submit" look="primary" wide icon={ArrowRight} busy={busy}>
          {text.next}
        </Button>
      </form>
    </Dialog>
  );
}
