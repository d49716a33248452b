'use client';

import { RotateCw } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';

const text = t.shell.crash;

/** A screen that failed: what is kept, what to do, and the number that the log knows. */
export function Crash({ digest, retry }: { digest?: string; retry: () => void }) {
  return (
    <main id="content" className="mx-auto w-full max-w-[44rem] px-4 py-16">
      <h1 className="sr-only">{text.title}</h1>
      <Notice
        tone="danger"
        title={text.title}
        live="alert"
        actions={
          <Button look="primary" icon={RotateCw} onClick={retry}>
            {t.shell.reload}
          </Button>
        }
      >
        <p>{text.body}</p>
        <p>{text.next}</p>
        {digest && <p className="font-mono">{text.number(digest)}</p>}
      </Notice>
    </main>
  );
}
