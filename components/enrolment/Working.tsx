import { LoaderCircle } from 'lucide-react';

/** Says that something takes its time. */
export function Working({ words }: { words: string }) {
  return (
    <p role="status" className="flex items-center gap-2.5 py-3 text-ink-2">
      <LoaderCircle size={19} aria-hidden className="animate-spin text-brand" />
      {words}
    </p>
  );
}
