'use client';

import { PackageOpen } from 'lucide-react';
import { useState } from 'react';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

const text = t.dispensing.reservation;

/** A dispense of packs that is under way on a prescription of this pharmacy; a colleague's can be released by its name. */
export function ReservationLine({
  reservation,
  disabled,
  onRelease,
}: {
  reservation: NonNullable<PrescriptionSummary['reservation']>;
  disabled: boolean;
  onRelease: () => void;
}) {
  const person = usePerson();
  const [asking, setAsking] = useState(false);
  const { quantity, packs, practitionerId } = reservation;
  const isOwn = practitionerId === person.subjectId;
  const amount = t.flows.units(quantity, formatNumber(quantity));
  return (
    <div className="flex w-full flex-wrap items-center gap-x-4 gap-y-2 text-sm">
      <p className="flex min-w-0 flex-1 basis-64 items-start gap-1.5">
        <PackageOpen size={16} aria-hidden className="mt-0.5 shrink-0 text-warn" />
        <span>
          {text.here(amount, t.dispensing.underWay.packs(packs, formatNumber(packs)))}{' '}
          {isOwn ? text.own : text.colleague}
        </span>
      </p>
      {!isOwn && (
        <Button size="sm" disabled={disabled} onClick={() => setAsking(true)}>
          {text.release}
        </Button>
      )}
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={text.releaseTitle}
        description={text.releaseBody}
        closeLabel={t.shell.close}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{text.keep}</Button>
            <Button
              look="danger"
              onClick={() => {
                setAsking(false);
                onRelease();
              }}
            >
              {text.releaseDo}
            </Button>
          </>
        }
      />
    </div>
  );
}
