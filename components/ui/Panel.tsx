import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';

/** A surface with a hairline. */
export function Panel({
  children,
  as: Element = 'section',
  padded = true,
  labelledBy,
  label,
}: {
  children: ReactNode;
  as?: 'section' | 'div' | 'article' | 'aside';
  padded?: boolean;
  labelledBy?: string;
  label?: string;
}) {
  return (
    <Element
      aria-labelledby={labelledBy}
      aria-label={label}
      className={classes('rounded-lg border border-line bg-surface', padded && 'p-4 sm:p-5')}
    >
      {children}
    </Element>
  );
}

/** The head of a panel: what it is, a quiet remark, and something on the far side. */
export function PanelHead({
  title,
  remark,
  icon: Icon,
  aside,
  id,
}: {
  title: string;
  remark?: ReactNode;
  icon?: LucideIcon;
  aside?: ReactNode;
  id?: string;
}) {
  return (
    <div className="mb-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2.5">
        <h2 id={id} className="flex items-center gap-2 text-base font-bold">
          {Icon && <Icon size={18} aria-hidden className="shrink-0 text-ink-2" />}
          {title}
        </h2>
        {remark && <span className="text-sm text-ink-3">{remark}</span>}
      </div>
      {aside}
    </div>
  );
}
