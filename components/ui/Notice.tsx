import { CircleCheck, CircleX, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { inkTone, type Tone } from './tone.ts';

const icons: Record<Tone, LucideIcon> = {
  neutral: Info,
  brand: Info,
  info: Info,
  ok: CircleCheck,
  warn: TriangleAlert,
  danger: CircleX,
};
const grounds: Record<Tone, string> = {
  neutral: 'bg-sunken border-line-strong',
  brand: 'bg-brand-soft border-brand',
  info: 'bg-info-soft border-info',
  ok: 'bg-ok-soft border-ok',
  warn: 'bg-warn-soft border-warn',
  danger: 'bg-danger-soft border-danger',
};

/** Something the person must know: a title, what it means, and what can be done. */
export function Notice({
  tone = 'info',
  title,
  children,
  actions,
  icon,
  live,
}: {
  tone?: Tone;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  icon?: LucideIcon;
  /** Announce it when it appears: `alert` at once, `status` when the reader pauses. */
  live?: 'alert' | 'status';
}) {
  const Icon = icon ?? icons[tone];
  return (
    <div role={live} className={classes('flex gap-3 rounded-md border-l-[3px] p-3.5', grounds[tone])}>
      <Icon size={20} aria-hidden className={classes('mt-px shrink-0', inkTone[tone])} />
      <div className="min-w-0 flex-1">
        <p className="font-bold">{title}</p>
        {children && <div className="mt-1 space-y-1 text-sm text-ink-2">{children}</div>}
        {actions && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
