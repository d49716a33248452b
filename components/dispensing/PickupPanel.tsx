import { PackageOpen } from 'lucide-react';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { parsePickupCode } from '#crypto/pickup.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

const text = t.dispensing.pickup;

/** Who stands at the counter: the patient, or somebody with the patient's one-time code. */
export interface PickupState {
  by: 'patient' | 'other';
  /** As typed. */
  code: string;
}
export const byPatient: PickupState = { by: 'patient', code: '' };

/** Whether somebody may fetch it now with a code that was not used yet. */
export const isPickupOpen = ({ pickup }: Pick<PrescriptionSummary, 'pickup'>, now: number): boolean =>
  pickup !== undefined && pickup.used === undefined && Date.parse(pickup.until) > now;

export const isPickupReady = ({ by, code }: PickupState): boolean =>
  by === 'patient' || parsePickupCode(code) !== undefined;

const who = [
  { value: 'patient' as const, label: text.patient },
  { value: 'other' as const, label: text.other },
];

/** Asks for the one-time code where somebody fetches it for the patient. */
export function PickupPanel({
  pickup,
  value,
  onChange,
}: {
  pickup: NonNullable<PrescriptionSummary['pickup']>;
  value: PickupState;
  onChange: (value: PickupState) => void;
}) {
  const typed = value.code.replaceAll(/[\s-]/g, '').length >= 8;
  return (
    <Notice tone="info" icon={PackageOpen} title={text.title[pickup.kind]}>
      <p>
        {text.until} <Time value={pickup.until} />. {text.body}
      </p>
      <div className="mt-2 grid gap-3 sm:grid-cols-2">
        <SelectField label={text.who} options={who} value={value.by} onChange={(by) => onChange({ ...value, by })} />
        {value.by === 'other' && (
          <TextField
            label={text.code}
            hint={text.codeHint}
            error={typed && !isPickupReady(value) ? text.codeBad : null}
            mono
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={12}
            value={value.code}
            onChange={({ target }) => onChange({ ...value, code: target.value })}
          />
        )}
      </div>
    </Notice>
  );
}
