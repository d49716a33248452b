'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';

const text = t.keys.factors.pin;
const shortest = 6;

/** Asks for a new signing PIN, twice, and says before what a forgotten one means. */
export function SetPin({
  open,
  changes,
  onPin,
  onClose,
}: {
  open: boolean;
  /** Whether there is one already. */
  changes: boolean;
  onPin: (pin: string) => void;
  onClose: () => void;
}) {
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const short = [...pin].length < shortest;
  const differs = pin !== again;
  const close = () => {
    setPin('');
    setAgain('');
    setTried(false);
    onClose();
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={changes ? text.changeTitle : text.title}
      description={text.body}
      closeLabel={t.shell.close}
    >
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (short || differs) return;
          onPin(pin);
          close();
        }}
      >
        <TextField
          label={text.label}
          type="password"
          autoComplete="off"
          autoFocus
          maxLength={64}
          hint={text.hint}
          value={pin}
          error={tried && short ? text.short : null}
          onChange={(event) => setPin(event.target.value)}
        />
        <TextField
          label={text.repeat}
          type="password"
          autoComplete="off"
          maxLength={64}
          value={again}
          error={tried && !short && differs ? text.differs : null}
          onChange={(event) => setAgain(event.target.value)}
        />
        <p className="text-sm text-ink-2">{changes ? text.changeNext : text.forgotten}</p>
        <Button type="submit" look="primary" wide icon={ArrowRight}>
          {changes ? text.changeAction : text.action}
        </Button>
      </form>
    </Dialog>
  );
}
