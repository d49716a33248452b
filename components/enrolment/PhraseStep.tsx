'use client';

import { PencilLine } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';

const text = t.public.enrol;

/** Shows the recovery phrase, to be written on paper. */
export function PhraseStep({ words, onWritten }: { words: string[]; onWritten: () => void }) {
  return (
    <div className="space-y-4">
      <div>
        <h2 className="text-lg font-bold">{text.phraseTitle}</h2>
        <p className="mt-1 text-ink-2">{text.phraseBody}</p>
      </div>
      <ol className="grid grid-cols-2 gap-2 sm:grid-cols-3">
        {words.map((word, index) => (
          <li key={index} className="flex items-baseline gap-2.5 rounded-md border border-line bg-sunken px-3 py-2">
            <span className="w-5 text-right text-sm text-ink-3">{index + 1}</span>
            <span className="font-mono font-semibold">{word}</span>
          </li>
        ))}
      </ol>
      <Notice tone="warn" title={text.phraseWarningTitle}>
        <p>{text.phraseWarning}</p>
      </Notice>
      <Button look="primary" size="lg" wide icon={PencilLine} onClick={onWritten}>
        {text.phraseWritten}
      </Button>
    </div>
  );
}
