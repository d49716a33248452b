'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';

const text = t.public.enrol;
const shortest = 12;

export function PasswordStep({ onPassword }: { onPassword: (password: string) => void }) {
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
      <TextField
        label={text.password}
        type="password"
        autoComplete="new-password"
        autoFocus
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
      <Button type="submit" look="primary" size="lg" wide icon={ArrowRight}>
        {text.next}
      </Button>
    </form>
  );
}
