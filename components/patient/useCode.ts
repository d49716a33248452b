'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import type { ContentState } from '#components/prescriptions/content.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { renewCode as composeRenewal } from '#components/vault/prescription.ts';
import type { ShownCode } from '#components/vault/prescriptionOperations.ts';
import { transact } from '#components/vault/transact.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

const text = t.prescriptions.patient;

/** The code that the patient shows: voided and renewed by the patient's own signature. */
export function useCode(prescription: PrescriptionSummary, content: ContentState) {
  const router = useRouter();
  const [made, setMade] = useState<{ code: ShownCode | null; version: number } | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  // What was just recorded counts until the list brings a newer version.
  const recent = made && made.version >= prescription.version ? made : null;
  const known = prescription.codeValid && content.state === 'open' ? (content.content.code ?? null) : null;
  const code = recent ? recent.code : known;

  const record = async (work: () => Promise<ShownCode | null>, done: string) => {
    setBusy(true);
    setProblem(null);
    try {
      setMade({ code: await work(), version: prescription.version + 1 });
      toast.success(done);
      router.refresh();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  };

  return {
    code,
    /** False as soon as the code was voided here, before the list knows. */
    valid: recent ? recent.code !== null : prescription.codeValid,
    busy,
    problem,
    voidCode: () =>
      record(async () => {
        await transact({ kind: 'voidCode', id: prescription.id });
        return null;
      }, text.voided),
    renewCode: () =>
      record(async () => {
        const { intent, code: fresh } = await composeRenewal(prescription.id);
        await transact(intent);
        return fresh;
      }, text.renewed),
  };
}
