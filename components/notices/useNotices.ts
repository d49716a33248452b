'use client';

import { useCallback, useEffect, useState } from 'react';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { expectData } from '#components/vault/errors.ts';
import { countUnread, listNotices, markRead } from '#server/notices/actions.ts';
import type { NoticeView } from '#server/notices/schema.ts';

/** What a person was told: how much of it is unread, and all of it once it is looked at. */
export function useNotices() {
  const [unread, setUnread] = useState(0);
  const [notices, setNotices] = useState<NoticeView[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  // At each page, and when the person comes back to it: often enough, and no idle page keeps a session alive.
  useEffect(() => {
    let current = true;
    const look = async () => {
      if (document.visibilityState === 'hidden') return;
      try {
        const count = expectData(await countUnread(undefined));
        if (current) setUnread(count);
      } catch {
        // The bell shows what was known; whoever opens it is told what is wrong.
      }
    };
    void look();
    document.addEventListener('visibilitychange', look);
    return () => {
      current = false;
      document.removeEventListener('visibilitychange', look);
    };
  }, []);

  const load = useCallback(async () => {
    setProblem(null);
    try {
      const listed = expectData(await listNotices({}));
      setNotices(listed);
      const ids = listed.filter(({ read }) => !read).map(({ id }) => id);
      setUnread(ids.length === 0 ? 0 : expectData(await markRead({ ids })).unread);
    } catch (thrown) {
      setProblem(problemOf(thrown, 'OFFLINE'));
    }
  }, []);

  return { unread, notices, problem, load };
}
