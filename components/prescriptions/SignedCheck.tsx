import { ShieldQuestion } from 'lucide-react';
import { RecordedCheck } from '#components/safety/RecordedCheck.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { safetyMatches } from '#crypto/safety.ts';
import { type MedicationRequest, safetyOf } from '#fhir/medicationRequest.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

/** The safety check that was signed with a prescription, or that there was none. */
export function SignedCheck({
  prescription,
  request,
}: {
  prescription: Pick<PrescriptionSummary, 'id' | 'safety'>;
  request: MedicationRequest;
}) {
  const safety = safetyOf(request);
  return (
    <Panel labelledBy="signed-check">
      <PanelHead id="signed-check" title={t.safety.title} icon={ShieldQuestion} />
      <RecordedCheck safety={safety} matches={safetyMatches(prescription.id, safety, prescription.safety)} />
    </Panel>
  );
}
