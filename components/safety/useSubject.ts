'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import type { Language } from '#fhir/sentence/language.ts';
import { languageIn, subjectOf } from '#safety/fromChart.ts';
import type { Person, Subject } from '#safety/subject.ts';
import { readSeen } from './readSeen.ts';

/** Who is checked. */
export interface Checked extends Person {
  pseudonym: string;
  name: string;
}

export type SubjectState =
  | { state: 'idle' }
  | { state: 'locked' }
  | { state: 'reading' }
  /** `language`: in which the patient reads, where the record says so. */
  | { state: 'read'; subject: Subject; language?: Language };

const idle: SubjectState = { state: 'idle' };

/** Reads what a check needs of a patient as soon as the patient is known, and again by `again`. */
export function useSubject(checked: Checked | null): SubjectState & { again: () => void } {
  const vault = useVault();
  const { institutionId } = usePerson();
  const signed = useSigned();
  const [kept, setKept] = useState<{ of: string | undefined; state: SubjectState }>({ of: undefined, state: idle });
  const turn = useRef(0);
  const isOpen = vault.state === 'open';
  const latest = useRef(checked);
  latest.current = checked;
  const patient = checked?.pseudonym;

  const again = useCallback(async () => {
    const person = latest.current;
    const mine = ++turn.current;
    if (person === null) return;
    const { pseudonym, name } = person;
    const setState = (state: SubjectState) => setKept({ of: pseudonym, state });
    setState({ state: 'reading' });
    const seen = await readSeen({ patient: pseudonym, name, institution: institutionId ?? undefined }, signed);
    if (mine !== turn.current) return;
    const subject = subjectOf(person, seen, new Date().toISOString());
    const language = 'screen' in seen ? languageIn(seen) : undefined;
    setState({ state: 'read', subject, ...(language !== undefined && { language }) });
  }, [institutionId, signed]);

  // Another patient is another reading; so is a vault that is opened.
  useEffect(() => {
    if (patient !== undefined && isOpen) void again();
    else turn.current += 1;
  }, [patient, isOpen, again]);

  // What was read of one patient is never shown of the next, not for one frame.
  const state: SubjectState =
    patient === undefined
      ? idle
      : !isOpen
        ? { state: 'locked' }
        : kept.of === patient
          ? kept.state
          : { state: 'reading' };
  return { ...state, again: () => void again() };
}
