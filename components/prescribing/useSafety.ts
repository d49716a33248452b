'use client';

import { useCallback, useMemo, useState } from 'react';
import { type Answers, noAnswers, statedOf } from '#components/safety/StatedForm.tsx';
import { useCheck } from '#components/safety/useCheck.ts';
import { useSubject } from '#components/safety/useSubject.ts';
import { newSafetySalt } from '#crypto/safety.ts';
import type { SafetyRecord } from '#fhir/safety.ts';
import type { Language } from '#fhir/sentence/language.ts';
import type { Product } from '#formulary/product.ts';
import { t } from '#messages/en.ts';
import { togetherOf } from '#safety/parts.ts';
import { type Reasons, recordOf, unanswered } from '#safety/record.ts';
import { statedFacts, withStated } from '#safety/stated.ts';
import { type Entry, known, type Subject } from '#safety/subject.ts';
import type { PatientSummary } from '#server/people/schema.ts';
import type { Order } from './dose.ts';
import { productLabel } from './products.ts';

const dayMs = 86_400_000;

export interface Safety {
  /** `idle`: there is nobody to check for. */
  reading: 'idle' | 'locked' | 'reading' | 'read';
  /** Who is checked, answers included; null until the record is read. */
  subject: Subject | null;
  /** Of all parts; null until there is an order, and while it is being checked. */
  check: ReturnType<typeof togetherOf> | null;
  reasons: Reasons;
  onReason: (key: string, reason: string) => void;
  answers: Answers;
  onAnswers: (answers: Answers) => void;
  /** Reads the record again. */
  onAgain: () => void;
  /** What stands in the way of signing; null where nothing does. */
  obstacle: string | null;
  /** What each prescription will keep, one for each part; null while something stands in the way. */
  records: SafetyRecord[] | null;
  /** In which the patient reads, where the record says so. */
  language: Language | undefined;
  /** A prescription was signed: the next one for this patient is checked against it too. */
  onGiven: (product: Product) => void;
}

/** Medicines that were prescribed in this sitting join what the record has. */
function withGiven(subject: Subject, given: readonly Entry[]): Subject {
  if (given.length === 0) return subject;
  const { value = [], missing } = subject.medicines;
  const medicines = [...value, ...given];
  return { ...subject, medicines: missing === undefined ? known(medicines) : { value: medicines, missing } };
}

/** What the prescriber said of a patient, and of a medicine for that patient. */
interface Said {
  /** Pseudonym. */
  patient: string | undefined;
  /** Product code that the reasons are about. */
  product: string | undefined;
  reasons: Reasons;
  answers: Answers;
  given: readonly Entry[];
}
const nothingSaid: Said = { patient: undefined, product: undefined, reasons: {}, answers: noAnswers, given: [] };

/** The safety check of what stands in the form: reads, checks again with every change, and keeps what the prescriber says. */
export function useSafety(patient: PatientSummary | null, product: Product | null, order: Order | undefined): Safety {
  const read = useSubject(patient);
  const [said, setSaid] = useState(nothingSaid);
  const pseudonym = patient?.pseudonym;
  const code = product?.code;
  // What was said of one patient holds for no other, nor a reason for one medicine for another.
  const { answers, given } = said.patient === pseudonym ? said : nothingSaid;
  const reasons = said.patient === pseudonym && said.product === code ? said.reasons : nothingSaid.reasons;
  const say = useCallback(
    (part: (was: Said) => Partial<Said>) =>
      setSaid((last) => {
        const was = last.patient === pseudonym ? last : { ...nothingSaid, patient: pseudonym };
        return { ...was, ...part(was) };
      }),
    [pseudonym],
  );

  const seen = read.state === 'read' ? read.subject : null;
  const stated = useMemo(() => statedOf(answers), [answers]);
  const subject = useMemo(() => seen && withStated(withGiven(seen, given), stated), [seen, given, stated]);
  const { parts = 1, everyDays = 0 } = order ?? {};
  const offsets = useMemo(
    () => Array.from({ length: parts }, (_, part) => part * everyDays * dayMs),
    [everyDays, parts],
  );
  const done = useCheck(subject, product && order ? { product, dose: order.dose } : null, offsets);
  const check = useMemo(() => done && togetherOf(done.checks), [done]);
  const records = useMemo(
    () =>
      done === null || check === null || unanswered(check, reasons).length > 0
        ? null
        : done.checks.map((each) =>
            recordOf(each, { reasons, stated: statedFacts(stated), at: done.at, salt: newSafetySalt() }),
          ),
    [check, done, reasons, stated],
  );
  const obstacle = done === null ? t.safety.needRead : records === null ? t.safety.needAnswer : null;

  return {
    reading: read.state,
    subject,
    check,
    reasons,
    onReason: useCallback(
      (key, reason) =>
        say((was) => ({ product: code, reasons: { ...(was.product === code && was.reasons), [key]: reason } })),
      [code, say],
    ),
    answers,
    onAnswers: useCallback((next) => say(() => ({ answers: next })), [say]),
    onAgain: read.again,
    obstacle,
    records,
    language: read.state === 'read' ? read.language : undefined,
    onGiven: useCallback(
      (taken) =>
        say(({ given: before }) => ({
          given: [...before, { text: t.safety.givenNow(productLabel(taken)), code: `atc|${taken.atc}` }],
        })),
      [say],
    ),
  };
}
