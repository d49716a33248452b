import type { ReactNode } from 'react';

/** Scanner on one side, what it is for on the other; one below the other on a phone. */
export function Workbench({ scanner, children }: { scanner: ReactNode; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[20.75rem_minmax(0,1fr)]">
      <div>{scanner}</div>
      <div className="min-w-0 space-y-5">{children}</div>
    </div>
  );
}
