'use client';

import { EyeOff, KeyRound, Printer, RotateCw, Store } from 'lucide-react';
import { useState } from 'react';
import { ContentName } from '#components/prescriptions/ContentName.tsx';
import { type ContentState, medicineOf, quantityText } from '#components/prescriptions/content.ts';
import { ProofButton, proofOf } from '#components/prescriptions/ProofDrawer.tsx';
import { QrCode } from '#components/prescriptions/QrCode.tsx';
import { SignedSentence } from '#components/prescriptions/SignedSentence.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { formatDate } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import type { ShownCode } from '#components/vault/prescriptionOperations.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { useCode } from './useCode.ts';

const text = t.prescriptions.patient;

/** One medicine to collect: what it is, how to take it, and the code to show. */
export function MedicineCard({ prescription, content }: { prescription: PrescriptionSummary; content: ContentState }) {
  const { code, valid, busy, problem, voidCode, renewCode } = useCode(prescription, content);
  const [asking, setAsking] = useState(false);
  const { holder } = prescription;
  const opened = content.state === 'open' ? content.content : null;
  return (
    <Panel as="article">
      <p className="text-sm text-ink-2">
        {holder
          ? text.atPharmacy(holder.institution)
          : prescription.left < prescription.quantity * prescription.fills
            ? text.collectedPart
            : text.ready}
      </p>
      <h2 className="text-xl leading-snug font-bold">
        <ContentName content={content} />
      </h2>
      {opened && (
        <p className="mt-1 text-lg">
          <SignedSentence request={opened.request} quoted={false} />
        </p>
      )}
      <p className="mt-1 text-sm text-ink-2">
        {text.prescribedBy(prescription.author.name, prescription.author.institution)}
        {opened && ` · ${text.left(quantityText(opened.request, prescription.left))}`}
      </p>
      {content.state === 'failed' && (
        <div className="mt-4">
          <ProblemNotice problem={content.problem} />
        </div>
      )}
      {holder && (
        <div className="mt-4">
          <Notice tone="info" icon={Store} title={text.heldTitle(holder.institution)}>
            <p>{text.heldBody}</p>
          </Notice>
        </div>
      )}
      {!holder && code && (
        <Code prescription={prescription} code={code} medicine={opened ? medicineOf(opened.request) : ''} />
      )}
      {!holder && !valid && (
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
      <div className="mt-4 flex flex-wrap gap-2">
        {!holder && code && (
          <>
            <LinkButton size="lg" icon={Printer} href={`/patient/print/${prescription.id}`}>
              {text.print}
            </LinkButton>
            <Button size="lg" icon={EyeOff} busy={busy} onClick={() => setAsking(true)}>
              {text.void}
            </Button>
          </>
        )}
        {!holder && !valid && opened && (
          <Button look="primary" size="lg" icon={busy ? RotateCw : KeyRound} busy={busy} onClick={renewCode}>
            {busy ? text.renewing : text.renew}
          </Button>
        )}
        <span className="ml-auto self-center">
          <ProofButton proof={proofOf(prescription)} />
        </span>
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
    </Panel>
  );
}

function Code({
  prescription,
  code,
  medicine,
}: {
  prescription: PrescriptionSummary;
  code: ShownCode;
  medicine: string;
}) {
  return (
    <div className="mt-4">
      <div className="mx-auto max-w-[22rem] rounded-xl border border-line bg-white p-3">
        <QrCode text={code.qrText} label={text.qrLabel(medicine)} />
      </div>
      <p className="mt-3 text-center">{text.show(formatDate(prescription.expires))}</p>
      <div className="mt-3 rounded-lg bg-sunken p-3 text-center">
        <p className="text-sm text-ink-2">{text.typed}</p>
        <p className="mt-1 font-mono text-base leading-relaxed font-semibold text-balance sm:text-lg">{code.typed}</p>
      </div>
    </div>
  );
}
