'use client';

import { PenLine } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { type FoundReader, GranteeSearch } from '#components/consents/GranteeSearch.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import { Effect } from './Effect.tsx';
import { type SeatPeriod, seatPeriods, untilOf } from './seatTerm.ts';

const text = t.monitoringPages.seatDoctor;

/** Adds a doctor to those who watch, with what that means. `seat` signs it and throws what prevented it. */
export function SeatDoctorDialog({
  onClose,
  seat,
}: {
  onClose: () => void;
  seat: (subject: string, name: string, until: string | undefined) => Promise<void>;
}) {
  const id = useId();
  const [reader, setReader] = useState<FoundReader | undefined>(undefined);
  const [period, setPeriod] = useState<SeatPeriod>('always');
  const [tried, setTried] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const person = reader?.kind === 'person' ? reader : undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (person === undefined) return;
    if (await attempt(() => seat(person.id, person.name, untilOf(period, new Date())))) onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title}
      closeLabel={t.shell.close}
      place="drawer"
      actions={
        <>
          <Button onClick={onClose}>{t.shell.cancel}</Button>
          <Button type="submit" form={id} look="primary" icon={PenLine} busy={busy}>
            {text.sign}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="space-y-5 pt-1">
        <GranteeSearch
          chosen={reader}
          onChoose={setReader}
          error={tried && person === undefined ? text.onlyDoctors : undefined}
        />
        <SelectField
          label={t.monitoringPages.seatDevice.until}
          value={period}
          options={seatPeriods.map((value) => ({ value, label: t.monitoringPages.seatDevice.periods[value] }))}
          onChange={setPeriod}
        />
        {person !== undefined && <Effect sentences={text.effect(person.name)} />}
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}
