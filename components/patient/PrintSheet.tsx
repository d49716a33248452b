'use client';

import { ArrowLeft, Printer } from 'lucide-react';
import { medicineOf, quantityText } from '#components/prescriptions/content.ts';
import { QrCode } from '#components/prescriptions/QrCode.tsx';
import { SignedSentence } from '#components/prescriptions/SignedSentence.tsx';
import { useContents } from '#components/prescriptions/useContents.ts';
import { Page } from '#components/shell/Page.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { formatDate } from '#components/ui/format.ts';
import { Wordmark } from '#components/ui/Mark.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

const text = t.prescriptions.patient.printSheet;

/** An A5 sheet that whoever carries it can show at a pharmacy, without an account. */
export function PrintSheet({ prescription }: { prescription: PrescriptionSummary }) {
  const content = useContents([prescription], 'patient')(prescription.id);
  const opened = content.state === 'open' ? content.content : null;
  const code = prescription.codeValid ? opened?.code : undefined;
  return (
    <Page title={t.prescriptions.patient.print} width="reading">
      <style>{'@page { size: A5 portrait; margin: 12mm; }'}</style>
      <div data-print="hide" className="mb-5 flex flex-wrap gap-2">
        <LinkButton href="/patient" icon={ArrowLeft}>
          {text.back}
        </LinkButton>
        <Button look="primary" icon={Printer} disabled={!code} onClick={() => window.print()}>
          {text.print}
        </Button>
      </div>
      <div data-print="hide" className="mb-5 empty:hidden">
        <UnlockNotice />
      </div>
      {opened && !code && (
        <Notice tone="warn" title={t.prescriptions.patient.voidedTitle}>
          <p>{t.prescriptions.patient.voidedBody}</p>
        </Notice>
      )}
      {opened && code && (
        <div className="mx-auto max-w-[148mm] rounded-lg border border-line bg-white p-[10mm] text-black scheme-only-light print:border-0 print:p-0">
          <div className="flex items-baseline justify-between gap-4 border-b border-black/30 pb-3">
            <Wordmark size={22} />
            <p className="text-lg font-bold">{text.title}</p>
          </div>
          <p className="mt-4 text-xl font-bold">{medicineOf(opened.request)}</p>
          <p className="mt-1 text-lg">
            <SignedSentence request={opened.request} quoted={false} />
          </p>
          <p className="mt-1 text-sm">
            {quantityText(opened.request, prescription.left)} ·{' '}
            {t.prescriptions.patient.prescribedBy(prescription.author.name, prescription.author.institution)}
          </p>
          <div className="mx-auto my-4 w-[62mm]">
            <QrCode text={code.qrText} label={t.prescriptions.patient.qrLabel(medicineOf(opened.request))} />
          </div>
          <p className="text-center text-sm">{text.typed}</p>
          <p className="text-center font-mono text-base font-semibold">{code.typed}</p>
          <p className="mt-3 text-center text-sm font-bold">
            {t.prescriptions.patient.show(formatDate(prescription.expires))}
          </p>
          <div className="mt-4 space-y-1 border-t border-black/30 pt-3 text-xs">
            <p>{text.instruction}</p>
            <p>{text.account}</p>
            <p className="font-mono break-all">
              {text.number} {prescription.id}
            </p>
          </div>
        </div>
      )}
    </Page>
  );
}
