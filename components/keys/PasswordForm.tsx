'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';

/** Asks for the present password, without which nothing is added that opens the keys. */
export function PasswordForm({
  action,
  busy,
  onPassword,
}: {
  action: string;
  busy: boolean;
  onPassword: (password: string) => void;
}) {
  const [password, setPassword] = useState('');
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        onPassword(password);
      }}
    >
      <TextField
        label={t.keys.vault.yourPassword}
        type="password"
        autoComplete="current-password"
        autoFocus
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" look="primary" wide icon={ArrowRight} busy={busy} disabled={!password}>
        {action}
      </Button>
    </form>
  );
}
