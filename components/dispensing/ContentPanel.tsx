'use client';

import { CircleCheck, MessageSquareQuote, UserCheck } from 'lucide-react';
import { MedicineStatus } from '#components/formulary/MedicineStatus.tsx';
import { identityOf, medicineOf, quantityText, unitOf, unknownProductOf } from '#components/prescriptions/content.ts';
import { SentenceWarning, SignedSentence } from '#components/prescriptions/SignedSentence.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { Field } from '#components/ui/Field.tsx';
import { formatBirthDate, formatNumber } from '#components/ui/format.ts';
import { Meter } from '#components/ui/Meter.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import { t } from '#messages/en.ts';
import type { MedicineStatus as MedicineStatusView } from '#server/formulary/schema.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

const text = t.dispensing;

export interface Identity {
  name: boolean;
  birthDate: boolean;
}

/** Two identifiers that the person says, compared with the decrypted prescription. */
export function IdentityPanel({
  request,
  identity,
  onChange,
}: {
  request: MedicationRequest;
  identity: Identity;
  onChange: (identity: Identity) => void;
}) {
  const { name, birthDate } = identityOf(request);
  const confirmed = identity.name && identity.birthDate;
  return (
    <Panel>
      <PanelHead
        title={text.identity.title}
        icon={UserCheck}
        remark={confirmed ? undefined : text.identity.body}
        aside={
          confirmed && (
            <span className="flex items-center gap-1.5 text-sm font-semibold text-ok">
              <CircleCheck size={17} aria-hidden /> {text.identity.confirmed}
            </span>
          )
        }
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <CheckBox checked={identity.name} onChange={(checked) => onChange({ ...identity, name: checked })}>
          {text.identity.confirmName(name)}
        </CheckBox>
        <CheckBox checked={identity.birthDate} onChange={(checked) => onChange({ ...identity, birthDate: checked })}>
          {text.identity.confirmBirthDate(formatBirthDate(birthDate))}
        </CheckBox>
      </div>
    </Panel>
  );
}

/** What to hand out: the medicine, what the patient was told, how much, and what the patient will read of it. */
export function HandOutPanel({
  prescription,
  request,
  status,
  quantity,
  onChange,
  error,
  partly,
  told,
}: {
  prescription: PrescriptionSummary;
  request: MedicationRequest;
  /** What the formulary says of what is handed out. */
  status: MedicineStatusView | undefined;
  quantity: string;
  onChange: (quantity: string) => void;
  error: string | null;
  /** Said where packs hold more than is handed out. */
  partly: string | null;
  /** What the patient will read of it, line by line. */
  told: string[];
}) {
  const { name, birthDate } = identityOf(request);
  const total = prescription.quantity * prescription.fills;
  const given = total - prescription.left;
  const unit = unitOf(request);
  const unknown = unknownProductOf(request);
  return (
    <Panel>
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h2 className="text-lg font-bold">{medicineOf(request)}</h2>
        <p className="text-sm text-ink-2">{text.content.for(name, formatBirthDate(birthDate))}</p>
      </div>
      {status && (
        <div className="mt-2">
          <MedicineStatus status={status} look="full" />
        </div>
      )}
      {unknown !== undefined && (
        <div className="mt-3">
          <Notice tone="warn" title={text.content.unknown}>
            <p>
              {unknown ? (
                <>
                  {text.content.unknownCode}{' '}
                  <span className="inline-block max-w-full font-mono break-all">{unknown}</span>.
                </>
              ) : (
                text.content.unknownNoCode
              )}{' '}
              {text.content.unknownBody}
            </p>
          </Notice>
        </div>
      )}
      <p className="mt-3 flex gap-3 rounded-lg bg-sunken px-3.5 py-3">
        <MessageSquareQuote size={19} aria-hidden className="mt-0.5 shrink-0 text-ink-2" />
        <span>
          <SignedSentence request={request} />
        </span>
      </p>
      {request.dosageInstruction.map((dosage) => (
        <div key={dosage.text} className="mt-3 empty:hidden">
          <SentenceWarning dosage={dosage} />
        </div>
      ))}
      <div className="mt-4 grid items-start gap-4 sm:grid-cols-[12rem_1fr]">
        <Field label={text.content.quantity(unit)} error={error}>
          {(control) => (
            <input
              {...control}
              inputMode="numeric"
              autoComplete="off"
              maxLength={7}
              value={quantity}
              onChange={(event) => onChange(event.target.value)}
              className="control"
            />
          )}
        </Field>
        <div className="space-y-2 sm:pt-7">
          <Meter
            value={given}
            max={total}
            label={text.content.given(formatNumber(given), quantityText(request, total))}
          />
          <p className="text-sm text-ink-2">{text.content.fill(quantityText(request, prescription.quantity))}</p>
          {partly && <p className="text-sm text-ink-2">{partly}</p>}
        </div>
      </div>
      {told.length > 0 && (
        <div className="mt-4 border-t border-line pt-3 text-sm">
          <h3 className="font-bold">{text.packs.tell.title}</h3>
          <ul className="mt-1 space-y-0.5 text-ink-2">
            {told.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      )}
    </Panel>
  );
}
