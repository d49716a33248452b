'use client';

import { PackagePlus, ScanLine } from 'lucide-react';
import { quantityText } from '#components/prescriptions/content.ts';
import { ProofButton } from '#components/prescriptions/ProofDrawer.tsx';
import { ReceiptButton } from '#components/prescriptions/ReceiptButton.tsx';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import type { Problem } from '#components/ui/errors.ts';
import { formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import { t } from '#messages/en.ts';
import type { Verdict } from '#server/prescriptions/schema.ts';
import type { Outcome } from './useDispensing.ts';

const text = t.dispensing.done;

/** What was recorded, and what comes next. */
export function Done({
  outcome,
  verdict,
  request,
  unbilled,
  onNext,
  onMore,
}: {
  outcome: Outcome;
  verdict: Verdict;
  request: MedicationRequest | null;
  /** Why it cannot be billed to an insurer, where it cannot. */
  unbilled: Problem | null;
  onNext: () => void;
  onMore: () => void;
}) {
  const { institutionName } = usePerson();
  const { id, left, dispenses } = verdict.prescription;
  const isOver = outcome === 'complete' || outcome === 'closed';
  // Who closed it without handing out anything has nothing to show for.
  const dispensed = outcome === 'complete' || dispenses.some(({ institution }) => institution === institutionName);
  const rest = request ? quantityText(request, left) : formatNumber(left);
  const body = {
    complete: text.completeBody,
    part: text.partBody(rest),
    returned: text.returnedBody,
    closed: text.closedBody,
  }[outcome];
  return (
    <Notice
      tone="ok"
      title={text[outcome]}
      live="status"
      actions={
        <>
          <Button look="primary" icon={ScanLine} autoFocus onClick={onNext}>
            {text.next}
          </Button>
          {outcome === 'part' && (
            <Button icon={PackagePlus} onClick={onMore}>
              {text.more}
            </Button>
          )}
          <ProofButton size="md" proof={{ prescriptionId: id, ...verdict.proof }} />
          {isOver && dispensed && <ReceiptButton size="md" id={id} />}
        </>
      }
    >
      <p>{body}</p>
      {unbilled && <p className="mt-1">{text.unbilled(unbilled.message)}</p>}
    </Notice>
  );
}
