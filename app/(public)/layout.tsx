import { BadgeCheck } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { readTheme } from '#components/shell/readTheme.ts';
import { ThemeMenu } from '#components/shell/ThemeMenu.tsx';
import { Wordmark } from '#components/ui/Mark.tsx';
import { t } from '#messages/en.ts';

export default async function PublicLayout({ children }: { children: ReactNode }) {
  const theme = await readTheme();
  return (
    <div className="flex min-h-[calc(100dvh-var(--banner,0px))] flex-col">
      <a
        href="#content"
        className="sr-only z-50 rounded-lg bg-surface px-4 py-2 font-semibold focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {t.shell.skip}
      </a>
      <header className="flex items-center justify-between gap-4 px-4 py-3 sm:px-8">
        <Link href="/" className="rounded-sm py-1">
          <Wordmark />
        </Link>
        <div className="flex items-center gap-1">
          <Link
            href="/verify"
            className="inline-flex min-h-10 items-center gap-2 rounded-lg px-3 font-semibold text-ink-2 hover:bg-sunken hover:text-ink"
          >
            <BadgeCheck size={18} aria-hidden className="shrink-0" />
            <span className="sm:hidden">{t.verify.submit}</span>
            <span className="hidden sm:inline">{t.verify.title}</span>
          </Link>
          <ThemeMenu initial={theme} />
        </div>
      </header>
      {children}
    </div>
  );
}
