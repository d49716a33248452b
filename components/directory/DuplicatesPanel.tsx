'use client';

import { Combine, Users } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { mergePatients } from '#server/directory/actions.ts';
import type { PossibleDuplicate } from '#server/directory/schema.ts';
import { EntryLine } from './EntryLine.tsx';
import { useTask } from './useTask.ts';

const text = t.directory.duplicates;

/** Entries that may be one person, with what speaks for it. */
export function DuplicatesPanel({ duplicates }: { duplicates: PossibleDuplicate[] }) {
  const [merging, setMerging] = useState<PossibleDuplicate | null>(null);
  return (
    <Panel labelledBy="duplicates">
      <PanelHead id="duplicates" title={text.title} remark={text.remark} icon={Users} />
      {duplicates.length === 0 ? (
        <Empty icon={Users} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {duplicates.map((pair) => (
            <li key={pair.entries.map(({ personId }) => personId).join()} className="space-y-2 py-3">
              <div className="flex flex-wrap gap-x-4 gap-y-3">
                {pair.entries.map((entry) => (
                  <EntryLine key={entry.personId} entry={entry} />
                ))}
              </div>
              <div className="flex flex-wrap items-center justify-between gap-2">
                <p className="text-sm text-ink-2">{pair.why.map((why) => t.directory.why[why]).join(' · ')}</p>
                <Button size="sm" icon={Combine} onClick={() => setMerging(pair)}>
                  {text.merge}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {merging && <MergeDialog pair={merging} onClose={() => setMerging(null)} />}
    </Panel>
  );
}

/** Which of two entries stays. One with keys can only stay. */
function MergeDialog({ pair: { entries }, onClose }: { pair: PossibleDuplicate; onClose: () => void }) {
  const [first, second] = entries;
  const [keepId, setKeep] = useState(second.enrolled ? second.personId : first.personId);
  const { ask, busy, problem } = useTask();
  const merge = async () => {
    const mergeId = keepId === first.personId ? second.personId : first.personId;
    if (!(await ask(async () => expectData(await mergePatients({ keepId, mergeId }))))) return;
    toast.success(text.recorded);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.mergeTitle}
      description={text.mergeBody}
      closeLabel={t.shell.close}
      actions={
        <Button look="primary" icon={Combine} busy={busy} onClick={() => void merge()}>
          {text.next}
        </Button>
      }
    >
      <div className="space-y-4">
        {entries.map((entry) => (
          <EntryLine key={entry.personId} entry={entry} />
        ))}
        <SelectField
          label={text.kept}
          options={entries.map(({ personId, name, identifier }) => ({
            value: personId,
            label: [name, identifier].filter(Boolean).join(' · '),
          }))}
          value={keepId}
          onChange={setKeep}
        />
        {problem && <ProblemNotice problem={problem} />}
      </div>
    </Dialog>
  );
}
