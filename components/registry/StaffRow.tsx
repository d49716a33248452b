import { CircleDashed, IdCard, KeyRound, Link2, PenLine, Trash2 } from 'lucide-react';
import type { RegistryStatus } from '#chaincode/model/registry.ts';
import { Avatar } from '#components/ui/Avatar.tsx';
import { Button } from '#components/ui/Button.tsx';
import { formatDate } from '#components/ui/format.ts';
import { MenuItem } from '#components/ui/Menu.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';
import type { StaffView } from '#server/registry/schema.ts';
import { licenceHolds } from './licence.ts';
import { StatusMenu } from './StatusMenu.tsx';
import { StatusPill } from './StatusPill.tsx';

const text = t.registry.staff;
const licenceText = t.regulator.institutions;

/** One of the people, what stands between them and their work, and what the admin can do about it. */
export function StaffRow({
  person,
  isSelf,
  onRegister,
  onDrop,
  onInvite,
  onRenew,
  onLost,
  onStatus,
}: {
  person: StaffView;
  isSelf: boolean;
  onRegister: () => void;
  onDrop: () => void;
  onInvite: () => void;
  onRenew: () => void;
  onLost: () => void;
  onStatus: (status: RegistryStatus) => void;
}) {
  const { name, role, licence, registered, status } = person;
  const holds = licenceHolds(licence, Date.now());
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <Avatar name={name} />
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-bold">
          {name}
          {isSelf && <span className="ml-2 font-normal text-ink-3">{text.you}</span>}
        </p>
        <p className="text-sm text-ink-2">
          {[t.shell.roles[role], licence.specialty, licence.number].filter(Boolean).join(' · ')}
        </p>
        <p className={`text-sm ${holds ? 'text-ink-2' : 'font-bold text-danger'}`}>
          {licenceText.validTo} {formatDate(licence.validTo, 'UTC')}
          {!holds && ` · ${licenceText.invalid}`}
        </p>
        <Keys person={person} />
      </div>
      {registered ? (
        <>
          <StatusPill status={status} />
          {!isSelf && (
            <StatusMenu
              label={text.actions(name)}
              status={status}
              words={text}
              mayRestore={person.suspendedBy !== 'authority'}
              onStatus={onStatus}
            >
              {!person.enrolled && status === 'active' && (
                <MenuItem icon={Link2} onSelect={onInvite}>
                  {text.invite}
                </MenuItem>
              )}
              {status === 'active' && (
                <MenuItem icon={IdCard} onSelect={onRenew}>
                  {text.renew}
                </MenuItem>
              )}
              {person.enrolled && status !== 'revoked' && (
                <MenuItem icon={KeyRound} onSelect={onLost}>
                  {t.reenrolment.admin.start}
                </MenuItem>
              )}
            </StatusMenu>
          )}
        </>
      ) : (
        <div className="flex flex-wrap items-center gap-2">
          <Pill tone="warn" icon={CircleDashed}>
            {text.unregistered}
          </Pill>
          <Button size="sm" icon={PenLine} onClick={onRegister}>
            {text.register}
          </Button>
          <Button size="sm" look="quiet" icon={Trash2} onClick={onDrop}>
            {text.drop}
          </Button>
        </div>
      )}
    </li>
  );
}

/** Whether the person can sign at all. */
function Keys({ person: { registered, enrolled, invitedUntil, suspendedBy, reenrolment } }: { person: StaffView }) {
  const words = [
    registered && !enrolled && (invitedUntil ? text.invited(formatDate(invitedUntil)) : text.noInvitation),
    suspendedBy === 'authority' && text.suspendedByAuthority,
    reenrolment && `${t.registry.reenrolments.title}: ${t.registry.reenrolments.states[reenrolment.state]}`,
  ].filter((word) => typeof word === 'string');
  if (words.length === 0) return null;
  return <p className="text-sm text-ink-3">{words.join(' · ')}</p>;
}
