import { LockKeyhole, TriangleAlert } from 'lucide-react';
import { t } from '#messages/en.ts';
import { type ContentState, medicineOf } from './content.ts';

const text = t.prescriptions.list;

/** The medicine's name where the content is open, else why it is not. */
export function ContentName({ content }: { content: ContentState }) {
  switch (content.state) {
    case 'open':
      return <span className="font-bold">{medicineOf(content.content.request)}</span>;
    case 'reading':
      return <span className="text-ink-3">{text.reading}</span>;
    case 'locked':
      return (
        <span className="inline-flex items-center gap-1.5 text-ink-3">
          <LockKeyhole size={15} aria-hidden /> {text.locked}
        </span>
      );
    case 'failed':
      return (
        <span className="inline-flex items-center gap-1.5 font-semibold text-danger">
          <TriangleAlert size={15} aria-hidden /> {text.unreadable}
        </span>
      );
  }
}
