'use client';

import { ToggleGroup } from 'radix-ui';
import { t } from '#messages/en.ts';
import { type Span, span as spanSchema } from '#server/ledgers/schema.ts';

/** Which span of time the charts show. */
export function SpanChoice({ chosen, onChoose }: { chosen: Span; onChoose: (span: Span) => void }) {
  return (
    <ToggleGroup.Root
      type="single"
      value={chosen}
      onValueChange={(value) => {
        const next = spanSchema.safeParse(value);
        if (next.success) onChoose(next.data);
      }}
      aria-label={t.ledgers.span}
      className="inline-flex rounded-lg border border-control bg-surface p-0.5"
    >
      {spanSchema.options.map((span) => (
        <ToggleGroup.Item
          key={span}
          value={span}
          className="min-h-9 rounded-md px-3.5 text-sm font-semibold text-ink-2 data-[state=on]:bg-brand-soft data-[state=on]:text-ink"
        >
          {t.ledgers.spans[span]}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
