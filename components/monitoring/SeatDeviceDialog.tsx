'use client';

import { ScanLine } from 'lucide-react';
import { useState } from 'react';
import { ScannerWell } from '#components/scanning/ScannerWell.tsx';
import { Button } from '#components/ui/Button.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';
import type { OfferedDevice } from '#server/circles/schema.ts';
import { OfferedDevices } from './OfferedDevices.tsx';
import { type Seat, SeatDialog } from './SeatDialog.tsx';
import { deviceIn } from './seatTerm.ts';

const text = t.monitoringPages.seatDevice;

/** Adds a device to those who are in the circle: chosen, typed or scanned. */
export function SeatDeviceDialog({
  offered,
  onClose,
  seat,
}: {
  offered: readonly OfferedDevice[];
  onClose: () => void;
  seat: Seat;
}) {
  const [entered, setEntered] = useState('');
  const [scanning, setScanning] = useState(false);
  const subject = deviceIn(entered);
  const known = offered.find((one) => one.id === subject);
  const chosen = subject === undefined ? undefined : { id: subject, name: known?.model ?? subject };
  const effect = known?.purpose === 'monitor' ? text.monitorEffect : text.effect;

  const take = (content: string) => {
    setEntered(deviceIn(content) ?? content);
    setScanning(false);
  };

  return (
    <SeatDialog title={text.title} sign={text.sign} {...{ chosen, effect, seat, onClose }}>
      {(tried) => (
        <>
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
            error={tried ? `${text.badId}. ${text.badIdNext}` : null}
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
        </>
      )}
    </SeatDialog>
  );
}
