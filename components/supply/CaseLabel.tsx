'use client';

import { Printer } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import type { CodePath } from '#components/ui/codePath.ts';
import { writeForDrawing } from '#gs1/elementString.ts';
import { t } from '#messages/en.ts';

const text = t.supply.labels;

/** Half a millimetre, as logistics has it at the least. */
const pixelsPerModule = 2;

/** The label of a case, with GS1-128 bars as logistics wants them (GS1 Logistic Label Guideline). */
export function CaseLabel({ sscc, contents }: { sscc: string; contents: string }) {
  const [code, setCode] = useState<CodePath | null>(null);
  useEffect(() => {
    let current = true;
    void import('#components/ui/codePath.ts').then(({ barsPath }) => {
      if (current) setCode(barsPath(writeForDrawing(new Map([['00', sscc]]))));
    });
    return () => {
      current = false;
    };
  }, [sscc]);
  return (
    <section aria-label={text.caseTitle} className="space-y-3">
      <style>{'@page { size: A6 landscape; margin: 6mm; }'}</style>
      <div data-print="hide">
        <Button icon={Printer} disabled={code === null} onClick={() => window.print()}>
          {text.print}
        </Button>
      </div>
      <div className="max-w-[105mm] space-y-2 rounded-md border border-black/25 bg-white p-4 text-black scheme-only-light print:border-0">
        <p className="text-sm font-bold">{contents}</p>
        {code && (
          <svg
            role="img"
            aria-label={text.case(sscc)}
            viewBox={`-10 0 ${code.width + 20} ${code.height}`}
            preserveAspectRatio="none"
            shapeRendering="crispEdges"
            // Whole pixels for each module, or a screen draws some bars wider than others.
            style={{ width: (code.width + 20) * pixelsPerModule }}
            className="h-[26mm] max-w-full bg-white"
          >
            <title>{text.case(sscc)}</title>
            <path d={code.d} fill="#000" fillRule="evenodd" />
          </svg>
        )}
        <p className="text-center font-mono text-sm">{`(00) ${sscc}`}</p>
      </div>
    </section>
  );
}
