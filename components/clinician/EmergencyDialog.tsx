'use client';

import { Siren } from 'lucide-react';
import { emergencyHours } from '#chaincode/model/access.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { newCareId } from '#crypto/identifier.ts';
import { t } from '#messages/en.ts';
import type { EmergencyView } from '#server/access/schema.ts';

const text = t.recordPages.emergency;

/** States an emergency with its reason; the second factor is asked for when it is signed. */
export function EmergencyDialog({
  patient,
  institution,
  onClose,
  onStated,
}: {
  patient: { pseudonym: string; name: string };
  institution: { id: string; name: string };
  onClose: () => void;
  onStated: (emergency: EmergencyView) => void;
}) {
  const signed = useSigned();
  const person = usePerson();
  const state = async (reason: string) => {
    const stated = { id: newCareId('emg', patient.pseudonym), patient: patient.pseudonym, reason };
    const names = { [patient.pseudonym]: patient.name };
    await signed({ kind: 'access:openEmergency', emergency: stated }, { names, sheet: 'factorOnly' });
    const now = Date.now();
    onStated({
      ...{ ...stated, patient, institution, actor: { id: person.subjectId, name: person.name } },
      ...{ level: 'summary', open: true, at: new Date(now).toISOString() },
      until: new Date(now + emergencyHours * 3_600_000).toISOString(),
    });
  };

  return (
    <ReasonDialog
      title={text.title}
      body={text.body}
      label={text.reason}
      hint={text.reasonHint}
      action={text.state}
      icon={Siren}
      onReason={state}
      onClose={onClose}
    />
  );
}
