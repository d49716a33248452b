'use client';

import { PackageSearch } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { formatBirthDate } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { openDispense } from '#components/vault/prescription.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { packLines } from './packLines.ts';

const text = t.prescriptions.patient.packs;

/** Which packs were handed out, read from the encrypted record of it when the patient asks. */
export function DispensedPacks({
  prescriptionId,
  dispense,
}: {
  prescriptionId: string;
  dispense: PrescriptionSummary['dispenses'][number];
}) {
  const [lines, setLines] = useState<string[] | null>(null);
  const { busy, problem, attempt } = useAttempt('UNREADABLE');
  if (lines !== null) {
    return (
      <ul className="mt-1 text-sm text-ink-2">
        {(lines.length === 0 ? [text.none] : lines).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    );
  }
  return (
    <div className="mt-1 space-y-2">
      <Button
        size="sm"
        look="quiet"
        icon={PackageSearch}
        busy={busy}
        onClick={() =>
          attempt(async () => setLines(packLines(await openDispense(prescriptionId, dispense), formatBirthDate)))
        }
      >
        {text.show}
      </Button>
      {problem && <ProblemNotice problem={problem} />}
    </div>
  );
}
