'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { StaffView } from '#server/registry/schema.ts';
import { LicenceFields } from './LicenceFields.tsx';
import { isInOrder, licenceOf, termsOf } from './licenceTerms.ts';
import { useChange } from './useChange.ts';

/** A person's next licence, to be signed. */
export function RenewLicenceDialog({ person, onClose }: { person: StaffView; onClose: () => void }) {
  const [terms, setTerms] = useState(() => termsOf(person.licence));
  const { change, busy, problem } = useChange();
  const submit = async () => {
    const intent = { kind: 'renewLicence', subject: person.id, licence: licenceOf(terms) } as const;
    if (await change(intent, { [person.id]: person.name })) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.registry.licence.renewTitle(person.name)}
      closeLabel={t.shell.close}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <LicenceFields terms={terms} onChange={setTerms} />
        {problem && <ProblemNotice problem={problem} />}
        <Button type="submit" look="primary" wide icon={ArrowRight} busy={busy} disabled={!isInOrder(terms)}>
          {t.registry.takeOn.next}
        </Button>
      </form>
    </Dialog>
  );
}
