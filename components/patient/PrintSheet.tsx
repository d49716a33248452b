'use client';

import { ArrowLeft, FileDown, Printer } from 'lucide-react';
import { useState } from 'react';
import { medicineOf, quantityText } from '#components/prescriptions/content.ts';
import { QrCode } from '#components/prescriptions/QrCode.tsx';
import { SignedSentence } from '#components/prescriptions/SignedSentence.tsx';
import { useContents } from '#components/prescriptions/useContents.ts';
import { saveFile } from '#components/records/saveFile.ts';
import { Page } from '#components/shell/Page.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { formatDate } from '#components/ui/format.ts';
import { Wordmark } from '#components/ui/Mark.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import type { OpenedPrescription, ShownCode } from '#components/vault/prescriptionOperations.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

const text = t.prescriptions.patient.printSheet;

/** An A5 sheet that whoever carries it can show at a pharmacy, without an account. */
export function PrintSheet({ prescription }: { prescription: PrescriptionSummary }) {
  const content = useContents([prescription], 'patient')(prescription.id);
  const opened = content.state === 'open' ? content.content : null;
  const code = prescription.codeValid ? opened?.code : undefined;
  const { busy, problem, attempt } = useAttempt();
  const [missing, setMissing] = useState('');
  const save = async (content: OpenedPrescription, shown: ShownCode) => {
    // Loaded when it is first needed: what draws a PDF is large.
    const { makeSheet } = await import('./sheet/makeSheet.ts');
    const made = await makeSheet(prescription, content, shown);
    setMissing(made.missing);
    saveFile(text.fileName, 'application/pdf', [new Uint8Array(made.pdf)]);
  };
  return (
    <Page title={t.prescriptions.patient.print} width="reading">
      <style>{'@page { size: A5 portrait; margin: 12mm; }'}</style>
      <div data-print="hide" className="mb-5 flex flex-wrap gap-2">
        <LinkButton href="/patient" icon={ArrowLeft}>
          {text.back}
        </LinkButton>
        <Button
          look="primary"
          icon={FileDown}
          busy={busy}
          disabled={!code}
          onClick={() => opened && code && attempt(() => save(opened, code))}
        >
          {busy ? text.making : text.download}
        </Button>
        <Button icon={Printer} disabled={!code} onClick={() => window.print()}>
          {text.print}
        </Button>
      </div>
      <div data-print="hide" className="mb-5 space-y-3 empty:hidden">
        {problem && <ProblemNotice problem={problem} />}
        {missing !== '' && <Notice tone="warn" title={text.lacks(missing)} live="status" />}
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
