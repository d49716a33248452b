'use client';

import type { ComponentProps } from 'react';
import { TextField } from './Field.tsx';

/** What is wrong with a number, and at which character of it, counted from 0. */
export interface CodeFault {
  message: string;
  position: number;
}

/** A number that is typed; where it is wrong, the character at fault stands out under it. */
export function CodeField({
  fault,
  value,
  ...field
}: Omit<ComponentProps<typeof TextField>, 'error' | 'mono' | 'value'> & { fault: CodeFault | null; value: string }) {
  return (
    <div>
      <TextField {...field} mono autoComplete="off" spellCheck={false} value={value} error={fault?.message ?? null} />
      {fault && value !== '' && (
        <p aria-hidden className="mt-1 font-mono text-sm break-all text-ink-2">
          {value.slice(0, fault.position)}
          <mark className="rounded-sm bg-danger-soft px-0.5 font-bold text-danger underline decoration-2 underline-offset-3">
            {value.charAt(fault.position) || '_'}
          </mark>
          {value.slice(fault.position + 1)}
        </p>
      )}
    </div>
  );
}
