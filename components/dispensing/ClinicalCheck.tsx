'use client';

import { CircleCheck, LoaderCircle, Stethoscope } from 'lucide-react';
import { useEffect, useState } from 'react';
import { FindingCard } from '#components/safety/FindingCard.tsx';
import { KnownFacts } from '#components/safety/KnownFacts.tsx';
import { RecordedCheck } from '#components/safety/RecordedCheck.tsx';
import { UnknownNotice } from '#components/safety/UnknownNotice.tsx';
import { useCheck } from '#components/safety/useCheck.ts';
import { type Checked, useSubject } from '#components/safety/useSubject.ts';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { expectData } from '#components/vault/errors.ts';
import { safetyMatches } from '#crypto/safety.ts';
import { codeOf, systems } from '#fhir/coding.ts';
import { doseOf } from '#fhir/dosage.ts';
import { type MedicationRequest, safetyOf } from '#fhir/medicationRequest.ts';
import { findProduct } from '#formulary/products.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { recordOf } from '#server/records/actions.ts';

const text = t.safety.pharmacy;

/** What the pharmacist has done of it. Nothing is handed out before `confirmed`. */
export interface ClinicalState {
  confirmed: boolean;
  /** What the pharmacist did about it, to be kept with the dispensing; empty where nothing. */
  note: string;
}
export const unchecked: ClinicalState = { confirmed: false, note: '' };

/**
 * The clinical check at the counter: what the prescriber's check found, with the reasons, and a second one with what the patient
 * shares with the pharmacy. What is missing is said, and never a green tick.
 */
export function ClinicalCheck({
  prescription,
  request,
  value,
  onChange,
}: {
  /** Held by the own pharmacy: only then the patient is named. */
  prescription: Pick<PrescriptionSummary, 'id' | 'patient' | 'safety'>;
  request: MedicationRequest;
  value: ClinicalState;
  onChange: (value: ClinicalState) => void;
}) {
  const safety = safetyOf(request);
  return (
    <Panel labelledBy="clinical-check">
      <PanelHead
        id="clinical-check"
        title={text.title}
        icon={Stethoscope}
        aside={
          value.confirmed && (
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
          <OwnCheck personId={prescription.patient?.personId} request={request} />
        </div>
      </div>
      <div className="mt-4 space-y-3 border-t border-line pt-4">
        <CheckBox checked={value.confirmed} onChange={(confirmed) => onChange({ ...value, confirmed })}>
          {text.confirm}
        </CheckBox>
        <TextField
          label={text.note}
          hint={text.noteHint}
          autoComplete="off"
          maxLength={300}
          value={value.note}
          onChange={({ target }) => onChange({ ...value, note: target.value })}
        />
      </div>
    </Panel>
  );
}

/** Whom it is for as the portal knows the patient; `unread` where it does not say. */
function useChecked(personId: string | undefined): Checked | 'unread' | null {
  const [checked, setChecked] = useState<Checked | 'unread' | null>(null);
  useEffect(() => {
    if (personId === undefined) return setChecked('unread');
    let mine = true;
    recordOf({ personId })
      .then(expectData)
      .then(
        ({ pseudonym, name, birthDate, sex }) => mine && setChecked({ pseudonym, name, birthDate, sex }),
        () => mine && setChecked('unread'),
      );
    return () => {
      mine = false;
    };
  }, [personId]);
  return checked;
}

function OwnCheck({ personId, request }: { personId: string | undefined; request: MedicationRequest }) {
  const checked = useChecked(personId);
  const read = useSubject(checked === 'unread' ? null : checked);
  const product = findProduct(codeOf(request.medicationCodeableConcept, systems.product) ?? '');
  const [dosage] = request.dosageInstruction;
  const dose = dosage && doseOf(dosage);
  const subject = read.state === 'read' ? read.subject : null;
  const done = useCheck(subject, product && dose ? { product, dose } : null);

  if (product === undefined || dose === undefined) {
    return (
      <Notice tone="danger" title={text.unknownProduct}>
        <p>{t.safety.unknownBody}</p>
      </Notice>
    );
  }
  if (checked === 'unread') {
    return <UnknownNotice unknown={[{ what: 'check', why: 'failed' }]} title={t.safety.failedTitle} />;
  }
  if (done === null || subject === null) {
    return (
      <Notice tone="info" icon={LoaderCircle} title={t.safety.reading}>
        <p>{t.safety.readingBody}</p>
      </Notice>
    );
  }
  const { findings, unknown } = done.check;
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
      <UnknownNotice unknown={unknown} onAgain={read.again} />
      {findings.length === 0 && unknown.length > 0 && <p className="text-sm text-ink-2">{t.safety.noneFound}</p>}
    </>
  );
}
