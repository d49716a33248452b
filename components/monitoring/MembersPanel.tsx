'use client';

import {
  BatteryMedium,
  CircleCheck,
  CircleSlash,
  Clock,
  DoorOpen,
  HeartPulse,
  Plus,
  ShieldCheck,
  Stethoscope,
  UserX,
} from 'lucide-react';
import { useState } from 'react';
import { Ago } from '#components/ui/Ago.tsx';
import { Button } from '#components/ui/Button.tsx';
import { formatDate, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import type { CircleFacts, SeatView } from '#server/circles/schema.ts';
import type { Entry } from './feedState.ts';
import { LeaveCircleDialog } from './LeaveCircleDialog.tsx';
import { RemoveMemberDialog } from './RemoveMemberDialog.tsx';

const text = t.monitoringPages.members;

/** How somebody is called who has a seat. */
export const nameOfSeat = ({ subject, name, device }: SeatView): string => name ?? device?.model ?? subject;

/** Who watches and what measures; owners add and remove, and a doctor may go. */
export function MembersPanel({
  facts,
  entry,
  manage,
  own,
}: {
  facts: CircleFacts;
  entry: Entry;
  /** Only for owners. */
  manage?: { onAddDevice: () => void; onAddDoctor: () => void; remove: (seat: SeatView) => Promise<void> };
  /** Only for a doctor: whose seat is the doctor's own, and what ends it. */
  own?: { subject: string; leave: () => Promise<void> };
}) {
  const now = useNow(15_000);
  const [removing, setRemoving] = useState<SeatView | null>(null);
  const [leaving, setLeaving] = useState(false);
  const seats = facts.seats.filter(({ state }) => state === 'active');
  const isOnlyDoctor = seats.filter(({ kind }) => kind === 'clinician').length === 1;
  const inside = new Set(entry.state === 'in' ? entry.leaves.map(({ subject }) => subject) : []);
  const parts = [
    { title: text.devices, icon: HeartPulse, seats: seats.filter(({ kind }) => kind !== 'clinician') },
    { title: text.clinicians, icon: Stethoscope, seats: seats.filter(({ kind }) => kind === 'clinician') },
  ];
  return (
    <Panel labelledBy="members">
      <PanelHead
        id="members"
        icon={ShieldCheck}
        title={text.title}
        aside={
          manage && (
            <div className="flex flex-wrap gap-2">
              <Button size="sm" icon={Plus} onClick={manage.onAddDevice}>
                {text.addDevice}
              </Button>
              <Button size="sm" icon={Plus} onClick={manage.onAddDoctor}>
                {text.addDoctor}
              </Button>
            </div>
          )
        }
      />
      <p className="mb-3 text-sm text-ink-2">{manage ? text.intro : text.introOther}</p>
      {seats.length === 0 && <p className="text-sm text-ink-2">{text.nobody}</p>}
      {parts.map(
        ({ title, icon: Icon, seats: some }) =>
          some.length > 0 && (
            <div key={title} className="mt-4 first-of-type:mt-0">
              <h3 className="mb-1 text-sm font-semibold text-ink-2">{title}</h3>
              <ul className="divide-y divide-line border-y border-line">
                {some.map((seat) => (
                  <li key={seat.subject} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
                    <Icon size={20} aria-hidden className="shrink-0 text-ink-3" />
                    <div className="min-w-0 flex-1 basis-52">
                      <p className="font-bold break-words">{nameOfSeat(seat)}</p>
                      <p className="text-sm text-ink-2" suppressHydrationWarning>
                        {[
                          seat.institution?.name,
                          text.kind[seat.kind],
                          text.since(formatDate(seat.since)),
                          ...(seat.until === undefined ? [] : [text.until(formatDate(seat.until))]),
                        ]
                          .filter(Boolean)
                          .join(' · ')}
                      </p>
                      {seat.device && (
                        <p className="flex flex-wrap items-center gap-x-3 text-sm text-ink-2">
                          {seat.device.lastSeen === undefined ? (
                            text.never
                          ) : (
                            <Ago value={seat.device.lastSeen} now={now} words={text.seen} />
                          )}
                          {seat.device.battery !== undefined && (
                            <span className="inline-flex items-center gap-1">
                              <BatteryMedium size={16} aria-hidden />
                              {text.battery(`${formatNumber(seat.device.battery * 100)} %`)}
                            </span>
                          )}
                        </p>
                      )}
                    </div>
                    <SeatState seat={seat} inside={inside.has(seat.subject)} />
                    {manage && (
                      <Button
                        size="sm"
                        look="danger"
                        icon={UserX}
                        aria-label={`${text.remove}: ${nameOfSeat(seat)}`}
                        onClick={() => setRemoving(seat)}
                      >
                        {text.remove}
                      </Button>
                    )}
                    {seat.subject === own?.subject && (
                      <Button size="sm" icon={DoorOpen} onClick={() => setLeaving(true)}>
                        {text.leave}
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            </div>
          ),
      )}
      {removing && manage && (
        <RemoveMemberDialog
          name={nameOfSeat(removing)}
          kind={removing.kind}
          isLast={removing.kind === 'clinician' && isOnlyDoctor}
          onClose={() => setRemoving(null)}
          remove={() => manage.remove(removing)}
        />
      )}
      {leaving && own && (
        <LeaveCircleDialog
          whom={facts.patient.name ?? facts.patient.pseudonym}
          isLast={isOnlyDoctor}
          onClose={() => setLeaving(false)}
          leave={own.leave}
        />
      )}
    </Panel>
  );
}

function SeatState({ seat, inside }: { seat: SeatView; inside: boolean }) {
  if (seat.device !== undefined && seat.device.status !== 'active') {
    return (
      <Pill tone="warn" icon={CircleSlash}>
        {text.suspended}
      </Pill>
    );
  }
  return inside ? (
    <Pill tone="ok" icon={CircleCheck}>
      {text.inside}
    </Pill>
  ) : (
    <Pill icon={Clock}>{text.waiting}</Pill>
  );
}
