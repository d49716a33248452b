'use client';

import { Pill } from 'lucide-react';
import { WaitingFlows } from '#components/flows/WaitingFlows.tsx';
import { ContentName } from '#components/prescriptions/ContentName.tsx';
import { type ContentState, medicineOf } from '#components/prescriptions/content.ts';
import { useContents } from '#components/prescriptions/useContents.ts';
import { Page } from '#components/shell/Page.tsx';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { amountText } from '#fhir/dosage.ts';
import { languageNames, languages } from '#fhir/sentence/language.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary, RenewalSummary } from '#server/prescriptions/schema.ts';
import type { WaitingSaga } from '#server/transactions/schema.ts';
import { Greeting } from './Greeting.tsx';
import { isOpen, isTaken } from './isOpen.ts';
import { MedicineCard } from './MedicineCard.tsx';
import { DueNow } from './reminders/DueNow.tsx';
import { courseOf } from './reminders/doseTimes.ts';
import { TakingCard } from './TakingCard.tsx';
import { useLanguage } from './useLanguage.ts';

const text = t.prescriptions.patient;
const more = t.patient.medicines;
const choices = languages.map((value) => ({ value, label: languageNames[value] }));

/** The patient's medicines: what is due, what is to be collected with its code, what is taken. */
export function MedicinesScreen({
  sagas,
  prescriptions,
  renewals,
}: {
  sagas: WaitingSaga[];
  prescriptions: PrescriptionSummary[];
  renewals: RenewalSummary[];
}) {
  const person = usePerson();
  const contentOf = useContents(prescriptions, 'patient');
  const [language, chooseLanguage] = useLanguage();
  const open = prescriptions.filter(isOpen).sort(byBeginning);
  const taken = prescriptions.filter(isTaken);
  const newestFor = ({ id }: PrescriptionSummary) => renewals.find(({ prescription }) => prescription === id);
  return (
    <Page title={t.shell.navigation.medicines} width="reading">
      <div className="space-y-5">
        <Greeting name={person.name.split(' ')[0] ?? person.name} />
        <UnlockNotice />
        <DueNow medicines={taken.flatMap((prescription) => remindable(prescription, contentOf(prescription.id)))} />
        <WaitingFlows
          sagas={sagas}
          nameOf={(subject) =>
            prescriptions.some(({ id }) => id === subject) && <ContentName content={contentOf(subject)} />
          }
        />
        {prescriptions.length > 0 && (
          <div className="max-w-52">
            <SelectField label={more.instructionsIn} value={language} options={choices} onChange={chooseLanguage} />
          </div>
        )}
        {open.length === 0 ? (
          <Panel>
            <Empty icon={Pill} title={text.nothing}>
              {text.nothingBody}
            </Empty>
          </Panel>
        ) : (
          open.map((prescription) => (
            <MedicineCard
              key={prescription.id}
              prescription={prescription}
              content={contentOf(prescription.id)}
              // Of what was handed out it stands with what is taken.
              renewal={isTaken(prescription) ? undefined : newestFor(prescription)}
            />
          ))
        )}
        {taken.length > 0 && (
          <section aria-label={more.taking.title} className="space-y-4">
            <h2 className="text-xl font-bold">{more.taking.title}</h2>
            {taken.map((prescription) => (
              <TakingCard
                key={prescription.id}
                prescription={prescription}
                content={contentOf(prescription.id)}
                renewal={newestFor(prescription)}
              />
            ))}
          </section>
        )}
      </div>
    </Page>
  );
}

/** What can be collected now before what is for later. */
const byBeginning = (one: PrescriptionSummary, other: PrescriptionSummary) =>
  (one.validFrom ?? '').localeCompare(other.validFrom ?? '');

function remindable(prescription: PrescriptionSummary, content: ContentState) {
  if (content.state !== 'open') return [];
  const { request } = content.content;
  const [dosage] = request.dosageInstruction;
  const doses = dosage && courseOf(dosage, prescription);
  const rate = dosage?.doseAndRate[0]?.doseQuantity;
  if (!doses || !rate) return [];
  return [{ id: prescription.id, name: medicineOf(request), amount: amountText(rate.value, rate.unit), doses }];
}
