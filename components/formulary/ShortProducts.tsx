'use client';

import { CircleCheck, PackageX, Plus } from 'lucide-react';
import { useState } from 'react';
import { useChange } from '#components/registry/useChange.ts';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDate, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { ShortProduct } from '#server/formulary/schema.ts';
import { codeWords } from './codes.ts';
import { ShortageDialog } from './ShortageDialog.tsx';

const text = t.formulary.shortages;

/** Products that are short by the stock or by the authority's word, with the figures; declared and ended here. */
export function ShortProducts({ products }: { products: readonly ShortProduct[] }) {
  const [opened, setOpened] = useState<string | null>(null);
  const { busy, problem, change } = useChange();
  return (
    <Panel labelledBy="short-products">
      <PanelHead
        id="short-products"
        title={text.title}
        icon={PackageX}
        remark={products.length > 0 ? text.count(products.length) : undefined}
        aside={
          <Button size="sm" icon={Plus} onClick={() => setOpened('')}>
            {text.declare}
          </Button>
        }
      />
      {problem && <ProblemNotice problem={problem} />}
      {products.length === 0 && (
        <Empty icon={CircleCheck} title={text.none}>
          {text.noneBody}
        </Empty>
      )}
      <ul className="divide-y divide-line">
        {products.map(({ product, usable, dispensed, byStock, declared }) => (
          <li key={product} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5">
            <div className="min-w-0 flex-1 basis-56">
              <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
                <span className="font-bold first-letter:uppercase">{codeWords(product) ?? product}</span>
                {declared && <Pill tone="danger">{text.declared}</Pill>}
                {byStock && <Pill tone="warn">{text.byStock}</Pill>}
              </p>
              <p className="text-sm text-ink-2">
                {text.figures(formatNumber(usable), formatNumber(dispensed))}
                {declared && ` · ${declared.reason}`}
                {declared?.until && ` · ${t.formulary.status.shortUntil(formatDate(declared.until))}`}
              </p>
            </div>
            <div className="flex flex-wrap gap-2">
              <Button size="sm" onClick={() => setOpened(product)}>
                {declared ? text.again : text.declareThis}
              </Button>
              {declared && (
                <Button
                  size="sm"
                  busy={busy}
                  onClick={() =>
                    void change(
                      { kind: 'formulary:endShortage', product },
                      { [product]: codeWords(product) ?? product },
                    )
                  }
                >
                  {text.end}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      <details className="mt-2 text-sm text-ink-3">
        <summary className="w-fit rounded-sm font-semibold text-ink-2">{text.how}</summary>
        <p className="mt-1 max-w-prose">{text.rule}</p>
      </details>
      {opened !== null && <ShortageDialog product={opened} onClose={() => setOpened(null)} />}
    </Panel>
  );
}
