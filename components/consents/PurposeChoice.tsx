'use client';

import { type Purpose, purposes } from '#chaincode/model/category.ts';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { t } from '#messages/en.ts';

/** What one can read for by consent: an emergency follows rules of its own. */
export type GrantedPurpose = Exclude<Purpose, 'ETREAT'>;
const granted: readonly GrantedPurpose[] = purposes.filter((purpose) => purpose !== 'ETREAT');

/** What for, in the order of the catalogue. */
export function PurposeChoice({
  chosen,
  onChange,
  error,
}: {
  chosen: readonly GrantedPurpose[];
  onChange: (chosen: GrantedPurpose[]) => void;
  error?: string | undefined;
}) {
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-semibold text-ink-2">{t.consents.why}</legend>
      <div className="space-y-2">
        {granted.map((purpose) => (
          <CheckBox
            key={purpose}
            checked={chosen.includes(purpose)}
            onChange={(on) => onChange(granted.filter((one) => (one === purpose ? on : chosen.includes(one))))}
          >
            {t.consents.purposes[purpose]}
          </CheckBox>
        ))}
      </div>
      {error && (
        <p role="alert" className="mt-2 text-sm font-semibold text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}
