'use client';

import { CalendarClock, CalendarX2 } from 'lucide-react';
import { ContentName } from '#components/prescriptions/ContentName.tsx';
import { type ContentState, medicineOf, quantityText } from '#components/prescriptions/content.ts';
import { ProofButton, proofOf } from '#components/prescriptions/ProofDrawer.tsx';
import { formatDate, formatRelative } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary, RenewalSummary } from '#server/prescriptions/schema.ts';
import { CancelMedicine } from './CancelMedicine.tsx';
import { HoldPanel } from './HoldPanel.tsx';
import { Instructions } from './Instructions.tsx';
import { LeafletButton } from './LeafletButton.tsx';
import { MedicineCode } from './MedicineCode.tsx';
import { Pickup } from './Pickup.tsx';
import { RenewalNotice } from './RenewalNotice.tsx';
import { ReminderButtons } from './reminders/ReminderButtons.tsx';
import { ShowProof } from './ShowProof.tsx';

const text = t.prescriptions.patient;
const more = t.patient.medicines;
/** So long before its last day a prescription is reminded of. */
const lastDaysMs = 7 * 86_400_000;

/** One medicine to collect: what it is, how to take it, the code to show, who holds it, and who may collect it. */
export function MedicineCard({
  prescription,
  content,
  renewal,
}: {
  prescription: PrescriptionSummary;
  content: ContentState;
  /** The newest request for it. */
  renewal?: RenewalSummary | undefined;
}) {
  const now = useNow(60_000);
  const { holder, validFrom, series, nextFill, expires, left, quantity, fills, available } = prescription;
  const opened = content.state === 'open' ? content.content : null;
  const name = opened ? medicineOf(opened.request) : t.signing.words.newPrescription;
  const later = validFrom !== undefined && Date.parse(validFrom) > now;
  const soonOver = !holder && Date.parse(expires) - now < lastDaysMs;
  const standing = holder
    ? text.atPharmacy(holder.institution)
    : later
      ? more.from(formatDate(validFrom))
      : left < quantity * fills
        ? text.collectedPart
        : text.ready;
  return (
    <Panel as="article">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <p className="text-sm text-ink-2">{standing}</p>
        {series && <Pill>{more.part(series.part, series.of)}</Pill>}
      </div>
      <h2 className="text-xl leading-snug font-bold">
        <ContentName content={content} />
      </h2>
      {opened && <Instructions request={opened.request} />}
      <p className="mt-1 text-sm text-ink-2">
        {text.prescribedBy(prescription.author.name, prescription.author.institution)}
        {opened && ` · ${text.left(quantityText(opened.request, left))}`}
      </p>
      {!prescription.safety && <p className="mt-1 text-sm text-ink-2">{more.uncheckedSafety}</p>}
      {content.state === 'failed' && (
        <div className="mt-4">
          <ProblemNotice problem={content.problem} />
        </div>
      )}
      {later && (
        <div className="mt-4">
          <Notice tone="info" icon={CalendarClock} title={more.from(formatDate(validFrom))}>
            <p>{more.fromBody(formatDate(validFrom), formatDate(expires))}</p>
          </Notice>
        </div>
      )}
      {!later && soonOver && (
        <div className="mt-4">
          <Notice
            tone="warn"
            icon={CalendarX2}
            title={more.lastDay(`${formatDate(expires)} (${formatRelative(expires, now)})`)}
          >
            <p>{more.lastDayBody}</p>
          </Notice>
        </div>
      )}
      {nextFill && available === 0 && (
        <div className="mt-4">
          <Notice tone="info" icon={CalendarClock} title={more.nextFill(formatDate(nextFill))} />
        </div>
      )}
      {renewal && (
        <div className="mt-4">
          <RenewalNotice renewal={renewal} />
        </div>
      )}
      <HoldPanel prescription={prescription} name={name} />
      {!holder && <MedicineCode prescription={prescription} content={content} folded={later} />}
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {!later && <Pickup prescription={prescription} name={name} />}
        {opened && <LeafletButton request={opened.request} name={name} />}
        {opened && <ShowProof id={prescription.id} />}
        <ReminderButtons id={prescription.id} name={name} lastDay={holder ? undefined : expires} />
        <CancelMedicine prescription={prescription} name={name} />
        <span className="ml-auto">
          <ProofButton proof={proofOf(prescription)} />
        </span>
      </div>
    </Panel>
  );
}
