import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** An empty list: what comes here, and what to do. */
export function Empty({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-1.5 px-4 py-10 text-center">
      <span className="mb-2 inline-flex size-11 items-center justify-center rounded-full bg-sunken text-ink-2">
        <Icon size={21} aria-hidden />
      </span>
      <p className="font-bold">{title}</p>
      <div className="max-w-prose text-sm text-balance text-ink-2">{children}</div>
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}
