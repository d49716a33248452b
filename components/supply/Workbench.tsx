'use client';

import { type ReactNode, useEffect, useRef } from 'react';

/** Scanner on one side, what it is for on the other; one below the other on a phone. */
export function Workbench({
  scanner,
  answered,
  children,
}: {
  scanner: ReactNode;
  /** Whether an answer stands on the other side: on a phone it comes into view by itself. */
  answered?: boolean;
  children: ReactNode;
}) {
  const work = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (answered) work.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [answered]);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[20.75rem_minmax(0,1fr)]">
      <div>{scanner}</div>
      <div ref={work} className="min-w-0 scroll-mt-20 space-y-5">
        {children}
      </div>
    </div>
  );
}
