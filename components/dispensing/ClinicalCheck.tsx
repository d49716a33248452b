'use client';

import { CircleCheck, LoaderCircle, Stethoscope } from 'lucide-react';
import { FindingCard } from '#components/safety/FindingCard.tsx';
import { KnownFacts } from '#components/safety/KnownFacts.tsx';
import { RecordedCheck } from '#components/safety/RecordedCheck.tsx';
import { UnknownNotice } from '#components/safety/UnknownNotice.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { safetyMatches } from '#crypto/safety.ts';
import { type MedicationRequest, safetyOf } from '#fhir/medicationRequest.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import type { Clinical } from './useClinical.ts';
import type { OwnCheck } from './useOwnCheck.ts';

const text = t.safety.pharmacy;

/**
 * The clinical check at the counter: what the prescriber's check found, with the reasons, and a second one with what the patient
 * shares with the pharmacy. What is missing is said, and never a green tick.
 */
export function ClinicalCheck({
  prescription,
  request,
  clinical,
}: {
  prescription: Pick<PrescriptionSummary, 'id' | 'safety'>;
  request: MedicationRequest;
  clinical: Clinical;
}) {
  const { own, note, onNote, obstacle, record, onConfirm } = clinical;
  const safety = safetyOf(request);
  return (
    <Panel labelledBy="clinical-check">
      <PanelHead
        id="clinical-check"
        title={text.title}
        icon={Stethoscope}
        aside={
          record !== null && (
            <span className="flex items-center gap-1.5 text-sm font-semibold text-ok">
              <CircleCheck size={17} aria-hidden /> {text.confirmed}
            </span>
          )
        }
      />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-2">
        <div className="space-y-3">
          <h3 className="text-sm font-bold">{t.safety.recorded.title}</h3>
          <RecordedCheck safety={safety} matches={safetyMatches(prescription.id, safety, prescription.safety)} />
        </div>
        <div className="space-y-3">
          <h3 className="text-sm font-bold">{text.own}</h3>
          {own !== null && <OwnFindings own={own} />}
        </div>
      </div>
      <div className="mt-4 space-y-3 border-t border-line pt-4">
        {obstacle !== null && (
          <p role="status" className="text-sm font-semibold">
            {text.obstacles[obstacle]}
          </p>
        )}
        <CheckBox checked={record !== null} disabled={obstacle !== null} onChange={onConfirm}>
          {text.confirm}
        </CheckBox>
        <TextField
          label={obstacle === 'unanswered' ? text.noteNeeded : text.note}
          hint={text.noteHint}
          autoComplete="off"
          maxLength={300}
          value={note}
          onChange={({ target }) => onNote(target.value)}
        />
      </div>
    </Panel>
  );
}

function OwnFindings({ own }: { own: OwnCheck }) {
  if (own.state !== 'made') {
    return (
      <Notice tone="info" icon={LoaderCircle} title={own.state === 'locked' ? t.safety.locked : t.safety.reading}>
        <p>{t.safety.readingBody}</p>
      </Notice>
    );
  }
  const { check, subject, again } = own;
  const { findings, unknown } = check;
  if (subject === undefined) {
    return (
      <Notice tone="danger" title={text.unknownProduct}>
        <p>{text.unknownBody}</p>
      </Notice>
    );
  }
  return (
    <>
      <KnownFacts subject={subject} />
      {findings.length > 0 && (
        <ul className="space-y-2.5">
          {findings.map((finding) => (
            <FindingCard key={`${finding.rule}|${finding.evidence}`} finding={finding} />
          ))}
        </ul>
      )}
      {findings.length === 0 && unknown.length === 0 && (
        <Notice tone="ok" title={t.safety.clear}>
          <p>{t.safety.clearBody}</p>
        </Notice>
      )}
      <UnknownNotice unknown={unknown} body={text.unknownBody} onAgain={again} />
      {findings.length === 0 && unknown.length > 0 && <p className="text-sm text-ink-2">{t.safety.noneFound}</p>}
    </>
  );
}
