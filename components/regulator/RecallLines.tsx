import { Siren } from 'lucide-react';
import Link from 'next/link';
import { recallScope } from '#components/signing/traceWords.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { Meter } from '#components/ui/Meter.tsx';
import { t } from '#messages/en.ts';
import type { RecallCoverage, RecallView } from '#server/trace/schema.ts';
import { shareOf } from './supplyFigures.ts';

const text = t.trace.recalls;

/** Which packs a recall of the read model is about, in words. */
export const scopeWords = ({ batches, serials }: Pick<RecallView, 'batches' | 'serials'>): string =>
  recallScope({ ...(batches && { batches }), ...(serials && { serials }) });

/** Recalls in force, each with how much of it is answered for. */
export function RecallLines({ recalls }: { recalls: readonly RecallCoverage[] }) {
  if (recalls.length === 0) {
    return (
      <Empty icon={Siren} title={t.trace.tiles.recallNone}>
        {text.noneBody}
      </Empty>
    );
  }
  return (
    <ul className="divide-y divide-line">
      {recalls.map((coverage) => (
        <li key={coverage.recall.id} className="space-y-1.5 py-2.5">
          <p>
            <Link
              href={`/regulator/recalls?recall=${coverage.recall.id}`}
              className="rounded-sm font-bold underline decoration-line-strong underline-offset-3 hover:decoration-current"
            >
              {coverage.recall.product}
            </Link>
            <span className="text-sm text-ink-2"> · {scopeWords(coverage.recall)}</span>
          </p>
          <Meter value={shareOf(coverage)} max={100} label={text.answered(String(shareOf(coverage)))} />
        </li>
      ))}
    </ul>
  );
}
