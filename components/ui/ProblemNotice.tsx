import type { ReactNode } from 'react';
import { t } from '#messages/en.ts';
import { type Problem, wordsFor } from './errors.ts';
import { Notice } from './Notice.tsx';

/** What happened, what was kept, what to do next. */
export function ProblemNotice({ problem, kept, actions }: { problem: Problem; kept?: string; actions?: ReactNode }) {
  const words = wordsFor(problem);
  const keptText = words.kept ?? kept;
  return (
    <Notice tone="danger" title={words.title} live="alert" actions={actions}>
      {keptText && <p>{t.errors.kept(keptText)}</p>}
      {words.next && <p>{t.errors.next(words.next)}</p>}
    </Notice>
  );
}
