'use client';

import { MedicineStatus } from '#components/formulary/MedicineStatus.tsx';
import { Button } from '#components/ui/Button.tsx';
import type { Product } from '#formulary/product.ts';
import { t } from '#messages/en.ts';
import type { MedicineStatus as Status } from '#server/formulary/schema.ts';
import { packLabel, productLabel } from './products.ts';

const text = t.prescribing.medicine;

/** The product that is prescribed, and what the formulary says of it; without `onChange` it stays. */
export function ChosenMedicine({
  product,
  status,
  onChange,
}: {
  product: Product;
  status: Status | undefined;
  onChange?: (() => void) | undefined;
}) {
  const facts = [packLabel(product), product.atc, product.controlled && text.controlled];
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="min-w-0 flex-1 basis-52">
        <p className="text-sm text-ink-3">{text.title}</p>
        <p className="text-lg leading-snug font-bold">{productLabel(product)}</p>
        <p className="text-sm text-ink-2">
          {facts.filter(Boolean).join(' · ')} · <span className="font-mono">{product.code}</span>
        </p>
      </div>
      {onChange && (
        <Button size="sm" onClick={onChange} aria-label={text.restChoose}>
          {text.change}
        </Button>
      )}
      <div className="w-full empty:hidden">
        <MedicineStatus status={status} look="full" />
      </div>
    </div>
  );
}
