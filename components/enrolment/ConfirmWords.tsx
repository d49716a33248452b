'use client';

import { KeyRound, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';
import { threeWords, wrongWords } from './threeWords.ts';

const text = t.public.enrol;

/** Asks for three of the words, so that nobody goes on with an empty sheet of paper. */
export function ConfirmWords({
  words,
  action = text.make,
  busy = false,
  onShowAgain,
  onConfirmed,
}: {
  words: string[];
  action?: string;
  busy?: boolean;
  onShowAgain: () => void;
  onConfirmed: () => void;
}) {
  const [asked] = useState(() => threeWords(words.length, randomBelow));
  const [typed, setTyped] = useState<Record<number, string>>(() =>
    Object.fromEntries(asked.map((position) => [position, ''])),
  );
  const [wrong, setWrong] = useState<number[]>([]);
  return (
    <form
      noValidate
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        const found = wrongWords(words, typed);
        setWrong(found);
        if (found.length === 0) onConfirmed();
      }}
    >
      <h2 className="text-lg font-bold">{text.confirmTitle}</h2>
      {asked.map((position, index) => (
        <TextField
          key={position}
          label={text.word(position)}
          autoFocus={index === 0}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          mono
          maxLength={20}
          value={typed[position] ?? ''}
          error={wrong.includes(position) ? text.wordWrong(position) : null}
          onChange={(event) => setTyped((was) => ({ ...was, [position]: event.target.value }))}
        />
      ))}
      <Button type="submit" look="primary" size="lg" wide icon={KeyRound} busy={busy}>
        {action}
      </Button>
      <Button look="quiet" wide icon={Undo2} onClick={onShowAgain}>
        {text.showAgain}
      </Button>
    </form>
  );
}

function randomBelow(below: number): number {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
  return value % below;
}
