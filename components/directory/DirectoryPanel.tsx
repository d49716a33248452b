'use client';

import { KeyRound, Link2, Search, Server, UserCheck, UserRoundX, UsersRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';
import { NewKeysDialog } from '#components/reenrolment/NewKeysDialog.tsx';
import { InvitationLink } from '#components/registry/InvitationLink.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { TextField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { findEntries, invitePatient, putOnLedger } from '#server/directory/actions.ts';
import type { DirectoryEntry, RegisteredPatient } from '#server/directory/schema.ts';
import { AppointDialog } from './AppointDialog.tsx';
import { EntryLine, standingOf } from './EntryLine.tsx';
import { RegisterButton } from './RegisterButton.tsx';
import { useTask } from './useTask.ts';

const text = t.directory;
const pauseMs = 250;

type Opened =
  | { dialog: 'invitation'; entry: DirectoryEntry; invitation: RegisteredPatient }
  | { dialog: 'appoint' | 'lost'; entry: DirectoryEntry };

/** The institution's patients: found, registered, invited again, put on the ledger, and who acts for them. */
export function DirectoryPanel() {
  const router = useRouter();
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<DirectoryEntry[] | null>(null);
  const [unread, setUnread] = useState<Problem | null>(null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const { ask, busy, problem } = useTask();
  const turn = useRef(0);

  const look = useCallback(async (wanted: string) => {
    const mine = ++turn.current;
    if (wanted.trim().length < 2) return setFound(null);
    try {
      const entries = expectData(await findEntries({ query: wanted }));
      if (mine !== turn.current) return;
      setUnread(null);
      setFound(entries);
    } catch (thrown) {
      if (mine === turn.current) setUnread(problemOf(thrown, 'OFFLINE'));
    }
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => void look(query), pauseMs);
    return () => clearTimeout(timer);
  }, [query, look]);

  const invite = async (entry: DirectoryEntry) => {
    const made = await ask(async () => expectData(await invitePatient({ personId: entry.personId })));
    if (made) setOpened({ dialog: 'invitation', entry, invitation: made.data });
  };
  const put = async ({ personId }: DirectoryEntry) => {
    if (await ask(async () => expectData(await putOnLedger({ personId })))) await look(query);
  };

  return (
    <Panel labelledBy="directory">
      <PanelHead
        id="directory"
        title={text.title}
        remark={text.remark}
        aside={
          <div className="flex flex-wrap gap-2">
            <RegisterButton />
            <RegisterButton kind="ward" />
          </div>
        }
      />
      <TextField
        label={text.search}
        hint={text.searchHint}
        type="search"
        autoComplete="off"
        maxLength={100}
        value={query}
        onChange={({ target }) => setQuery(target.value)}
      />
      <div className="mt-4 space-y-3" aria-live="polite">
        {(problem ?? unread) && <ProblemNotice problem={problem ?? unread ?? { code: 'INTERNAL', message: '' }} />}
        {found === null && (
          <Empty
            icon={query.trim().length < 2 ? UsersRound : Search}
            title={query.trim().length < 2 ? text.start : text.searching}
          >
            {text.startBody}
          </Empty>
        )}
        {found?.length === 0 && (
          <Empty icon={UserRoundX} title={text.none}>
            {text.noneBody}
          </Empty>
        )}
        {found !== null && found.length > 0 && (
          <ul className="divide-y divide-line border-y border-line">
            {found.map((entry) => {
              const standing = standingOf(entry);
              return (
                <li key={entry.personId} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
                  <EntryLine entry={entry} />
                  <fieldset className="flex flex-wrap gap-2">
                    <legend className="sr-only">{text.actions(entry.name)}</legend>
                    {standing === 'invited' && (
                      <Button size="sm" icon={Link2} disabled={busy} onClick={() => void invite(entry)}>
                        {text.invite}
                      </Button>
                    )}
                    {standing === 'waiting' && (
                      <Button size="sm" icon={Server} busy={busy} onClick={() => void put(entry)}>
                        {text.put}
                      </Button>
                    )}
                    {(standing === 'registered' || standing === 'enrolled') && (
                      <Button size="sm" icon={UserCheck} onClick={() => setOpened({ dialog: 'appoint', entry })}>
                        {text.appointRepresentative}
                      </Button>
                    )}
                    {standing === 'enrolled' && (
                      <Button size="sm" icon={KeyRound} onClick={() => setOpened({ dialog: 'lost', entry })}>
                        {t.reenrolment.admin.start}
                      </Button>
                    )}
                  </fieldset>
                </li>
              );
            })}
          </ul>
        )}
      </div>
      {opened?.dialog === 'appoint' && <AppointDialog patient={opened.entry} onClose={() => setOpened(null)} />}
      {opened?.dialog === 'lost' && (
        <NewKeysDialog
          person={{ subject: opened.entry.pseudonym, name: opened.entry.name }}
          onClose={() => {
            setOpened(null);
            router.refresh();
          }}
        />
      )}
      {opened?.dialog === 'invitation' && (
        <Dialog
          open
          onOpenChange={(open) => !open && setOpened(null)}
          title={text.register.done(opened.entry.name)}
          description={text.register.doneBody}
          closeLabel={t.shell.close}
        >
          <InvitationLink invitation={opened.invitation} hint={t.registry.invitation.once} />
        </Dialog>
      )}
    </Panel>
  );
}
