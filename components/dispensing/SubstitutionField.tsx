import { Replace } from 'lucide-react';
import { SelectField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { productTitle } from '#fhir/coding.ts';
import type { Product } from '#formulary/product.ts';
import { type SubstitutionReason, substitutionReasons } from '#formulary/substitution.ts';
import { t } from '#messages/en.ts';

const text = t.dispensing.packs.substitution;
const reasons = substitutionReasons.map((value) => ({ value, label: text.reasons[value] }));

/** Another product than the prescribed one is handed out for a reason, which patient and prescriber are told. */
export function SubstitutionField({
  product,
  reason,
  onReason,
}: {
  product: Product;
  reason: SubstitutionReason | null;
  onReason: (reason: SubstitutionReason | null) => void;
}) {
  return (
    <Notice tone="info" icon={Replace} title={text.title(productTitle(product))}>
      <p>{text.body}</p>
      <SelectField
        label={text.why}
        options={[{ value: '' as const, label: text.choose }, ...reasons]}
        value={reason ?? ''}
        onChange={(chosen) => onReason(chosen === '' ? null : chosen)}
      />
    </Notice>
  );
}
