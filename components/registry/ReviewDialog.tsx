'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField, TextAreaField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { EmergencyView } from '#server/access/schema.ts';
import { useChange } from './useChange.ts';

const text = t.registry.emergencies;
const outcomes = ['justified', 'unjustified'] as const;
const shortest = 3;

/** What was found of an emergency; the note is public. */
export function ReviewDialog({ emergency, onClose }: { emergency: EmergencyView; onClose: () => void }) {
  const [outcome, setOutcome] = useState<(typeof outcomes)[number]>('justified');
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const { change, busy, problem } = useChange();
  const short = note.trim().length < shortest;
  const submit = async () => {
    const { id, actor } = emergency;
    const intent = { kind: 'access:reviewEmergency', id, review: { outcome, note: note.trim() } } as const;
    if (await change(intent, { [actor.id]: actor.name, [id]: text.of(actor.name) })) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.reviewTitle(emergency.actor.name)}
      closeLabel={t.shell.close}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!short) void submit();
        }}
      >
        <p className="break-words">{text.reason(emergency.reason)}</p>
        <SelectField
          label={text.outcome}
          options={outcomes.map((value) => ({ value, label: text.outcomes[value] }))}
          value={outcome}
          onChange={setOutcome}
        />
        <TextAreaField
          label={text.note}
          hint={text.noteHint}
          maxLength={300}
          value={note}
          error={tried && short ? t.shell.reasonShort : null}
          onChange={(event) => setNote(event.target.value)}
        />
        {problem && <ProblemNotice problem={problem} />}
        <Button type="submit" look="primary" wide icon={ArrowRight} busy={busy}>
          {t.registry.decisions.next}
        </Button>
      </form>
    </Dialog>
  );
}
