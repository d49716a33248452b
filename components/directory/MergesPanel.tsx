'use client';

import { Combine, Undo2 } from 'lucide-react';
import { toast } from 'sonner';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDateTime } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { undoMerge } from '#server/directory/actions.ts';
import type { MergeView } from '#server/directory/schema.ts';
import { useTask } from './useTask.ts';

const text = t.directory.merges;

/** What was merged, to be parted again. */
export function MergesPanel({ merges }: { merges: MergeView[] }) {
  const { ask, busy, problem } = useTask();
  const undo = async ({ id }: MergeView) => {
    if (await ask(async () => expectData(await undoMerge({ id })))) toast.success(text.recorded);
  };
  return (
    <Panel labelledBy="merges">
      <PanelHead id="merges" title={text.title} remark={text.remark} icon={Combine} />
      {problem && <ProblemNotice problem={problem} />}
      {merges.length === 0 ? (
        <Empty icon={Combine} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {merges.map((merge) => {
            const { id, kept, merged, by, at, undoneAt, reversible } = merge;
            return (
              <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
                <div className="min-w-0 flex-1 basis-56">
                  <p className="font-bold">{text.line(merged.name, kept.name)}</p>
                  <p className="text-sm text-ink-2">
                    {undoneAt ? text.undone(formatDateTime(undoneAt)) : text.by(by, formatDateTime(at))}
                  </p>
                </div>
                {reversible && (
                  <Button
                    size="sm"
                    icon={Undo2}
                    aria-label={text.undoOf(merged.name, kept.name)}
                    disabled={busy}
                    onClick={() => void undo(merge)}
                  >
                    {text.undo}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
