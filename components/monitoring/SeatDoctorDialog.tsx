'use client';

import { useState } from 'react';
import { type FoundReader, GranteeSearch } from '#components/consents/GranteeSearch.tsx';
import { t } from '#messages/en.ts';
import { type Seat, SeatDialog } from './SeatDialog.tsx';

const text = t.monitoringPages.seatDoctor;

/** Adds a doctor to those who watch, with what that means. */
export function SeatDoctorDialog({ onClose, seat }: { onClose: () => void; seat: Seat }) {
  const [reader, setReader] = useState<FoundReader | undefined>(undefined);
  const chosen = reader?.kind === 'person' ? reader : undefined;
  return (
    <SeatDialog title={text.title} sign={text.sign} effect={text.effect} {...{ chosen, seat, onClose }}>
      {(tried) => <GranteeSearch chosen={reader} onChoose={setReader} error={tried ? text.onlyDoctors : undefined} />}
    </SeatDialog>
  );
}
