import { formatDate } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { RenewalSummary } from '#server/prescriptions/schema.ts';

const text = t.patient.medicines.taking;

/** What became of a request that a medicine be written again. */
export function RenewalNotice({ renewal }: { renewal: RenewalSummary }) {
  const { state, at, author, reason, by } = renewal;
  const who = by.institution ?? text.you;
  switch (state) {
    case 'asked':
      return <Notice tone="info" title={text.waiting(who, author.name, formatDate(at))} />;
    case 'denied':
      return (
        <Notice tone="warn" title={text.denied(author.name)}>
          <p>“{reason}”</p>
        </Notice>
      );
    case 'approved':
    case 'changed':
      return <Notice tone="ok" title={state === 'approved' ? text.approved : text.changed} />;
    case 'withdrawn':
      return null;
  }
}
