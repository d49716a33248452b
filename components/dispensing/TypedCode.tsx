'use client';

import { CircleCheck, ScanSearch } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Field } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';
import { groupTyped, typedLength } from './typed.ts';

const text = t.dispensing.scan;

/** The typed form of the code, checked while it is typed. */
export function TypedCode({
  check,
  onCode,
  busy,
  action = text.check,
}: {
  /** Says what is wrong with a complete code; null where it is good. */
  check: (typed: string) => string | null;
  onCode: (typed: string) => void;
  busy: boolean;
  /** What the button says. */
  action?: string;
}) {
  const [typed, setTyped] = useState('');
  const length = typedLength(typed);
  const fault = length >= 27 || /[^0-9a-z\s-]/i.test(typed) ? check(typed) : null;
  const good = length === 27 && fault === null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!good) return;
        onCode(typed);
        setTyped('');
      }}
    >
      <Field
        label={text.typed}
        hint={text.typedHint}
        error={fault}
        aside={
          good ? (
            <span className="flex items-center gap-1 text-sm font-semibold text-ok">
              <CircleCheck size={16} aria-hidden />
              {text.typedGood}
            </span>
          ) : (
            length > 0 && <span className="text-sm text-ink-3">{text.typedProgress(length)}</span>
          )
        }
      >
        {(control) => (
          <input
            {...control}
            value={typed}
            maxLength={60}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            placeholder="XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXX"
            onChange={(event) => setTyped(groupTyped(event.target.value))}
            className="control font-mono text-sm tracking-tight"
          />
        )}
      </Field>
      <div className="mt-3">
        <Button type="submit" wide icon={ScanSearch} disabled={!good} busy={busy}>
          {busy ? text.checking : action}
        </Button>
      </div>
    </form>
  );
}
