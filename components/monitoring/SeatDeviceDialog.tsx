'use client';

import { PenLine, ScanLine } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { ScannerWell } from '#components/scanning/ScannerWell.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import type { OfferedDevice } from '#server/circles/schema.ts';
import { Effect } from './Effect.tsx';
import { OfferedDevices } from './OfferedDevices.tsx';
import { deviceIn, type SeatPeriod, seatPeriods, untilOf } from './seatTerm.ts';

const text = t.monitoringPages.seatDevice;

/** Adds a device to those who are in the circle: chosen, typed or scanned. `seat` signs it and throws what prevented it. */
export function SeatDeviceDialog({
  offered,
  onClose,
  seat,
}: {
  offered: readonly OfferedDevice[];
  onClose: () => void;
  seat: (subject: string, name: string, until: string | undefined) => Promise<void>;
}) {
  const id = useId();
  const [entered, setEntered] = useState('');
  const [scanning, setScanning] = useState(false);
  const [period, setPeriod] = useState<SeatPeriod>('always');
  const [tried, setTried] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const subject = deviceIn(entered);
  const chosen = offered.find((one) => one.id === subject);
  const name = chosen?.model ?? subject ?? '';
  const effect = chosen?.purpose === 'monitor' ? text.monitorEffect : text.effect;

  const take = (content: string) => {
    setEntered(deviceIn(content) ?? content);
    setScanning(false);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (subject === undefined) return;
    if (await attempt(() => seat(subject, name, untilOf(period, new Date())))) onClose();
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
        <OfferedDevices
          legend={text.offered}
          none={text.offeredNone}
          offered={offered}
          chosen={subject}
          onChoose={setEntered}
        />
        <TextField
          label={text.id}
          hint={text.idHint}
          error={tried && subject === undefined ? `${text.badId}. ${text.badIdNext}` : null}
          mono
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={entered}
          onChange={({ target }) => setEntered(target.value)}
        />
        {scanning ? (
          <ScannerWell onText={take} />
        ) : (
          <Button size="sm" icon={ScanLine} onClick={() => setScanning(true)}>
            {text.scan}
          </Button>
        )}
        <SelectField
          label={text.until}
          value={period}
          options={seatPeriods.map((value) => ({ value, label: text.periods[value] }))}
          onChange={setPeriod}
        />
        {subject !== undefined && <Effect sentences={effect(name)} />}
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}
