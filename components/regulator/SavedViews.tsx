'use client';

import { Bookmark, BookmarkPlus, X } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { deleteView, saveView } from '#server/trace/actions.ts';
import type { SavedView } from '#server/trace/schema.ts';

const text = t.trace.views;

/** The person's own views of a page: each a filter under a name. */
export function SavedViews({ page, query, views }: { page: string; query: string; views: readonly SavedView[] }) {
  const router = useRouter();
  const { busy, problem, attempt } = useAttempt();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const own = views.filter((view) => view.page === page);

  const keep = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    if (!(await attempt(async () => expectData(await saveView({ page, name: name.trim(), query }))))) return;
    setNaming(false);
    setName('');
    router.refresh();
  };
  const remove = async (view: SavedView) => {
    if (await attempt(async () => expectData(await deleteView({ page, name: view.name })))) router.refresh();
  };

  return (
    <div className="flex flex-wrap items-center gap-2">
      {own.length > 0 && (
        <ul aria-label={text.label} className="flex flex-wrap gap-2">
          {own.map((view) => (
            <li key={view.name} className="flex items-center rounded-full border border-line bg-surface text-sm">
              <Link
                href={view.query === '' ? `/${page}` : `/${page}?${view.query}`}
                scroll={false}
                aria-current={view.query === query || undefined}
                className="flex min-h-8 items-center gap-1.5 rounded-full py-0.5 pr-1 pl-3 font-semibold aria-current:text-brand"
              >
                <Bookmark size={14} aria-hidden />
                {view.name}
              </Link>
              <button
                type="button"
                aria-label={text.remove(view.name)}
                disabled={busy}
                onClick={() => void remove(view)}
                className="inline-flex size-8 items-center justify-center rounded-full text-ink-3 hover:text-ink"
              >
                <X size={14} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      {naming ? (
        <form onSubmit={keep} className="flex gap-2">
          <TextField
            label={text.name}
            hideLabel
            placeholder={text.name}
            maxLength={60}
            autoFocus
            value={name}
            onChange={({ target }) => setName(target.value)}
            onKeyDown={({ key }) => key === 'Escape' && setNaming(false)}
          />
          <Button type="submit" size="sm" busy={busy}>
            {text.keep}
          </Button>
        </form>
      ) : (
        <Button size="sm" look="quiet" icon={BookmarkPlus} onClick={() => setNaming(true)}>
          {text.save}
        </Button>
      )}
      {problem && <ProblemNotice problem={problem} />}
    </div>
  );
}
