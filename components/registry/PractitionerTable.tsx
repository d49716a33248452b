'use client';

import { CircleCheck, CircleDashed, CircleX, Gavel, UsersRound } from 'lucide-react';
import type { RegistryStatus } from '#chaincode/model/registry.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { MenuItem } from '#components/ui/Menu.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { PractitionerView } from '#server/registry/schema.ts';
import { licenceHolds } from './licence.ts';
import { StatusMenu } from './StatusMenu.tsx';
import { StatusPill } from './StatusPill.tsx';
import { useChange } from './useChange.ts';

const text = t.regulator.institutions;

/** People of one institution with licence and keys, as the registry chain has them, and what the authority decides of them. */
export function PractitionerTable({ practitioners }: { practitioners: PractitionerView[] }) {
  const { change, problem } = useChange();
  if (practitioners.length === 0) {
    return (
      <Empty icon={UsersRound} title={text.practitionersEmpty}>
        {text.practitionersEmptyBody}
      </Empty>
    );
  }
  const head = 'py-2 pr-4 text-left font-semibold text-ink-2';
  const now = Date.now();
  const decide = ({ id, name }: PractitionerView, status: RegistryStatus) =>
    void change({ kind: 'setPractitionerStatus', subject: id, status }, { [id]: name });
  return (
    <ScrollX label={text.people}>
      {problem && <ProblemNotice problem={problem} />}
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line-strong">
            {[text.practitioner, text.role, text.licence, text.specialty, text.validTo, text.keys, text.status].map(
              (name) => (
                <th key={name} scope="col" className={head}>
                  {name}
                </th>
              ),
            )}
            <th scope="col">
              <span className="sr-only">{text.decide}</span>
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {practitioners.map((person) => {
            const holds = licenceHolds(person.licence, now);
            return (
              <tr key={person.id}>
                <th scope="row" className="py-2.5 pr-4 text-left font-bold whitespace-nowrap">
                  {person.name}
                </th>
                <td className="py-2.5 pr-4">{t.shell.roles[person.role]}</td>
                <td className="py-2.5 pr-4 font-mono whitespace-nowrap">{person.licence.number || '–'}</td>
                <td className="py-2.5 pr-4">{person.licence.specialty || '–'}</td>
                <td className="py-2.5 pr-4 whitespace-nowrap">
                  <span className={`inline-flex items-center gap-1.5 ${holds ? '' : 'font-bold text-danger'}`}>
                    {holds ? (
                      <CircleCheck size={16} aria-label={text.valid} className="text-ok" />
                    ) : (
                      <CircleX size={16} aria-hidden />
                    )}
                    <Time value={person.licence.validTo} as="date" />
                    {!holds && <span>· {text.invalid}</span>}
                  </span>
                </td>
                <td className="py-2.5 pr-4 whitespace-nowrap">
                  <span className="inline-flex items-center gap-1.5">
                    {person.enrolled ? (
                      <CircleCheck size={16} aria-hidden className="text-ok" />
                    ) : (
                      <CircleDashed size={16} aria-hidden className="text-warn" />
                    )}
                    {person.enrolled ? text.enrolled : text.notEnrolled}
                  </span>
                </td>
                <td className="py-2.5">
                  <StatusPill status={person.status} />
                </td>
                <td className="py-1 text-right">
                  {person.status !== 'revoked' && (
                    <StatusMenu
                      label={t.registry.staff.actions(person.name)}
                      status={person.status}
                      words={t.registry.staff}
                      onStatus={(status) => decide(person, status)}
                    >
                      {person.suspendedBy === 'institution' && (
                        <MenuItem icon={Gavel} onSelect={() => decide(person, 'suspended')}>
                          {t.registry.decisions.takeOver}
                        </MenuItem>
                      )}
                    </StatusMenu>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollX>
  );
}
