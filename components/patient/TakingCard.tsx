'use client';

import { MessageSquareWarning, RefreshCw, Undo2 } from 'lucide-react';
import { ContentName } from '#components/prescriptions/ContentName.tsx';
import { type ContentState, medicineOf } from '#components/prescriptions/content.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { formatDate } from '#components/ui/format.ts';
import { Panel } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { newCareId } from '#crypto/identifier.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary, RenewalSummary } from '#server/prescriptions/schema.ts';
import { Instructions } from './Instructions.tsx';
import { LeafletButton } from './LeafletButton.tsx';
import { RenewalNotice } from './RenewalNotice.tsx';
import { courseOf, runsOutAt } from './reminders/doseTimes.ts';
import { ReminderButtons } from './reminders/ReminderButtons.tsx';
import { useChange } from './useChange.ts';

const text = t.patient.medicines.taking;

/** A medicine that was handed out: how to take it, how long it lasts, and asking for it again. */
export function TakingCard({
  prescription,
  content,
  renewal,
}: {
  prescription: PrescriptionSummary;
  content: ContentState;
  /** The newest request for it. */
  renewal?: RenewalSummary | undefined;
}) {
  const { subjectId } = usePerson();
  const { id, dispenses, author } = prescription;
  const request = content.state === 'open' ? content.content.request : null;
  const name = request ? medicineOf(request) : t.signing.words.newPrescription;
  const { busy, problem, change } = useChange(id, name);
  const [dosage] = request?.dosageInstruction ?? [];
  const out = dosage && runsOutAt(dosage, dispenses);
  const open = renewal?.state === 'asked';
  return (
    <Panel as="article">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <h3 className="text-lg leading-snug font-bold">
          <ContentName content={content} />
        </h3>
        {out !== undefined && (
          <Pill tone={out < Date.now() ? 'warn' : 'neutral'}>
            {(out < Date.now() ? text.ranOut : text.lasts)(formatDate(new Date(out).toISOString()))}
          </Pill>
        )}
      </div>
      {request && <Instructions request={request} />}
      {renewal && (
        <div className="mt-4">
          <RenewalNotice renewal={renewal} />
        </div>
      )}
      {problem && (
        <div className="mt-4">
          <ProblemNotice problem={problem} kept={t.flows.again} />
        </div>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        {open ? (
          <Button
            size="lg"
            icon={Undo2}
            busy={busy}
            onClick={() => change({ kind: 'withdrawRenewal', id: renewal.id }, text.withdrawn)}
          >
            {text.withdraw}
          </Button>
        ) : (
          <Button
            size="lg"
            icon={RefreshCw}
            busy={busy}
            onClick={() =>
              change(
                { kind: 'askRenewal', renewal: { id: newCareId('rn', subjectId), prescription: id } },
                text.asked(author.name),
              )
            }
          >
            {text.ask}
          </Button>
        )}
        {request && <LeafletButton request={request} name={name} />}
        {/* Without the medicine in the address, which the portal's server would read. */}
        <LinkButton look="quiet" size="lg" icon={MessageSquareWarning} href="/report">
          {text.report}
        </LinkButton>
        {dosage && <ReminderButtons id={id} name={name} doses={courseOf(dosage, prescription)} />}
      </div>
    </Panel>
  );
}
