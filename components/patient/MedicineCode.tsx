'use client';

import { EyeOff, KeyRound, Printer, QrCode as QrIcon, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { type ContentState, medicineOf } from '#components/prescriptions/content.ts';
import { QrCode } from '#components/prescriptions/QrCode.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { formatDate } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { useCode } from './useCode.ts';

const text = t.prescriptions.patient;

/** The code to show, large, with its typed form; printing, voiding and renewing it. `folded`: shown when it is asked for. */
export function MedicineCode({
  prescription,
  content,
  folded,
}: {
  prescription: PrescriptionSummary;
  content: ContentState;
  folded: boolean;
}) {
  const { code, valid, busy, problem, voidCode, renewCode } = useCode(prescription, content);
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState(!folded);
  const opened = content.state === 'open' ? content.content : null;
  return (
    <>
      {code && shown && (
        <div className="mt-4">
          <div className="mx-auto max-w-[22rem] rounded-xl border border-line bg-white p-3">
            <QrCode text={code.qrText} label={text.qrLabel(opened ? medicineOf(opened.request) : '')} />
          </div>
          <p className="mt-3 text-center">{text.show(formatDate(prescription.expires))}</p>
          <div className="mt-3 rounded-lg bg-sunken p-3 text-center">
            <p className="text-sm text-ink-2">{text.typed}</p>
            <p className="mt-1 font-mono text-base leading-relaxed font-semibold text-balance sm:text-lg">
              {code.typed}
            </p>
          </div>
        </div>
      )}
      {!valid && (
        <div className="mt-4">
          <Notice tone="warn" icon={EyeOff} title={text.voidedTitle}>
            <p>{text.voidedBody}</p>
          </Notice>
        </div>
      )}
      {problem && (
        <div className="mt-4">
          <ProblemNotice problem={problem} kept={t.flows.again} />
        </div>
      )}
      <div className="mt-4 flex flex-wrap gap-2 empty:hidden">
        {code && !shown && (
          <Button size="lg" icon={QrIcon} onClick={() => setShown(true)}>
            {t.patient.medicines.showCode}
          </Button>
        )}
        {code && (
          <>
            <LinkButton size="lg" icon={Printer} href={`/patient/print/${prescription.id}`}>
              {text.print}
            </LinkButton>
            <Button size="lg" icon={EyeOff} busy={busy} onClick={() => setAsking(true)}>
              {text.void}
            </Button>
          </>
        )}
        {!valid && opened && (
          <Button look="primary" size="lg" icon={busy ? RotateCw : KeyRound} busy={busy} onClick={renewCode}>
            {busy ? text.renewing : text.renew}
          </Button>
        )}
      </div>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={text.voidTitle}
        description={text.voidBody}
        closeLabel={t.shell.close}
        actions={
          <>
            <Button size="lg" onClick={() => setAsking(false)}>
              {t.shell.cancel}
            </Button>
            <Button
              look="danger"
              size="lg"
              icon={EyeOff}
              onClick={() => {
                setAsking(false);
                void voidCode();
              }}
            >
              {text.voidDo}
            </Button>
          </>
        }
      />
    </>
  );
}
