'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { proposeInstitution } from '#server/registry/actions.ts';
import { type Invitation, proposedKinds } from '#server/registry/schema.ts';
import { InvitationLink } from './InvitationLink.tsx';

const text = t.registry.join;

/** What an institution says of itself; then the link for its first administrator, shown this once. */
export function JoinForm() {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<(typeof proposedKinds)[number]>('hospital');
  const [place, setPlace] = useState('');
  const [contact, setContact] = useState({ name: '', email: '' });
  const [made, setMade] = useState<Invitation | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const submit = async () => {
    setBusy(true);
    setProblem(null);
    try {
      setMade(expectData(await proposeInstitution({ name, kind, place, contact })));
    } catch (thrown) {
      setProblem(problemOf(thrown, 'OFFLINE'));
    } finally {
      setBusy(false);
    }
  };

  if (made) {
    return (
      <div className="space-y-4">
        <Notice tone="ok" title={text.done} live="status">
          <p>{text.doneBody}</p>
        </Notice>
        <InvitationLink invitation={made} hint={text.linkHint} />
      </div>
    );
  }
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextField
        label={text.name}
        hint={text.nameHint}
        required
        minLength={3}
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField
        label={text.kind}
        options={proposedKinds.map((value) => ({ value, label: t.workplaces.institution.kinds[value] }))}
        value={kind}
        onChange={setKind}
      />
      <TextField label={text.place} maxLength={120} value={place} onChange={(event) => setPlace(event.target.value)} />
      <TextField
        label={text.contact}
        hint={text.contactHint}
        required
        minLength={2}
        maxLength={120}
        autoComplete="name"
        value={contact.name}
        onChange={(event) => setContact({ ...contact, name: event.target.value })}
      />
      <TextField
        label={text.email}
        hint={text.emailHint}
        type="email"
        required
        maxLength={254}
        autoComplete="email"
        value={contact.email}
        onChange={(event) => setContact({ ...contact, email: event.target.value })}
      />
      {problem && <ProblemNotice problem={problem} />}
      <Button type="submit" look="primary" size="lg" wide icon={ArrowRight} busy={busy}>
        {text.submit}
      </Button>
    </form>
  );
}
