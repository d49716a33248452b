'use client';

import { ArrowRight, Search } from 'lucide-react';
import { useState } from 'react';
import { useChange } from '#components/registry/useChange.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Field, TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { sha256Hex } from '#crypto/derive.ts';
import { newCareId } from '#crypto/identifier.ts';
import { t } from '#messages/en.ts';
import type { DirectoryEntry } from '#server/directory/schema.ts';
import { findRepresentative } from '#server/patients/actions.ts';
import { endOfDay } from './endOfDay.ts';

const text = t.directory.appoint;

/** An admin appoints who acts for a patient, on a document that the institution keeps. */
export function AppointDialog({
  patient: { name, pseudonym },
  onClose,
}: {
  patient: Pick<DirectoryEntry, 'name' | 'pseudonym'>;
  onClose: () => void;
}) {
  const [wanted, setWanted] = useState({ identifier: '', birthDate: '' });
  const [found, setFound] = useState<{ pseudonym: string; name: string } | null>(null);
  const [isUnknown, setUnknown] = useState(false);
  const [document, setDocument] = useState<File | null>(null);
  const [until, setUntil] = useState('');
  const [tried, setTried] = useState(false);
  const { attempt, change, busy, problem } = useChange();

  const find = () =>
    attempt(async () => {
      const answer = expectData(await findRepresentative(wanted));
      setFound(answer ?? null);
      setUnknown(answer === undefined);
    });
  const end = endOfDay(until, new Date());
  const submit = async () => {
    setTried(true);
    if (found === null || document === null || end === undefined) return;
    let documentHash = '';
    const isRead = await attempt(async () => {
      documentHash = sha256Hex(new Uint8Array(await document.arrayBuffer()));
    });
    if (!isRead) return;
    const appointment = {
      ...{ id: newCareId('rep', pseudonym), patient: pseudonym, representative: found.pseudonym },
      ...{ documentHash, until: end },
    };
    const names = { [pseudonym]: name, [found.pseudonym]: found.name };
    if (await change({ kind: 'patients:appoint', appointment }, names)) onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title(name)}
      description={text.body}
      closeLabel={t.shell.close}
    >
      <form
        className="space-y-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void (found === null ? find() : submit());
        }}
      >
        {found === null ? (
          <>
            <TextField
              label={text.identifier}
              autoFocus
              maxLength={60}
              autoComplete="off"
              value={wanted.identifier}
              onChange={({ target }) => setWanted({ ...wanted, identifier: target.value })}
            />
            <TextField
              label={text.birthDate}
              type="date"
              value={wanted.birthDate}
              onChange={({ target }) => setWanted({ ...wanted, birthDate: target.value })}
            />
            {isUnknown && (
              <Notice tone="warn" title={text.unknown} live="alert">
                <p>{text.unknownNext}</p>
              </Notice>
            )}
            {problem && <ProblemNotice problem={problem} />}
            <Button type="submit" look="primary" wide icon={Search} busy={busy}>
              {text.find}
            </Button>
          </>
        ) : (
          <>
            <div className="flex flex-wrap items-center justify-between gap-3 rounded-md border border-line p-3">
              <p>
                <span className="block text-sm text-ink-2">{text.found}</span>
                <span className="font-bold">{found.name}</span>
              </p>
              <Button size="sm" onClick={() => setFound(null)}>
                {text.change}
              </Button>
            </div>
            <Field
              label={text.document}
              hint={text.documentHint}
              error={tried && document === null ? text.missing.document : null}
            >
              {(control) => (
                <input
                  {...control}
                  type="file"
                  className="control"
                  onChange={({ target }) => setDocument(target.files?.[0] ?? null)}
                />
              )}
            </Field>
            <TextField
              label={text.until}
              hint={text.untilHint}
              type="date"
              value={until}
              error={tried && end === undefined ? text.missing.until : null}
              onChange={({ target }) => setUntil(target.value)}
            />
            {problem && <ProblemNotice problem={problem} />}
            <Button type="submit" look="primary" wide icon={ArrowRight} busy={busy}>
              {text.next}
            </Button>
          </>
        )}
      </form>
    </Dialog>
  );
}
