import Link from 'next/link';
import type { ReactNode } from 'react';
import { Mark } from '#components/ui/Mark.tsx';
import { TopTools } from './TopTools.tsx';

/** A page of the portal: its bar with title and what belongs beside it, and its content. */
export function Page({
  title,
  remarks,
  width = 'full',
  children,
}: {
  title: string;
  /** Pills beside the title. */
  remarks?: ReactNode;
  /** `reading`: plain and large, for people who read rather than work through. */
  width?: 'full' | 'reading';
  children: ReactNode;
}) {
  return (
    <>
      <header
        data-print="hide"
        className="sticky top-0 z-10 border-b border-line bg-canvas/95 backdrop-blur-sm supports-[not(backdrop-filter:none)]:bg-canvas"
      >
        <div className="flex min-h-[60px] flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2 sm:px-7">
          <Link href="/" className="rounded-sm lg:hidden" aria-label="Medloom">
            <Mark size={26} />
          </Link>
          <h1 className="text-lg font-bold tracking-tight">{title}</h1>
          {remarks && <div className="hidden items-center gap-2 sm:flex">{remarks}</div>}
          <div className="ml-auto">
            <TopTools />
          </div>
        </div>
      </header>
      <main
        id="content"
        tabIndex={-1}
        className={`w-full flex-1 px-4 pt-5 pb-28 outline-none sm:px-7 sm:pt-6 lg:pb-10 ${
          width === 'reading' ? 'mx-auto max-w-[46rem]' : 'max-w-[110rem]'
        }`}
      >
        {remarks && <div className="mb-4 flex flex-wrap items-center gap-2 sm:hidden">{remarks}</div>}
        {children}
      </main>
    </>
  );
}
