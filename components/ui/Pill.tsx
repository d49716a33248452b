import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { softTone, type Tone } from './tone.ts';

/** A short state in words, with its icon; colour only supports it. */
export function Pill({
  tone = 'neutral',
  icon: Icon,
  children,
}: {
  tone?: Tone;
  icon?: LucideIcon;
  children: ReactNode;
}) {
  return (
    <span
      className={classes(
        'inline-flex min-h-[26px] items-center gap-1.5 rounded-full border px-2.5 py-0.5 text-sm font-semibold whitespace-nowrap',
        softTone[tone],
      )}
    >
      {Icon && <Icon size={15} aria-hidden className="shrink-0" />}
      {children}
    </span>
  );
}
