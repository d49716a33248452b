'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import type { ContentState } from '#components/prescriptions/content.ts';
import { useRecording } from '#components/signing/useRecording.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { renewCode as composeRenewal } from '#components/vault/prescription.ts';
import type { ShownCode } from '#components/vault/prescriptionOperations.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';

const text = t.prescriptions.patient;

/** A change of the code, with the code that there is afterwards. */
interface Change {
  intent: Extract<TransactionIntent, { kind: 'voidCode' | 'renewCode' }>;
  code: ShownCode | null;
}

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

  const recording = useRecording<Change>();

  const record = async (request: Change['intent']['kind'], compose: () => Promise<Change>) => {
    setBusy(true);
    setProblem(null);
    try {
      const { composed } = await recording.record(prescription.id, request, compose);
      setMade({ code: composed.code, version: prescription.version + 1 });
      toast.success(composed.code ? text.renewed : text.voided);
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
    voidCode: () => record('voidCode', async () => ({ intent: { kind: 'voidCode', id: prescription.id }, code: null })),
    renewCode: () => record('renewCode', () => composeRenewal(prescription.id)),
  };
}
