'use client';

import { FileDown, Printer, X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { ToggleGroup } from 'radix-ui';
import { type ReactNode, useTransition } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';
import { queryOf, spans, type TraceFilter } from './traceAddress.ts';

const text = t.trace.filter;

/** What the page shows: days, product and place, kept in its address. */
export function FilterBar({
  filter,
  products,
  places,
  onCsv,
  children,
}: {
  filter: TraceFilter;
  products: readonly { gtin: string; name: string }[];
  places: readonly { gln: string; name: string }[];
  onCsv: () => void;
  children?: ReactNode;
}) {
  const router = useRouter();
  const [busy, start] = useTransition();
  const show = (changed: Partial<TraceFilter>) => {
    const query = queryOf({ ...filter, ...changed });
    start(() => router.replace(query === '' ? '/regulator' : `/regulator?${query}`, { scroll: false }));
  };
  const byName = <Row extends { name: string }>(rows: readonly Row[]) =>
    [...rows].sort((a, b) => a.name.localeCompare(b.name));
  return (
    <section aria-label={text.label} aria-busy={busy} data-print="hide" className="space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <ToggleGroup.Root
          type="single"
          value={String(filter.days)}
          onValueChange={(value) => {
            const days = spans.find((span) => String(span) === value);
            if (days) show({ days });
          }}
          aria-label={text.days}
          className="inline-flex rounded-lg border border-control bg-surface p-0.5"
        >
          {spans.map((span) => (
            <ToggleGroup.Item
              key={span}
              value={String(span)}
              className="min-h-9 rounded-md px-3.5 text-sm font-semibold text-ink-2 data-[state=on]:bg-brand-soft data-[state=on]:text-ink"
            >
              {text.spans[span]}
            </ToggleGroup.Item>
          ))}
        </ToggleGroup.Root>
        <div className="w-full min-w-0 sm:w-60">
          <SelectField
            label={text.product}
            hideLabel
            value={filter.gtin ?? ''}
            onChange={(gtin) => show({ gtin: gtin || undefined })}
            options={[
              { value: '', label: text.allProducts },
              ...byName(products).map(({ gtin, name }) => ({ value: gtin, label: name })),
            ]}
          />
        </div>
        <div className="w-full min-w-0 sm:w-60">
          <SelectField
            label={text.place}
            hideLabel
            value={filter.site ?? ''}
            onChange={(site) => show({ site: site || undefined })}
            options={[
              { value: '', label: text.allPlaces },
              ...byName(places).map(({ gln, name }) => ({ value: gln, label: name })),
            ]}
          />
        </div>
        <div className="ml-auto flex gap-2">
          <Button icon={FileDown} onClick={onCsv}>
            {text.csv}
          </Button>
          <Button icon={Printer} onClick={() => window.print()}>
            {text.print}
          </Button>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {(filter.gtin ?? filter.site) !== undefined && (
          <Button size="sm" look="quiet" icon={X} onClick={() => show({ gtin: undefined, site: undefined })}>
            {text.clear}
          </Button>
        )}
        {children}
      </div>
    </section>
  );
}
