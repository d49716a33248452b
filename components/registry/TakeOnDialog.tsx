'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import {
  employers,
  type InstitutionKind,
  type PractitionerRole,
  practitionerRoles,
} from '#chaincode/model/registry.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { takeOn } from '#server/registry/actions.ts';
import { LicenceFields } from './LicenceFields.tsx';
import { isInOrder, licenceOf, newTerms } from './licenceTerms.ts';
import { useChange } from './useChange.ts';

const text = t.registry.takeOn;

/** Who is taken on; then the registration is signed. What was entered stays in the list where it is not. */
export function TakeOnDialog({
  kind,
  onClose,
  onRegistered,
  onTaken,
}: {
  kind: InstitutionKind;
  onClose: () => void;
  /** Somebody is registered and can be invited. */
  onRegistered: (person: { subject: string; name: string }) => void;
  /** Somebody stands in the list, whether or not the registration was signed. */
  onTaken: () => void;
}) {
  const roles = practitionerRoles.filter((role) => employers[role].includes(kind));
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<PractitionerRole>(roles[0] ?? 'admin');
  const [terms, setTerms] = useState(() => newTerms(new Date()));
  const { attempt, busy, problem, change } = useChange();

  const submit = async () => {
    let practitioner: Awaited<ReturnType<typeof takeOnData>> | undefined;
    const entered = { name, email, role, licence: licenceOf(terms) };
    const taken = await attempt(async () => {
      practitioner = await takeOnData(entered);
    });
    if (!taken || practitioner === undefined) return;
    onTaken();
    const { id } = practitioner;
    if (await change({ kind: 'registerPractitioner', practitioner }, { [id]: name }))
      onRegistered({ subject: id, name });
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title}
      description={text.body}
      closeLabel={t.shell.close}
    >
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
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={text.email}
          hint={text.emailHint}
          type="email"
          required
          maxLength={254}
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <SelectField
          label={text.role}
          options={roles.map((value) => ({ value, label: t.shell.roles[value] }))}
          value={role}
          onChange={setRole}
        />
        <LicenceFields terms={terms} onChange={setTerms} />
        {problem?.code === 'ALREADY_EXISTS' ? (
          <Notice tone="danger" title={text.taken.title} live="alert">
            <p>{text.taken.next}</p>
          </Notice>
        ) : (
          problem && <ProblemNotice problem={problem} />
        )}
        <Button type="submit" look="primary" wide icon={ArrowRight} busy={busy} disabled={!isInOrder(terms)}>
          {text.next}
        </Button>
      </form>
    </Dialog>
  );
}

const takeOnData = async (input: Parameters<typeof takeOn>[0]) => expectData(await takeOn(input));
