'use client';

import { ChevronLeft, ChevronRight, Printer } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import type { CodePath } from '#components/ui/codePath.ts';
import { formatNumber } from '#components/ui/format.ts';
import { writeForDrawing } from '#gs1/elementString.ts';
import { packElements } from '#gs1/pack.ts';
import { t } from '#messages/en.ts';

const text = t.supply.labels;
/** Labels of three sheets of A4, drawn at once. */
const perView = 72;

export interface PackLabels {
  gtin: string;
  product: string;
  batch: string;
  /** `2028-06-30` */
  expiry: string;
  serials: readonly string[];
}

/** Labels of a batch's packs, three columns on A4, to be printed and stuck on; many in views of a few sheets. */
export function LabelSheet({ labels }: { labels: PackLabels }) {
  const [start, setStart] = useState(0);
  const shown = labels.serials.slice(start, start + perView);
  const end = start + shown.length;
  const codes = usePackCodes(labels, shown);
  return (
    <section aria-label={text.title}>
      <style>{'@page { size: A4 portrait; margin: 10mm; }'}</style>
      <div data-print="hide" className="mb-3 flex flex-wrap items-center gap-2">
        <Button look="primary" icon={Printer} disabled={codes === null} onClick={() => window.print()}>
          {text.print}
        </Button>
        <span className="text-sm text-ink-2" aria-live="polite">
          {codes === null
            ? text.drawing
            : text.sheet(formatNumber(start + 1), formatNumber(end), formatNumber(labels.serials.length))}
        </span>
        {labels.serials.length > perView && (
          <span className="ml-auto flex gap-2">
            <Button size="sm" icon={ChevronLeft} disabled={start === 0} onClick={() => setStart(start - perView)}>
              {text.previous}
            </Button>
            <Button
              size="sm"
              icon={ChevronRight}
              disabled={end >= labels.serials.length}
              onClick={() => setStart(start + perView)}
            >
              {text.next}
            </Button>
          </span>
        )}
      </div>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(15.5rem,1fr))] gap-2 scheme-only-light print:grid-cols-3 print:gap-0">
        {codes !== null &&
          shown.map((serial, index) => <Label key={serial} labels={labels} serial={serial} code={codes[index]} />)}
      </ul>
    </section>
  );
}

/** One label: the code, and in words all that stands in it. */
function Label({ labels, serial, code }: { labels: PackLabels; serial: string; code: CodePath | undefined }) {
  const { product, gtin, batch, expiry } = labels;
  const name = text.pack(product, serial);
  return (
    <li className="flex break-inside-avoid items-center gap-3 rounded-md border border-black/25 bg-white p-2.5 text-black print:rounded-none">
      {code && (
        <svg
          role="img"
          aria-label={name}
          viewBox={`-2 -2 ${code.width + 4} ${code.height + 4}`}
          shapeRendering="crispEdges"
          className="size-[22mm] shrink-0 bg-white"
        >
          <title>{name}</title>
          <path d={code.d} fill="#000" fillRule="evenodd" />
        </svg>
      )}
      <div className="min-w-0 text-xs leading-snug">
        <p className="truncate font-bold">{product}</p>
        <p className="font-mono break-all">
          {text.gtin} {gtin}
        </p>
        <p className="font-mono break-all">
          {text.serial} {serial}
        </p>
        <p className="font-mono break-all">
          {text.batch} {batch}
        </p>
        <p className="font-mono">
          {text.expiry} {expiry.slice(0, 7)}
        </p>
      </div>
    </li>
  );
}

/** The codes of some packs; null while they are drawn. The drawing is loaded when it is first needed: it is large. */
function usePackCodes({ gtin, batch, expiry }: PackLabels, serials: readonly string[]): CodePath[] | null {
  const [codes, setCodes] = useState<{ of: string; paths: CodePath[] } | null>(null);
  const wanted = serials.map((serial) => writeForDrawing(packElements({ gtin, serial, batch, expiry }))).join('\n');
  useEffect(() => {
    let current = true;
    void import('#components/ui/codePath.ts').then(({ dataMatrixPath }) => {
      if (current) setCodes({ of: wanted, paths: wanted.split('\n').map(dataMatrixPath) });
    });
    return () => {
      current = false;
    };
  }, [wanted]);
  return codes?.of === wanted ? codes.paths : null;
}
