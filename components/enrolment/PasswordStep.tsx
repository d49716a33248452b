'use client';

import { ArrowRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';

const text = t.public.enrol;
const shortest = 12;

/** Asks for a new password, twice. */
export function PasswordStep({
  onPassword,
  action = text.next,
  busy = false,
  children,
}: {
  onPassword: (password: string) => void;
  action?: string;
  busy?: boolean;
  /** Stands above the fields, within the form. */
  children?: ReactNode;
}) {
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const short = [...password].length < shortest;
  const differs = password !== again;
  return (
    <form
      noValidate
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!short && !differs) onPassword(password);
      }}
    >
      {children}
      <TextField
        label={text.password}
        type="password"
        autoComplete="new-password"
        autoFocus={!children}
        maxLength={200}
        value={password}
        hint={text.passwordHint}
        error={tried && short ? text.passwordShort : null}
        onChange={(event) => setPassword(event.target.value)}
      />
      <TextField
        label={text.repeat}
        type="password"
        autoComplete="new-password"
        maxLength={200}
        value={again}
        error={tried && !short && differs ? text.repeatDiffers : null}
        onChange={(event) => setAgain(event.target.value)}
      />
      <Button type="submit" look="primary" size="lg" wide icon={ArrowRight} busy={busy}>
        {action}
      </Button>
    </form>
  );
}
