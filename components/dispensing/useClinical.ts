import { useCallback, useMemo, useState } from 'react';
import { newSafetySalt, safetyMatches } from '#crypto/safety.ts';
import { type MedicationRequest, safetyOf } from '#fhir/medicationRequest.ts';
import type { SafetyRecord } from '#fhir/safety.ts';
import type { Check } from '#safety/finding.ts';
import { counterRecordOf, unansweredAtCounter } from '#safety/record.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { type OwnCheck, useOwnCheck } from './useOwnCheck.ts';

/** The clinical check at the counter, and what the pharmacist has done of it. Nothing is handed out before there is a `record`. */
export interface Clinical {
  own: OwnCheck | null;
  /** What the pharmacist did about it, to be kept with the dispensing; empty where nothing. */
  note: string;
  onNote: (note: string) => void;
  /** What stands in the way of the tick; null where nothing does. */
  obstacle: 'unmade' | 'unanswered' | null;
  onConfirm: (confirmed: boolean) => void;
  /** What the dispense keeps of the own check; null until it was looked at. */
  record: SafetyRecord | null;
  /** Begins again, for another prescription. */
  reset: () => void;
}

/** The tick stands for one answer of the check: another one, or none, wants to be looked at again. */
type Ticked = { check: Check; salt: string } | null;

/** What the record of a check would be, and what stands in the way of it. `ticked`: what the pharmacist looked at. */
export function judgeClinical(
  own: OwnCheck | null,
  ticked: Ticked,
  said: { prescriber: SafetyRecord | undefined; note: string },
): Pick<Clinical, 'obstacle' | 'record'> {
  if (own?.state !== 'made') return { obstacle: 'unmade', record: null };
  const { check, at } = own;
  if (unansweredAtCounter(check, said.prescriber, said.note).length > 0)
    return { obstacle: 'unanswered', record: null };
  const isLookedAt = ticked?.check === check;
  return { obstacle: null, record: isLookedAt ? counterRecordOf(check, { ...said, at, salt: ticked.salt }) : null };
}

export function useClinical(
  prescription: Pick<PrescriptionSummary, 'id' | 'patient' | 'safety'> | undefined,
  request: MedicationRequest | null,
): Clinical {
  const own = useOwnCheck(prescription, request);
  const [ticked, setTicked] = useState<Ticked>(null);
  const [note, setNote] = useState('');
  const prescriber = useMemo(() => {
    const safety = request === null ? undefined : safetyOf(request);
    // A reason that is not the one on the ledger is none.
    return prescription && safetyMatches(prescription.id, safety, prescription.safety) ? safety : undefined;
  }, [prescription, request]);
  const { obstacle, record } = judgeClinical(own, ticked, { prescriber, note });
  return {
    ...{ own, note, onNote: setNote, obstacle, record },
    onConfirm: (confirmed) =>
      setTicked(confirmed && own?.state === 'made' ? { check: own.check, salt: newSafetySalt() } : null),
    reset: useCallback(() => {
      setTicked(null);
      setNote('');
    }, []),
  };
}
