'use client';

import { type Category, categories } from '#chaincode/model/category.ts';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { t } from '#messages/en.ts';

/** Which parts of a record: each with what is in it. */
export function CategoryChoice({
  legend,
  chosen,
  onChange,
  error,
}: {
  legend: string;
  chosen: readonly Category[];
  /** In the order of the catalogue. */
  onChange: (chosen: Category[]) => void;
  error?: string | undefined;
}) {
  const toggle = (category: Category, on: boolean) =>
    onChange(categories.filter((one) => (one === category ? on : chosen.includes(one))));
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-semibold text-ink-2">{legend}</legend>
      <div className="grid gap-x-5 gap-y-3 sm:grid-cols-2">
        {categories.map((category) => (
          <CheckBox key={category} checked={chosen.includes(category)} onChange={(on) => toggle(category, on)}>
            <span className="block font-semibold">{t.records.categories[category]}</span>
            <span className="block text-sm text-ink-2">{t.records.contents[category]}</span>
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
