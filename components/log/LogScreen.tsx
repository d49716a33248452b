'use client';

import { Eye, LoaderCircle } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { FullAccess } from '#chaincode/model/access.ts';
import { isUnopened } from '#components/consents/readSharing.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { AccessEntry, EmergencyView } from '#server/access/schema.ts';
import type { RecordFacts } from '#server/records/schema.ts';
import { EmergencyNotices } from './EmergencyNotices.tsx';
import { LogEntry } from './LogEntry.tsx';
import { readLog } from './readLog.ts';

const text = t.patient.log;

/** Who has read a record: what and why as the ledger tells its owner, with names and proof as the portal knows them. */
export function LogScreen({
  facts,
  entries,
  emergencies,
}: {
  facts: RecordFacts;
  entries: readonly AccessEntry[];
  emergencies: readonly EmergencyView[];
}) {
  const vault = useVault();
  const { subjectId } = usePerson();
  const [items, setItems] = useState<FullAccess[] | null>(null);
  const [bookmark, setBookmark] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { pseudonym } = facts;
  const isOpen = vault.state === 'open';

  const more = useCallback(
    async (from: string) => {
      setBusy(true);
      setProblem(null);
      try {
        const page = await readLog(pseudonym, from);
        setItems((before) => (from === '' ? page.items : [...(before ?? []), ...page.items]));
        setBookmark(page.items.length === 0 ? '' : page.bookmark);
      } catch (thrown) {
        if (isUnopened(thrown)) setItems([]);
        else setProblem(problemOf(thrown));
      } finally {
        setBusy(false);
      }
    },
    [pseudonym],
  );
  useEffect(() => {
    if (isOpen) void more('');
    else setItems(null);
  }, [isOpen, more]);

  return (
    <div className="space-y-5">
      <p className="max-w-prose text-ink-2">{text.intro}</p>
      <EmergencyNotices emergencies={emergencies} />
      <UnlockNotice />
      {problem && <ProblemNotice problem={problem} />}
      {items === null && busy && <Notice icon={LoaderCircle} live="status" title={text.reading} />}
      {items !== null && (
        <Panel labelledBy="log">
          <PanelHead id="log" icon={Eye} title={text.title} />
          {items.length === 0 ? (
            <Empty icon={Eye} title={text.none}>
              {text.noneBody}
            </Empty>
          ) : (
            <ul className="divide-y divide-line">
              {items.map((access) => (
                <LogEntry
                  key={access.id}
                  access={access}
                  entry={entries.find(({ id }) => id === access.id)}
                  own={access.reader === subjectId}
                />
              ))}
            </ul>
          )}
          {bookmark !== '' && (
            <div className="mt-3">
              <Button busy={busy} onClick={() => void more(bookmark)}>
                {text.older}
              </Button>
            </div>
          )}
        </Panel>
      )}
    </div>
  );
}
