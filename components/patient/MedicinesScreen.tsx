'use client';

import { Pill } from 'lucide-react';
import { WaitingFlows } from '#components/flows/WaitingFlows.tsx';
import { ContentName } from '#components/prescriptions/ContentName.tsx';
import { useContents } from '#components/prescriptions/useContents.ts';
import { Page } from '#components/shell/Page.tsx';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import type { WaitingSaga } from '#server/transactions/schema.ts';
import { Greeting } from './Greeting.tsx';
import { MedicineCard } from './MedicineCard.tsx';

const text = t.prescriptions.patient;

/** The patient's medicines to collect, each with its code. */
export function MedicinesScreen({
  sagas,
  prescriptions,
}: {
  sagas: WaitingSaga[];
  prescriptions: PrescriptionSummary[];
}) {
  const person = usePerson();
  const contentOf = useContents(prescriptions, 'patient');
  return (
    <Page title={t.shell.navigation.medicines} width="reading">
      <div className="space-y-5">
        <Greeting name={person.name.split(' ')[0] ?? person.name} />
        <UnlockNotice />
        <WaitingFlows
          sagas={sagas}
          nameOf={(subject) =>
            prescriptions.some(({ id }) => id === subject) && <ContentName content={contentOf(subject)} />
          }
        />
        {prescriptions.length === 0 ? (
          <Panel>
            <Empty icon={Pill} title={text.nothing}>
              {text.nothingBody}
            </Empty>
          </Panel>
        ) : (
          prescriptions.map((prescription) => (
            <MedicineCard key={prescription.id} prescription={prescription} content={contentOf(prescription.id)} />
          ))
        )}
      </div>
    </Page>
  );
}
