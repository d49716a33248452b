'use client';

import type { ReactNode } from 'react';
import { t } from '#messages/en.ts';
import { ShellProvider, type ShellPerson } from './ShellContext.tsx';
import { BottomBar, Sidebar } from './Sidebar.tsx';

/** The frame around every page of a signed-in person. */
export function PortalFrame({ person, children }: { person: ShellPerson; children: ReactNode }) {
  return (
    <ShellProvider person={person}>
      <a
        href="#content"
        className="sr-only z-50 rounded-lg bg-surface px-4 py-2 font-semibold focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {t.shell.skip}
      </a>
      <div className="flex min-h-dvh">
        <Sidebar />
        <div className="flex min-w-0 flex-1 flex-col">{children}</div>
      </div>
      <BottomBar />
    </ShellProvider>
  );
}
