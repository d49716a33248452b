import { classes } from './classes.ts';

/** A key of the keyboard. Decoration: the same thing can always be done without it. */
export function Kbd({ children, onBrand }: { children: string; onBrand?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={classes(
        'rounded-[5px] border px-1.5 py-px font-mono text-xs leading-tight whitespace-nowrap',
        onBrand ? 'border-current' : 'border-line-strong bg-surface text-ink-2',
      )}
    >
      {children}
    </span>
  );
}
