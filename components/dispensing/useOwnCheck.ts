import { useEffect, useMemo, useState } from 'react';
import { useCheck } from '#components/safety/useCheck.ts';
import { type Checked, useSubject } from '#components/safety/useSubject.ts';
import { expectData } from '#components/vault/errors.ts';
import { codeOf, systems } from '#fhir/coding.ts';
import { doseOf } from '#fhir/dosage.ts';
import { type MedicationRequest, patientIdentity } from '#fhir/medicationRequest.ts';
import { findProduct } from '#formulary/products.ts';
import type { Check } from '#safety/finding.ts';
import { subjectOf } from '#safety/fromChart.ts';
import type { Subject } from '#safety/subject.ts';
import { tableVersion } from '#safety/table/version.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { recordOf } from '#server/records/actions.ts';

/** What the pharmacist's own check says; one that could not be made is made, and says so. */
export type OwnCheck =
  | { state: 'locked' | 'reading' }
  | {
      state: 'made';
      check: Check;
      /** ISO 8601 instant. */
      at: string;
      /** Absent where nothing could be checked. */
      subject?: Subject;
      /** Reads the record again. */
      again?: () => void;
    };

/** Whom it is for as the portal knows the patient; `unread` where it does not say. */
function useChecked(personId: string | undefined): { checked: Checked | 'unread' | null; again: () => void } {
  const [kept, setKept] = useState<{ of: string; checked: Checked | 'unread' | null } | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (personId === undefined) return;
    let mine = true;
    const answer = (checked: Checked | 'unread' | null) => mine && setKept({ of: personId, checked });
    answer(null);
    recordOf({ personId })
      .then(expectData)
      .then(
        ({ pseudonym, name, birthDate, sex }) => answer({ pseudonym, name, birthDate, sex }),
        () => answer('unread'),
      );
    return () => {
      mine = false;
    };
  }, [personId, turn]);
  const checked = personId === undefined ? 'unread' : kept?.of === personId ? kept.checked : null;
  return { checked, again: () => setTurn((last) => last + 1) };
}

/** What the formulary and the signed structure say of the order; undefined where a check can make nothing of it. */
function orderOf({ medicationCodeableConcept, dosageInstruction: [dosage] }: MedicationRequest) {
  const product = findProduct(codeOf(medicationCodeableConcept, systems.product) ?? '');
  const dose = dosage && doseOf(dosage);
  return product && dose ? { product, dose } : undefined;
}

/** Of whom only is known what the prescription itself says. */
function unreadSubject(request: MedicationRequest, at: string): Subject {
  const [{ gender = 'unknown' }] = request.contained;
  return subjectOf({ birthDate: patientIdentity(request).birthDate, sex: gender }, { why: 'failed' }, at);
}

/** Checks an opened prescription with what the patient shares with the pharmacy; null while none is open. */
export function useOwnCheck(
  prescription: Pick<PrescriptionSummary, 'patient'> | undefined,
  request: MedicationRequest | null,
): OwnCheck | null {
  const { checked, again } = useChecked(request === null ? undefined : prescription?.patient?.personId);
  const read = useSubject(request === null || checked === 'unread' ? null : checked);
  const opened = useMemo(() => {
    if (request === null) return null;
    const at = new Date().toISOString();
    return { at, order: orderOf(request), unread: unreadSubject(request, at) };
  }, [request]);
  const subject = checked === 'unread' ? (opened?.unread ?? null) : read.state === 'read' ? read.subject : null;
  const done = useCheck(subject, opened?.order ?? null);
  const failed = useMemo(() => opened && opened.order === undefined && uncheckable(opened.at), [opened]);

  if (request === null || opened === null) return null;
  if (failed) return failed;
  const [check] = done?.checks ?? [];
  if (done === null || check === undefined || subject === null) {
    return { state: read.state === 'locked' ? 'locked' : 'reading' };
  }
  return { state: 'made', check, at: done.at, subject, again: checked === 'unread' ? again : read.again };
}

/** A product or dose that the formulary does not know: nothing could be checked. */
const uncheckable = (at: string): OwnCheck => ({
  ...{ state: 'made', at },
  check: {
    ...{ tableVersion, findings: [] },
    unknown: [{ what: 'check', why: 'failed', detail: 'product or dose is not in the formulary' }],
  },
});
