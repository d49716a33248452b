'use client';

import { Bell } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { NoticeView } from '#server/notices/schema.ts';
import { noticeAddress } from './noticeAddress.ts';
import { useNotices } from './useNotices.ts';

const text = t.notices;
const mostShown = 99;

/** What the person was told, with how much of it is new. Opening it marks it read. */
export function NoticeBell() {
  const person = usePerson();
  const [open, setOpen] = useState(false);
  const { unread, notices, problem, load } = useNotices();
  return (
    <>
      <button
        type="button"
        aria-label={text.open(unread)}
        title={text.title}
        onClick={() => {
          setOpen(true);
          void load();
        }}
        className="relative inline-flex size-10 shrink-0 items-center justify-center rounded-lg text-ink-2 transition-colors hover:bg-sunken hover:text-ink"
      >
        <Bell size={19} aria-hidden />
        {unread > 0 && (
          <span
            aria-hidden
            className="absolute top-0.5 right-0.5 inline-flex min-w-[18px] items-center justify-center rounded-full bg-brand px-1 text-xs leading-[18px] font-bold text-brand-ink"
          >
            {formatNumber(Math.min(unread, mostShown))}
          </span>
        )}
      </button>
      <Dialog open={open} onOpenChange={setOpen} title={text.title} closeLabel={t.shell.close} place="drawer">
        {problem && <ProblemNotice problem={problem} />}
        {notices?.length === 0 && (
          <Empty icon={Bell} title={text.none}>
            {text.noneBody}
          </Empty>
        )}
        {notices !== null && notices.length > 0 && (
          <ul className="divide-y divide-line">
            {notices.map((notice) => (
              <li key={notice.id}>
                <Link
                  href={noticeAddress(notice, person)}
                  onClick={() => setOpen(false)}
                  className="block rounded-sm py-3 hover:bg-sunken"
                >
                  <span className={notice.read ? 'block' : 'block font-bold'}>
                    {text.words[notice.kind](nameIn(notice, person.subjectId))}
                  </span>
                  <span className="block text-sm text-ink-2">
                    {!notice.read && <>{text.new} · </>}
                    <Time value={notice.at} />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Dialog>
    </>
  );
}

/** Whose record or keys: undefined where they are the reader's own. */
function nameIn({ patient: { pseudonym, name } }: NoticeView, self: string): string | undefined {
  return pseudonym === self ? undefined : (name ?? text.somebody);
}
