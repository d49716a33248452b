'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { startSystem } from '#server/epcis/actions.ts';
import { useChange } from './useChange.ts';

const text = t.partners;
const shortest = 2;

/** Registers a partner's system: the connector makes its keys, and the admin signs for them. */
export function PartnerSystemDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const { attempt, record, busy, problem } = useChange();
  const short = name.trim().length < shortest;
  const submit = async () => {
    const done = await attempt(async () => {
      const device = expectData(await startSystem({ name: name.trim() }));
      await record({ kind: 'registerDevice', device });
    });
    if (done) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.add}
      description={text.addBody}
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
        <TextField
          label={text.name}
          hint={text.nameHint}
          maxLength={80}
          value={name}
          error={tried && short ? text.nameShort : null}
          onChange={(event) => setName(event.target.value)}
        />
        {problem && <ProblemNotice problem={problem} />}
        <Button type="submit" look="primary" wide icon={ArrowRight} busy={busy}>
          {text.next}
        </Button>
      </form>
    </Dialog>
  );
}
