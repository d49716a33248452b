'use client';

import { ArrowLeft, Printer } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { Wordmark } from '#components/ui/Mark.tsx';
import { t } from '#messages/en.ts';

const text = t.downtime.sheet;
const rows = ['1', '2', '3', '4', '5', '6', '7', '8'];
const widths = ['6%', '7%', '21%', '17%', '18%', '6%', '16%', '9%'];

/** A sheet of A4 across, for hand-overs while no device works; it is drawn here and needs no server. */
export function BlankSheet({ pharmacy, onClose }: { pharmacy: string; onClose: () => void }) {
  return (
    <section aria-label={text.title}>
      <style>{'@page { size: A4 landscape; margin: 10mm; }'}</style>
      <div data-print="hide" className="mb-4 flex flex-wrap items-center gap-2">
        <Button icon={ArrowLeft} onClick={onClose}>
          {t.downtime.title}
        </Button>
        <Button look="primary" icon={Printer} onClick={() => window.print()}>
          {text.print}
        </Button>
        <p className="basis-full text-sm text-ink-2">{text.hint}</p>
      </div>
      <div className="overflow-x-auto rounded-lg border border-line bg-white p-5 text-black scheme-only-light print:overflow-visible print:border-0 print:p-0">
        <div className="min-w-[56rem] print:min-w-0">
          <div className="flex items-baseline justify-between gap-4 border-b border-black/40 pb-2">
            <Wordmark size={20} />
            <p className="text-lg font-bold">{t.downtime.title}</p>
          </div>
          <div className="flex flex-wrap gap-x-8 gap-y-1 py-2 text-sm">
            <p>
              {text.pharmacy}: <strong>{pharmacy}</strong>
            </p>
            <p>{text.date}: ____________________</p>
            <p>{text.page}: ________</p>
          </div>
          <table className="w-full table-fixed border-collapse text-left text-xs">
            <thead>
              <tr>
                {text.columns.map((column, index) => (
                  <th key={column} style={{ width: widths[index] }} className="border border-black/50 p-1.5 align-top">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row}>
                  {text.columns.map((column) => (
                    <td key={column} className="h-[15mm] border border-black/50" />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <p className="pt-2 text-xs">{text.rules}</p>
        </div>
      </div>
    </section>
  );
}
