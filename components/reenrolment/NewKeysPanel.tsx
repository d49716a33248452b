'use client';

import { ArrowRight, Ban, KeyRound, Link2, PenLine, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useChange } from '#components/registry/useChange.ts';
import { Avatar } from '#components/ui/Avatar.tsx';
import { Button } from '#components/ui/Button.tsx';
import { formatDateTime } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { discardNewKeys } from '#server/reenrolment/actions.ts';
import type { NewKeysView } from '#server/reenrolment/schema.ts';
import { NewKeysDialog } from './NewKeysDialog.tsx';

const text = t.reenrolment.admin;

/** People who have lost their keys and for whom the admin answers, with what the admin signs for them; nothing without any. */
export function NewKeysPanel({ people }: { people: NewKeysView[] }) {
  const router = useRouter();
  const { change, attempt, busy, problem, record } = useChange();
  const [opened, setOpened] = useState<{ dialog: 'refusal' | 'link'; person: NewKeysView } | null>(null);
  if (people.length === 0) return null;

  const propose = ({ subject, name, made }: NewKeysView) => {
    if (!made) return;
    const kind = isPatient(subject) ? 'patients:proposeReenrolment' : 'proposeReenrolment';
    void change({ kind, subject, keys: made.keys }, { [subject]: name });
  };
  const refuse = ({ subject, name }: NewKeysView, reason: string) => {
    const kind = isPatient(subject) ? 'patients:refuseReenrolment' : 'refuseReenrolment';
    return record({ kind, subject, reason }, { [subject]: name });
  };
  const discard = ({ subject }: NewKeysView) =>
    attempt(async () => {
      expectData(await discardNewKeys({ subject }));
      router.refresh();
    });

  return (
    <Panel labelledBy="new-keys">
      <PanelHead id="new-keys" title={text.panel} remark={text.remark} icon={KeyRound} />
      {problem && <ProblemNotice problem={problem} />}
      <ul className="divide-y divide-line">
        {people.map((person) => {
          const { subject, name, made, onLedger } = person;
          const state = onLedger?.state;
          const isFree = state === undefined || state === 'refused';
          return (
            <li key={subject} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
              <Avatar name={name} />
              <div className="min-w-0 flex-1 basis-56">
                <p className="font-bold">{name}</p>
                <p className="text-sm text-ink-2">{standingOf(person)}</p>
                {made && (
                  <p className="text-xs break-all text-ink-3">
                    {text.fingerprint(made.keys.signingKeyHash.slice(0, 16))}
                  </p>
                )}
              </div>
              <fieldset className="flex flex-wrap gap-2" disabled={busy}>
                <legend className="sr-only">{text.title(name)}</legend>
                {isFree && made && (
                  <Button size="sm" look="primary" icon={PenLine} onClick={() => propose(person)}>
                    {text.propose}
                  </Button>
                )}
                {isFree && (
                  <Button size="sm" icon={Link2} onClick={() => setOpened({ dialog: 'link', person })}>
                    {text.again}
                  </Button>
                )}
                {isFree && (made || person.linkUntil) && (
                  <Button size="sm" look="quiet" icon={Trash2} onClick={() => void discard(person)}>
                    {text.discard}
                  </Button>
                )}
                {(state === 'proposed' || state === 'approved') && (
                  <Button size="sm" look="danger" icon={Ban} onClick={() => setOpened({ dialog: 'refusal', person })}>
                    {text.refuse}
                  </Button>
                )}
              </fieldset>
            </li>
          );
        })}
      </ul>
      {opened?.dialog === 'link' && (
        <NewKeysDialog
          person={opened.person}
          onClose={() => {
            setOpened(null);
            router.refresh();
          }}
        />
      )}
      {opened?.dialog === 'refusal' && (
        <ReasonDialog
          title={text.refuseTitle(opened.person.name)}
          label={t.registry.decisions.reason}
          hint={t.registry.decisions.reasonHint}
          action={t.registry.decisions.next}
          icon={ArrowRight}
          onReason={(reason) => refuse(opened.person, reason)}
          onClose={() => setOpened(null)}
        />
      )}
    </Panel>
  );
}

const isPatient = (subject: string) => subject.startsWith('pt-');

function standingOf({ linkUntil, made, onLedger }: NewKeysView): string {
  const { state, at = '', dueAt = '', reason = '' } = onLedger ?? {};
  if (state === 'proposed') return text.proposed(formatDateTime(at));
  if (state === 'approved') return text.approved(formatDateTime(dueAt));
  if (state === 'completed') return text.completed;
  if (made) return text.made(formatDateTime(made.at));
  if (linkUntil) return text.link(formatDateTime(linkUntil));
  return text.refused(reason);
}
