'use client';

import { MailQuestion, Pill, Siren } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';
import { takeAlong } from '#components/prescribing/chosenPatient.ts';
import { AddButtons } from '#components/records/AddButtons.tsx';
import { keptAccess, sharedReason } from '#components/records/keptAccess.ts';
import { comeNear, type NearAccess } from '#components/records/openRecord.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { isFresh } from '#components/vault/transact.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { EmergencyView } from '#server/access/schema.ts';
import type { RequestView } from '#server/consents/schema.ts';
import type { PatientSummary } from '#server/people/schema.ts';
import type { RecordFacts } from '#server/records/schema.ts';
import { EmergencyBanner } from './EmergencyBanner.tsx';
import { EmergencyDialog } from './EmergencyDialog.tsx';
import { OpenedRecord } from './OpenedRecord.tsx';
import { OwnRequests } from './OwnRequests.tsx';
import { PatientHead } from './PatientHead.tsx';
import { RequestDialog } from './RequestDialog.tsx';
import { SharedParts } from './SharedParts.tsx';
import { useEmergencies } from './useEmergencies.ts';
import { usePermitted } from './usePermitted.ts';
import type { Way } from './way.ts';

const text = t.recordPages;

/**
 * A patient's record for a doctor or pharmacist: what is shared opens by one press that states the purpose; where nothing is,
 * one asks, writes all the same, or states an emergency.
 */
export function ClinicianRecord({
  facts,
  institution,
  emergencies: first,
  requests,
  prescribing,
}: {
  facts: RecordFacts;
  /** The clinician's own. */
  institution: { id: string; name: string };
  /** Open ones of the institution; none for whom the ledger lets state none. */
  emergencies: EmergencyView[];
  /** The clinician's own to this patient. */
  requests: RequestView[];
  /** The patient as prescribing takes it along; absent for whom does not prescribe. */
  prescribing?: PatientSummary | undefined;
}) {
  const person = usePerson();
  const vault = useVault();
  const router = useRouter();
  const { pseudonym, name } = facts;
  const names = useMemo(() => ({ [pseudonym]: name }), [pseudonym, name]);
  const said = useMemo(
    () => ({ patient: pseudonym, author: { id: person.subjectId, name: person.name } }),
    [pseudonym, person.subjectId, person.name],
  );
  const shared = usePermitted(pseudonym);
  const isOwn = ({ patient, actor }: EmergencyView) => patient.pseudonym === pseudonym && actor.id === person.subjectId;
  const [watching, setWatching] = useState(first.some(isOwn));
  const { emergencies, ask, add } = useEmergencies(first, watching);
  const own = emergencies.find(isOwn);
  const [way, setWay] = useState<Way | null>(own === undefined ? null : { by: 'emergency', id: own.id });
  const [dialog, setDialog] = useState<'request' | 'emergency' | null>(null);

  const permitted = shared.state === 'known' ? shared.permitted : undefined;
  useEffect(() => {
    // What this browser session has opened before stays open while one goes back and forth.
    const again = permitted?.find((one) => keptAccess(pseudonym, sharedReason(one)) !== undefined);
    if (again) setWay((before) => before ?? { by: 'consent', permitted: again });
  }, [permitted, pseudonym]);

  const near = useRef<NearAccess>(undefined);
  const leave = () => {
    near.current = undefined;
    setWay(null);
    shared.ask();
  };
  const isDoctor = person.role === 'doctor';
  const isOpen = vault.state === 'open';
  const waiting = requests.some(({ state }) => state === 'open');

  return (
    <div className="space-y-4">
      <PatientHead facts={facts}>
        {prescribing && (
          <Button
            icon={Pill}
            onClick={() => {
              takeAlong(prescribing);
              router.push('/doctor/prescribe');
            }}
          >
            {t.prescribing.patient.prescribe}
          </Button>
        )}
        <Button icon={MailQuestion} disabled={!isOpen || waiting} onClick={() => setDialog('request')}>
          {text.request.open}
        </Button>
        {isDoctor && own === undefined && facts.opened && (
          <Button look="danger" icon={Siren} disabled={!isOpen} onClick={() => setDialog('emergency')}>
            {text.emergency.open}
          </Button>
        )}
      </PatientHead>
      {own !== undefined && (
        <EmergencyBanner
          emergency={own}
          shown={way?.by === 'emergency'}
          onOpen={() => setWay({ by: 'emergency', id: own.id })}
        />
      )}
      <UnlockNotice />
      {!facts.opened && (
        <Notice tone="info" title={text.unopenedRecord.title}>
          <p>{text.unopenedRecord.body}</p>
        </Notice>
      )}
      {facts.opened && isOpen && way === null && (
        <>
          <SharedParts
            shared={shared}
            onNear={(one) => {
              const begun = near.current?.permitted === one && isFresh(near.current.preparation);
              if (!begun) near.current = comeNear(pseudonym, one);
            }}
            onOpen={(one) => setWay({ by: 'consent', permitted: one, near: near.current })}
          />
          <AddButtons said={said} names={names} primary={false} onAdded={() => toast.success(text.written)} />
        </>
      )}
      {isOpen && way !== null && (
        <OpenedRecord
          key={way.by === 'consent' ? way.permitted.purpose : `${way.id}/${own?.level}`}
          way={way}
          emergency={own}
          patient={pseudonym}
          institution={institution.id}
          said={said}
          names={names}
          onLeave={leave}
        />
      )}
      <OwnRequests requests={requests} detailed />
      {dialog === 'request' && (
        <RequestDialog
          patient={{ pseudonym, name }}
          onClose={() => setDialog(null)}
          onSent={() => {
            toast.success(text.request.sent);
            router.refresh();
          }}
        />
      )}
      {dialog === 'emergency' && (
        <EmergencyDialog
          patient={{ pseudonym, name }}
          institution={institution}
          onClose={() => setDialog(null)}
          onStated={(stated) => {
            add(stated);
            setWatching(true);
            setWay({ by: 'emergency', id: stated.id });
            void ask();
          }}
        />
      )}
    </div>
  );
}
