import { UserRoundX } from 'lucide-react';
import Link from 'next/link';
import { keysAddress } from '#components/shell/navigation.ts';
import { formatDateTime } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { OwnNewKeys } from '#server/reenrolment/schema.ts';

const text = t.reenrolment.banner;

/** Says on every page that somebody asks for new keys in the person's name: there is little time to refuse. */
export function NewKeysBanner({ newKeys: { dueAt } }: { newKeys: OwnNewKeys }) {
  return (
    <div
      role="alert"
      data-print="hide"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-danger bg-danger-soft px-4 py-2 text-sm sm:px-7"
    >
      <UserRoundX size={18} aria-hidden className="shrink-0 text-danger" />
      <strong>{text.title}</strong>
      <span>{dueAt === undefined ? text.proposed : text.due(formatDateTime(dueAt))}</span>
      <Link href={keysAddress} className="font-bold underline">
        {text.look}
      </Link>
    </div>
  );
}
