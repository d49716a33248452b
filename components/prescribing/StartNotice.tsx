'use client';

import { FilePenLine, RefreshCw } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useContents } from '#components/prescriptions/useContents.ts';
import { formatDate, formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import type { IssueTerms } from '#crypto/prescription.ts';
import type { Product } from '#formulary/product.ts';
import { t } from '#messages/en.ts';
import type { PatientSummary } from '#server/people/schema.ts';
import type { PrescriptionSummary, RenewalSummary } from '#server/prescriptions/schema.ts';
import { type DoseDraft, type Order, orderOf } from './dose.ts';
import { draftFrom } from './fromRequest.ts';

const text = t.prescribing.start;

/** What is written anew: a prescription to correct, or one that somebody asks for again. */
export interface Start {
  patient: PatientSummary;
  prescription: PrescriptionSummary;
  renewal?: RenewalSummary;
}

/** What the form began with. */
export interface Before {
  product: Product;
  draft: DoseDraft;
}

/** What the new prescription says that it answers; a renewal says whether anything was changed. */
export function answersOf(
  { prescription, renewal }: Pick<Start, 'prescription' | 'renewal'>,
  before: Before | null,
  product: Product,
  order: Order,
): Pick<IssueTerms, 'replaces' | 'renews'> {
  if (!renewal) return { replaces: prescription.id };
  const asBefore =
    before?.product.code === product.code &&
    JSON.stringify(orderOf(before.draft, before.product)) === JSON.stringify(order);
  return { renews: { id: renewal.id, outcome: asBefore ? 'approved' : 'changed' } };
}

/** Says what the form answers, and fills it in once what was prescribed is decrypted. */
export function StartNotice({ start, onOpened }: { start: Start; onOpened: (before: Before) => void }) {
  const { prescription, renewal, patient } = start;
  const content = useContents([prescription], 'author')(prescription.id);
  const filled = useRef(false);
  const taken =
    content.state === 'open'
      ? draftFrom(content.content.request, { fillEveryDays: prescription.fillEveryDays })
      : undefined;
  useEffect(() => {
    if (!taken || filled.current) return;
    filled.current = true;
    onOpened(taken);
  }, [onOpened, taken]);

  const all = prescription.quantity * prescription.fills;
  const given = all - prescription.left;
  const title = !renewal
    ? text.replaces(formatDate(prescription.authoredOn))
    : renewal.by.institution
      ? text.renewsBy(renewal.by.institution, patient.name)
      : text.renews(patient.name);
  return (
    <>
      <Notice tone="brand" icon={renewal ? RefreshCw : FilePenLine} title={title}>
        <p>{renewal ? text.renewsBody : text.replacesBody}</p>
        {!renewal && given > 0 && (
          <p className="font-semibold">{text.handedOut(formatNumber(given), formatNumber(all))}</p>
        )}
        {content.state === 'reading' && <p>{text.reading}</p>}
        {content.state === 'open' && !taken && <p className="font-semibold">{text.fromBeginning}</p>}
      </Notice>
      {content.state === 'failed' && <ProblemNotice problem={content.problem} />}
    </>
  );
}
