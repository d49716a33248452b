'use client';

import { CircleCheck, NotebookPen, RotateCcw, ShieldX, X } from 'lucide-react';
import { useState } from 'react';
import { codeFault } from '#components/dispensing/CodePanel.tsx';
import { TypedCode } from '#components/dispensing/TypedCode.tsx';
import { TypedPack } from '#components/dispensing/TypedPack.tsx';
import { withoutReasons } from '#components/dispensing/withoutReasons.ts';
import { MedicineSearch } from '#components/prescribing/MedicineSearch.tsx';
import { productLabel } from '#components/prescribing/products.ts';
import { PlaceField } from '#components/supply/PlaceField.tsx';
import { Button, IconButton } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { formatBirthDate } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { amountText } from '#fhir/dosage.ts';
import { substitutionReasons } from '#formulary/substitution.ts';
import { t } from '#messages/en.ts';
import type { SiteView } from '#server/supply/schema.ts';
import { type Draft, productOf, unitsOf } from './draft.ts';
import { downtimeReasons } from './entry.ts';

const text = t.downtime.form;
const withoutOptions = [
  { value: '' as const, label: text.withoutNone },
  ...withoutReasons.map((value) => ({ value, label: t.dispensing.packs.without.reasons[value] })),
];
const substitutionOptions = [
  { value: '' as const, label: text.substitutionNone },
  ...substitutionReasons.map((value) => ({ value, label: t.dispensing.packs.substitution.reasons[value] })),
];
const reasonOptions = downtimeReasons.map((value) => ({ value, label: text.reasons[value] }));

/** What is written down of one hand-over; nothing in here asks a server. */
export function DowntimeForm({
  draft,
  onChange,
  onCode,
  onPack,
  packFault,
  places,
  site,
  onSite,
  fault,
  busy,
  onWrite,
}: {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  onCode: (code: string) => void;
  /** Takes the code of a pack; false where it is on the list. Throws Gs1Error. */
  onPack: (code: string) => boolean;
  /** Why the last pack was not taken. */
  packFault: string | null;
  places: SiteView[];
  site: string;
  onSite: (gln: string) => void;
  /** What is missing, once somebody tried. */
  fault: string | null;
  busy: boolean;
  onWrite: () => void;
}) {
  const [searching, setSearching] = useState(false);
  const product = productOf(draft);
  const units = unitsOf(draft.packs);
  const amount = (count: number) => amountText(count, product?.unit ?? 'unit');
  return (
    <Panel labelledBy="downtime-form">
      <PanelHead id="downtime-form" title={text.title} icon={NotebookPen} />
      <div className="mb-5 space-y-5">
        {draft.code === '' ? (
          <TypedCode busy={false} check={codeFault} onCode={onCode} action={text.take} />
        ) : (
          <div className="flex flex-wrap items-center gap-3">
            <p className="flex flex-1 items-center gap-1.5 font-semibold text-ok">
              <CircleCheck size={18} aria-hidden /> {text.codeRead}
            </p>
            <Button size="sm" icon={RotateCcw} onClick={() => onChange({ code: '' })}>
              {text.codeAgain}
            </Button>
          </div>
        )}
        <TypedPack addCode={onPack} />
        {packFault && (
          <p role="alert" className="text-sm font-semibold text-danger">
            {packFault}
          </p>
        )}
        {draft.packs.length > 0 && (
          <ul aria-label={text.packs} className="divide-y divide-line border-y border-line">
            {draft.packs.map(({ gtin, serial, batch, expiry }) => (
              <li key={`${gtin}/${serial}`} className="flex items-center gap-3 py-1.5 text-sm">
                <span className="min-w-0 flex-1 break-words">
                  {t.dispensing.packs.tell.pack(batch ?? '–', expiry ? formatBirthDate(expiry) : '–', serial)}
                </span>
                <IconButton
                  icon={X}
                  label={t.dispensing.packs.remove(serial)}
                  onClick={() => onChange({ packs: draft.packs.filter((pack) => pack.serial !== serial) })}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
      <form
        className="space-y-5"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onWrite();
        }}
      >
        {product && !searching ? (
          <div className="flex flex-wrap items-center gap-3">
            <p className="min-w-0 flex-1 text-lg font-bold">{productLabel(product)}</p>
            {draft.packs.length === 0 && (
              <Button size="sm" icon={RotateCcw} onClick={() => setSearching(true)}>
                {text.change}
              </Button>
            )}
          </div>
        ) : (
          <MedicineSearch
            // Without the ledgers nobody says what is short.
            statuses={{}}
            onTake={(taken) => {
              onChange({ product: taken.code });
              setSearching(false);
            }}
          />
        )}
        {product?.controlled && (
          <Notice tone="danger" icon={ShieldX} title={text.controlledTitle} live="alert">
            <p>{text.controlledBody}</p>
          </Notice>
        )}
        <fieldset className="space-y-3">
          <legend className="mb-2 font-bold">{text.patient}</legend>
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField
              label={text.name}
              autoComplete="off"
              maxLength={200}
              value={draft.name}
              onChange={({ target }) => onChange({ name: target.value, saidName: false })}
            />
            <TextField
              label={text.birthDate}
              type="date"
              value={draft.birthDate}
              onChange={({ target }) => onChange({ birthDate: target.value, saidBirthDate: false })}
            />
          </div>
          <div className="grid gap-3 sm:grid-cols-2">
            <CheckBox checked={draft.saidName} onChange={(saidName) => onChange({ saidName })}>
              {text.saidName}
            </CheckBox>
            <CheckBox checked={draft.saidBirthDate} onChange={(saidBirthDate) => onChange({ saidBirthDate })}>
              {text.saidBirthDate}
            </CheckBox>
          </div>
        </fieldset>
        <div className="grid items-start gap-3 sm:grid-cols-2">
          <TextField
            label={product ? text.quantity(product.unit) : text.quantityPlain}
            hint={units > 0 ? text.holds(amount(units)) : undefined}
            inputMode="numeric"
            autoComplete="off"
            maxLength={6}
            value={draft.quantity}
            placeholder={units > 0 ? String(units) : ''}
            onChange={({ target }) => onChange({ quantity: target.value })}
          />
          <SelectField
            label={text.without}
            options={withoutOptions}
            value={draft.without}
            onChange={(without) => onChange({ without })}
          />
          <SelectField
            label={text.substitution}
            options={substitutionOptions}
            value={draft.substitution}
            onChange={(substitution) => onChange({ substitution })}
          />
          <TextField
            label={text.prescriber}
            autoComplete="off"
            maxLength={200}
            value={draft.prescriber}
            onChange={({ target }) => onChange({ prescriber: target.value })}
          />
          <TextField
            label={text.when}
            type="datetime-local"
            value={draft.when}
            onChange={({ target }) => onChange({ when: target.value })}
          />
          <SelectField
            label={text.why}
            options={reasonOptions}
            value={draft.reason}
            onChange={(reason) => onChange({ reason })}
          />
        </div>
        <PlaceField own={places} value={site} onChange={onSite} />
        {fault && (
          <p role="alert" className="text-sm font-semibold text-danger">
            {fault}
          </p>
        )}
        <div className="flex justify-end">
          <Button type="submit" look="primary" icon={NotebookPen} busy={busy} disabled={product?.controlled === true}>
            {text.write}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
