'use client';

import { MapPin } from 'lucide-react';
import { SelectField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { SiteView } from '#server/supply/schema.ts';

const text = t.supply.place;

/** At which of the institution's places something happens; nothing to choose where there is one. */
export function PlaceField({
  own,
  value,
  onChange,
}: {
  own: SiteView[];
  value: string;
  onChange: (gln: string) => void;
}) {
  const [only] = own;
  if (only === undefined) {
    return (
      <Notice tone="warn" icon={MapPin} title={text.none}>
        <p>{text.noneBody}</p>
      </Notice>
    );
  }
  if (own.length === 1) {
    return (
      <p className="flex items-center gap-2 text-sm text-ink-2">
        <MapPin size={16} aria-hidden className="shrink-0" />
        {only.name}
      </p>
    );
  }
  return (
    <SelectField
      label={text.label}
      value={value}
      onChange={onChange}
      options={own.map(({ gln, name }) => ({ value: gln, label: name }))}
    />
  );
}
