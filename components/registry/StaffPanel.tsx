'use client';

import { UserPlus, UsersRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { NewKeysDialog } from '#components/reenrolment/NewKeysDialog.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { dropStaff } from '#server/registry/actions.ts';
import type { InstitutionView, StaffView } from '#server/registry/schema.ts';
import { InvitationDialog } from './InvitationDialog.tsx';
import { RenewLicenceDialog } from './RenewLicenceDialog.tsx';
import { StaffRow } from './StaffRow.tsx';
import { TakeOnDialog } from './TakeOnDialog.tsx';
import { useChange } from './useChange.ts';

const text = t.registry.staff;

type Opened =
  | { dialog: 'takeOn' }
  | { dialog: 'invitation'; person: { subject: string; name: string } }
  | { dialog: 'lost'; person: { subject: string; name: string } }
  | { dialog: 'licence'; person: StaffView };

/** The people of an institution, and all that its admin signs about them. */
export function StaffPanel({
  staff,
  self,
  institution,
}: {
  staff: StaffView[];
  /** The admin's own number. */
  self: string;
  institution: InstitutionView;
}) {
  const router = useRouter();
  const [opened, setOpened] = useState<Opened | null>(null);
  const { change, attempt, problem } = useChange();
  const close = () => {
    setOpened(null);
    router.refresh();
  };

  const register = async ({ id, name, role, licence }: StaffView) => {
    const practitioner = { id, institutionId: institution.id, role, licence };
    const done = await change({ kind: 'registerPractitioner', practitioner }, { [id]: name });
    if (done) setOpened({ dialog: 'invitation', person: { subject: id, name } });
  };
  const drop = ({ id }: StaffView) =>
    attempt(async () => {
      expectData(await dropStaff({ subject: id }));
      router.refresh();
    });

  return (
    <Panel labelledBy="staff">
      <PanelHead
        id="staff"
        title={text.title}
        remark={text.remark(institution.name)}
        aside={
          <Button look="primary" size="sm" icon={UserPlus} onClick={() => setOpened({ dialog: 'takeOn' })}>
            {text.add}
          </Button>
        }
      />
      {problem && <ProblemNotice problem={problem} />}
      {staff.length === 0 ? (
        <Empty icon={UsersRound} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {staff.map((person) => (
            <StaffRow
              key={person.id}
              person={person}
              isSelf={person.id === self}
              onRegister={() => void register(person)}
              onDrop={() => void drop(person)}
              onInvite={() => setOpened({ dialog: 'invitation', person: { subject: person.id, name: person.name } })}
              onRenew={() => setOpened({ dialog: 'licence', person })}
              onLost={() => setOpened({ dialog: 'lost', person: { subject: person.id, name: person.name } })}
              onStatus={(status) =>
                void change({ kind: 'setPractitionerStatus', subject: person.id, status }, { [person.id]: person.name })
              }
            />
          ))}
        </ul>
      )}
      {opened?.dialog === 'takeOn' && (
        <TakeOnDialog
          kind={institution.kind}
          onClose={close}
          onTaken={() => router.refresh()}
          onRegistered={(person) => setOpened({ dialog: 'invitation', person })}
        />
      )}
      {opened?.dialog === 'invitation' && <InvitationDialog person={opened.person} onClose={close} />}
      {opened?.dialog === 'lost' && <NewKeysDialog person={opened.person} onClose={close} />}
      {opened?.dialog === 'licence' && <RenewLicenceDialog person={opened.person} onClose={close} />}
    </Panel>
  );
}
