'use client';

import { PenLine, Search, UserRound } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { findRepresentative } from '#server/patients/actions.ts';

const text = t.consents.representatives;
type Found = { pseudonym: string; name: string };

/**
 * Lets somebody act for the patient: found by what the two know of each other, named, then signed. `appoint` signs and
 * records it and throws what prevented it.
 */
export function AppointDialog({
  onClose,
  appoint,
}: {
  onClose: () => void;
  appoint: (who: Found, until: string | undefined) => Promise<void>;
}) {
  const id = useId();
  const [who, setWho] = useState({ identifier: '', birthDate: '' });
  const [found, setFound] = useState<Found | null | undefined>(undefined);
  const [lastDay, setLastDay] = useState('');
  const { busy, problem, attempt } = useAttempt();
  const end = lastDay === '' ? undefined : new Date(`${lastDay}T23:59:59`);
  const late = end !== undefined && !(end.getTime() > Date.now());

  const find = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => setFound(expectData(await findRepresentative(who)) ?? null));
  };
  const sign = () =>
    attempt(async () => {
      if (!found) return;
      await appoint(found, end?.toISOString());
      onClose();
    });

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.appoint}
      description={text.remark}
      closeLabel={t.shell.close}
      actions={
        <>
          <Button onClick={onClose}>{t.shell.cancel}</Button>
          {found ? (
            <Button look="primary" icon={PenLine} busy={busy} disabled={late} onClick={sign}>
              {text.sign}
            </Button>
          ) : (
            <Button
              look="primary"
              type="submit"
              form={id}
              icon={Search}
              busy={busy}
              disabled={who.identifier.trim().length < 6 || who.birthDate === ''}
            >
              {text.find}
            </Button>
          )}
        </>
      }
    >
      <div className="space-y-4">
        {found ? (
          <>
            <div className="flex flex-wrap items-center gap-3 rounded-md border border-line p-3">
              <UserRound size={20} aria-hidden className="shrink-0 text-ink-3" />
              <span className="min-w-0 flex-1 font-bold break-words">{found.name}</span>
              <Button size="sm" onClick={() => setFound(undefined)}>
                {t.consents.change}
              </Button>
            </div>
            <TextField
              label={text.until}
              hint={text.untilHint}
              error={late ? t.consents.missing.day : null}
              type="date"
              value={lastDay}
              onChange={({ target }) => setLastDay(target.value)}
            />
          </>
        ) : (
          <form id={id} onSubmit={find} className="space-y-4">
            <TextField
              label={text.identifier}
              hint={text.identifierHint}
              autoComplete="off"
              maxLength={60}
              value={who.identifier}
              onChange={({ target }) => setWho({ ...who, identifier: target.value })}
            />
            <TextField
              label={text.birthDate}
              type="date"
              value={who.birthDate}
              onChange={({ target }) => setWho({ ...who, birthDate: target.value })}
            />
            {found === null && (
              <Notice tone="warn" live="alert" title={text.notFound}>
                <p>{text.notFoundBody}</p>
              </Notice>
            )}
          </form>
        )}
        {problem && <ProblemNotice problem={problem} />}
      </div>
    </Dialog>
  );
}
