'use client';

import { PenLine } from 'lucide-react';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import { Effect } from './Effect.tsx';
import { type SeatPeriod, seatPeriods, untilOf } from './seatTerm.ts';

/** Signs a seat for whom it is given; throws what prevented it. */
export type Seat = (subject: string, name: string, until: string | undefined) => Promise<void>;

/** Lets somebody into the circle: who it is say the `children` (`tried`: signing was, with nobody chosen), for how long is asked here. */
export function SeatDialog({
  title,
  sign,
  chosen,
  effect,
  seat,
  onClose,
  children,
}: {
  title: string;
  sign: string;
  chosen: { id: string; name: string } | undefined;
  /** What it means that somebody of this name is let in. */
  effect: (name: string) => readonly string[];
  seat: Seat;
  onClose: () => void;
  children: (tried: boolean) => ReactNode;
}) {
  const id = useId();
  const [period, setPeriod] = useState<SeatPeriod>('always');
  const [submitted, setSubmitted] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const terms = t.monitoringPages.seatDevice;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (chosen === undefined) return;
    if (await attempt(() => seat(chosen.id, chosen.name, untilOf(period, new Date())))) onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      closeLabel={t.shell.close}
      place="drawer"
      actions={
        <>
          <Button onClick={onClose}>{t.shell.cancel}</Button>
          <Button type="submit" form={id} look="primary" icon={PenLine} busy={busy}>
            {sign}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="space-y-5 pt-1">
        {children(submitted && chosen === undefined)}
        <SelectField
          label={terms.until}
          value={period}
          options={seatPeriods.map((value) => ({ value, label: terms.periods[value] }))}
          onChange={setPeriod}
        />
        {chosen !== undefined && <Effect sentences={effect(chosen.name)} />}
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}
