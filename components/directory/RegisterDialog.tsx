'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { InvitationLink } from '#components/registry/InvitationLink.tsx';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { findSimilar, putOnLedger, registerPatient, registerWard } from '#server/directory/actions.ts';
import type { SimilarPatient } from '#server/directory/schema.ts';
import { EntryLine } from './EntryLine.tsx';
import { useTask } from './useTask.ts';

const text = t.directory.register;
const sexes = ['female', 'male', 'other', 'unknown'] as const;

type Done = { invitation: { token: string; expiresAt: string } } | { ward: string; onLedger: boolean };

/** Registers a patient, or somebody without an account, after whoever resembles them was compared. */
export function RegisterDialog({ kind, onClose }: { kind: 'patient' | 'ward'; onClose: () => void }) {
  const [identity, setIdentity] = useState({ name: '', birthDate: '', identifier: '' });
  const [sex, setSex] = useState<(typeof sexes)[number]>('unknown');
  const [email, setEmail] = useState('');
  const [similar, setSimilar] = useState<SimilarPatient[]>([]);
  const [isAnother, setAnother] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const { ask, busy, problem } = useTask();
  const ward = kind === 'ward';
  const set = (change: Partial<typeof identity>) => {
    setIdentity({ ...identity, ...change });
    setSimilar([]);
    setAnother(false);
  };

  const putWard = async (personId: string) => {
    const put = await ask(async () => expectData(await putOnLedger({ personId })));
    setDone({ ward: personId, onLedger: put !== undefined });
  };
  const submit = async () => {
    if (!isAnother) {
      const found = await ask(async () => expectData(await findSimilar(identity)));
      if (found === undefined) return;
      setSimilar(found.data);
      if (found.data.length > 0) return;
    }
    const entered = { ...identity, sex, isAnother };
    if (ward) {
      const made = await ask(async () => expectData(await registerWard(entered)));
      if (made !== undefined) await putWard(made.data.personId);
      return;
    }
    const made = await ask(async () => expectData(await registerPatient({ ...entered, email })));
    if (made !== undefined) setDone({ invitation: made.data });
  };

  const { name } = identity;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={done !== null && 'invitation' in done ? text.done(name) : ward ? text.titleWard : text.title}
      description={done === null ? (ward ? text.bodyWard : text.body) : 'invitation' in done && text.doneBody}
      closeLabel={t.shell.close}
      {...(done !== null && {
        actions: (
          <Button look="primary" onClick={onClose}>
            {text.close}
          </Button>
        ),
      })}
    >
      {done === null ? (
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <TextField
            label={text.name}
            required
            minLength={2}
            maxLength={120}
            autoFocus
            autoComplete="off"
            value={name}
            onChange={({ target }) => set({ name: target.value })}
          />
          <TextField
            label={text.birthDate}
            type="date"
            required
            value={identity.birthDate}
            onChange={({ target }) => set({ birthDate: target.value })}
          />
          <SelectField
            label={text.sex}
            options={sexes.map((value) => ({ value, label: text.sexes[value] }))}
            value={sex}
            onChange={setSex}
          />
          <TextField
            label={text.identifier}
            hint={text.identifierHint}
            maxLength={60}
            autoComplete="off"
            value={identity.identifier}
            onChange={({ target }) => set({ identifier: target.value })}
          />
          {!ward && (
            <TextField
              label={text.email}
              hint={text.emailHint}
              type="email"
              required
              maxLength={254}
              autoComplete="off"
              value={email}
              onChange={({ target }) => setEmail(target.value)}
            />
          )}
          {similar.length > 0 && (
            <Notice tone="warn" title={text.similar} live="alert">
              <p>{text.similarBody}</p>
              <ul className="my-3 space-y-3">
                {similar.map((entry) => (
                  <li key={entry.personId}>
                    <EntryLine entry={entry} />
                    <p className="mt-1 text-sm">{entry.why.map((why) => t.directory.why[why]).join(' · ')}</p>
                  </li>
                ))}
              </ul>
              <CheckBox checked={isAnother} onChange={setAnother}>
                {text.another}
              </CheckBox>
            </Notice>
          )}
          {problem?.code === 'ALREADY_EXISTS' ? (
            <Notice tone="danger" title={text.taken.title} live="alert">
              <p>{text.taken.next}</p>
            </Notice>
          ) : (
            problem && <ProblemNotice problem={problem} />
          )}
          <Button
            type="submit"
            look="primary"
            wide
            icon={ArrowRight}
            busy={busy}
            disabled={similar.length > 0 && !isAnother}
          >
            {text.submit}
          </Button>
        </form>
      ) : 'invitation' in done ? (
        <InvitationLink invitation={done.invitation} hint={t.registry.invitation.once} />
      ) : done.onLedger ? (
        <Notice tone="ok" title={text.doneWard(name)} live="status">
          <p>{text.doneWardBody}</p>
        </Notice>
      ) : (
        <div className="space-y-3">
          <Notice tone="warn" title={text.halfWay(name)} live="alert">
            <p>{text.halfWayNext}</p>
          </Notice>
          {problem && <ProblemNotice problem={problem} />}
          <Button busy={busy} onClick={() => void putWard(done.ward)}>
            {text.again}
          </Button>
        </div>
      )}
    </Dialog>
  );
}
