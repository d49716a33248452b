import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { Toaster } from 'sonner';
import { DemonstrationBanner } from '#components/shell/DemonstrationBanner.tsx';
import { readTheme } from '#components/shell/readTheme.ts';
import { t } from '#messages/en.ts';
import { isDemonstration } from '#server/settings/queries.ts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: t.public.title, template: `%s · ${t.shell.product}` },
  description: t.public.description,
  // The code of a prescription stands in a fragment; no other site learns which page it came from.
  referrer: 'same-origin',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f8f7f2' },
    { media: '(prefers-color-scheme: dark)', color: '#0b161a' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = await readTheme();
  const demonstration = isDemonstration();
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme} suppressHydrationWarning>
      <body className={demonstration ? '[--banner:2rem]' : undefined}>
        {demonstration && <DemonstrationBanner />}
        {children}
        {/* On a phone above the navigation at its foot. */}
        <Toaster
          position="bottom-right"
          mobileOffset={{ bottom: 76 }}
          toastOptions={{
            style: {
              fontFamily: 'inherit',
              background: 'var(--color-surface)',
              color: 'var(--color-ink)',
              border: '1px solid var(--color-line-strong)',
              boxShadow: 'none',
            },
          }}
        />
      </body>
    </html>
  );
}
