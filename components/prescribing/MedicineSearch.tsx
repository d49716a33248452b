'use client';

import { Search, SearchX } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { MedicineStatus } from '#components/formulary/MedicineStatus.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Highlight } from '#components/ui/Highlight.tsx';
import { Kbd } from '#components/ui/Kbd.tsx';
import type { Product } from '#formulary/product.ts';
import { products } from '#formulary/products.ts';
import { searchFormulary } from '#formulary/search.ts';
import { t } from '#messages/en.ts';
import type { MedicineStatuses } from '#server/formulary/schema.ts';
import { capitalised, packLabel } from './products.ts';

const text = t.prescribing.medicine;

/** Search over the formulary, by keyboard: letters, arrows, Enter. */
export function MedicineSearch({
  onTake,
  autoFocus,
  statuses,
}: {
  onTake: (product: Product) => void;
  autoFocus?: boolean;
  /** What the formulary says of each medicine, by product code. */
  statuses: MedicineStatuses;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const found = useMemo(() => (query.trim() ? searchFormulary(query) : []), [query]);
  const index = Math.min(active, Math.max(0, found.length - 1));

  useEffect(() => {
    if (autoFocus) input.current?.focus();
  }, [autoFocus]);
  useEffect(() => {
    document.getElementById(`${id}-${index}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, index]);

  return (
    <div>
      <div className="mb-2.5 flex items-baseline justify-between gap-3">
        <label htmlFor={`${id}-input`} className="font-bold">
          {text.title}
        </label>
        <span className="text-sm text-ink-3">{text.inFormulary(formatNumber(products.length))}</span>
      </div>
      <div className="control flex items-center gap-3 py-0!">
        <Search size={18} aria-hidden className="shrink-0 text-ink-2" />
        <input
          ref={input}
          id={`${id}-input`}
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? `${id}-${index}` : undefined}
          autoComplete="off"
          spellCheck={false}
          value={query}
          placeholder={text.placeholder}
          onChange={(event) => {
            setQuery(event.target.value.slice(0, 100));
            setActive(0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
              event.preventDefault();
              const step = event.key === 'ArrowDown' ? 1 : -1;
              if (found.length > 0) setActive((index + step + found.length) % found.length);
            } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
              event.preventDefault();
              const chosen = found[index];
              if (chosen) onTake(chosen.product);
            } else if (event.key === 'Escape') {
              setQuery('');
            }
          }}
          className="h-[42px] min-w-0 flex-1 bg-transparent outline-none"
        />
        <span aria-hidden className="hidden shrink-0 items-center gap-1 text-sm text-ink-2 md:flex">
          <Kbd>↑</Kbd>
          <Kbd>↓</Kbd> {text.choose} · <Kbd>Enter</Kbd> {text.take}
        </span>
      </div>
      <p className="sr-only" role="status">
        {query.trim() ? text.results(found.length) : ''}
      </p>
      {found.length > 0 && (
        <div id={`${id}-list`} role="listbox" aria-label={text.title} className="mt-1.5 max-h-[20rem] overflow-y-auto">
          {found.map(({ product, highlights }, position) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keyboard.
            <div
              key={product.code}
              id={`${id}-${position}`}
              role="option"
              tabIndex={-1}
              aria-selected={position === index}
              onClick={() => onTake(product)}
              onMouseMove={() => setActive(position)}
              className="flex min-h-10 cursor-pointer flex-wrap items-center gap-x-2 rounded-md px-3 py-1.5 aria-selected:bg-brand-soft"
            >
              <span className="font-bold">
                <Highlight text={capitalised(product.name)} ranges={highlights} />
              </span>
              <span>
                {product.strength} {product.form}
                {product.brand && <span className="font-semibold"> · {product.brand}</span>}
              </span>
              <span className="text-sm text-ink-2">{packLabel(product)}</span>
              <MedicineStatus status={statuses[product.code]} />
              <span className="ml-auto font-mono text-sm text-ink-2">{product.code}</span>
            </div>
          ))}
        </div>
      )}
      {query.trim() && found.length === 0 && (
        <Empty icon={SearchX} title={text.none}>
          {text.noneBody}
        </Empty>
      )}
    </div>
  );
}
