'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Gs1Error } from '#gs1/error.ts';
import { t } from '#messages/en.ts';

const text = t.dispensing.packs;

/** A code that is typed or pasted; hand scanner, camera and pictures bring theirs to the page. */
export function TypedPack({
  addCode,
}: {
  /** Takes a code; false where the pack is on the list. Throws Gs1Error. */
  addCode: (code: string) => boolean;
}) {
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  return (
    <form
      className="flex flex-wrap items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        try {
          if (addCode(typed.trim())) setTyped('');
          else setFault(text.twice);
        } catch (thrown) {
          if (!(thrown instanceof Gs1Error)) throw thrown;
          setFault(`${text.unread}. ${thrown.message}`);
        }
      }}
    >
      <div className="min-w-0 flex-1 basis-64">
        <TextField
          label={text.typed}
          hint={text.typedHint}
          error={fault}
          mono
          autoComplete="off"
          spellCheck={false}
          maxLength={300}
          value={typed}
          onChange={({ target }) => {
            setFault(null);
            setTyped(target.value);
          }}
        />
      </div>
      <div className="sm:pt-7">
        <Button type="submit" icon={Plus} disabled={typed.trim() === ''}>
          {text.add}
        </Button>
      </div>
    </form>
  );
}
