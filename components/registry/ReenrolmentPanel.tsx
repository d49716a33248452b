'use client';

import { ArrowRight, Ban, CircleCheck, Hourglass, KeyRound } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDateTime } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { t } from '#messages/en.ts';
import type { ReenrolmentView } from '#server/registry/schema.ts';
import { useChange } from './useChange.ts';

const text = t.registry.reenrolments;

/** New keys that institutions propose for people who lost theirs; the authority approves or refuses. */
export function ReenrolmentPanel({
  reenrolments,
  institutions,
}: {
  reenrolments: ReenrolmentView[];
  /** Names by registry number. */
  institutions: Readonly<Record<string, string>>;
}) {
  const [refusing, setRefusing] = useState<ReenrolmentView | null>(null);
  const { change, record, busy, problem } = useChange();
  const names = Object.fromEntries(reenrolments.map(({ subject, name }) => [subject, name]));
  return (
    <Panel labelledBy="reenrolments">
      <PanelHead id="reenrolments" title={text.title} remark={text.remark} icon={KeyRound} />
      {problem && <ProblemNotice problem={problem} />}
      {reenrolments.length === 0 ? (
        <Empty icon={KeyRound} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {reenrolments.map((reenrolment) => {
            const { subject, name, state, at, dueAt, keys, institutionId, proposedFor } = reenrolment;
            return (
              <li key={subject} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
                <div className="min-w-0 flex-1 basis-56">
                  <p className="font-bold">{name}</p>
                  <p className="text-sm text-ink-2">
                    {text.proposedBy(institutions[institutionId] ?? proposedFor, formatDateTime(at))}
                  </p>
                  <p className="text-xs break-all text-ink-3">{text.fingerprint(keys.signingKeyHash.slice(0, 16))}</p>
                </div>
                {dueAt && (
                  <Pill tone="info" icon={Hourglass}>
                    {text.due(formatDateTime(dueAt))}
                  </Pill>
                )}
                <div className="flex flex-wrap gap-2">
                  {state === 'proposed' && (
                    <Button
                      size="sm"
                      look="primary"
                      icon={CircleCheck}
                      disabled={busy}
                      onClick={() => void change({ kind: approvalOf(subject), subject }, names)}
                    >
                      {text.approve}
                    </Button>
                  )}
                  <Button size="sm" look="danger" icon={Ban} disabled={busy} onClick={() => setRefusing(reenrolment)}>
                    {text.refuse}
                  </Button>
                </div>
              </li>
            );
          })}
        </ul>
      )}
      {refusing && (
        <ReasonDialog
          title={text.refuseTitle(refusing.name)}
          label={t.registry.decisions.reason}
          hint={t.registry.decisions.reasonHint}
          action={t.registry.decisions.next}
          icon={ArrowRight}
          onReason={(reason) => record({ kind: refusalOf(refusing.subject), subject: refusing.subject, reason }, names)}
          onClose={() => setRefusing(null)}
        />
      )}
    </Panel>
  );
}

/** A patient's re-enrolment stands on the care channel, a practitioner's on the registry. */
const isPatient = (subject: string) => subject.startsWith('pt-');
const approvalOf = (subject: string) => (isPatient(subject) ? 'patients:approveReenrolment' : 'approveReenrolment');
const refusalOf = (subject: string) => (isPatient(subject) ? 'patients:refuseReenrolment' : 'refuseReenrolment');
