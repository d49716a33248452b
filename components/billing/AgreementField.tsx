import { SelectField } from '#components/ui/Field.tsx';
import { formatDate, formatMoney } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { ClaimView } from '#server/claims/schema.ts';

const text = t.billing.service;

/** Which of what the insurer has agreed to before a claim names; empty for none. */
export function AgreementField({
  agreements,
  value,
  onChange,
}: {
  agreements: readonly ClaimView[];
  value: string;
  onChange: (id: string) => void;
}) {
  return (
    <SelectField
      label={text.agreement}
      value={value}
      options={[
        { value: '', label: text.noAgreement },
        ...agreements.map(({ id, decisions, currency, at }) => ({
          value: id,
          label: text.agreed(formatMoney(decisions.at(-1)?.allowed ?? 0, currency), formatDate(at)),
        })),
      ]}
      onChange={onChange}
    />
  );
}
