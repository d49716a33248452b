'use client';

import { Pencil, ShieldCheck, Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ClinicalTime } from '#components/chart/ClinicalTime.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Facts } from '#components/ui/Facts.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { Time } from '#components/ui/Time.tsx';
import type { OpenedDocument } from '#components/vault/documentOperations.ts';
import { VaultError } from '#components/vault/errors.ts';
import { type OpenedRecord, openDocumentsOf } from '#components/vault/records.ts';
import { attachmentsIn, fileOf } from '#fhir/attachment.ts';
import type { Shown } from '#fhir/chart/screen.ts';
import { entryValue, rangeWords } from '#fhir/chart/words.ts';
import { t } from '#messages/en.ts';
import { formsFor } from './entryForms.ts';
import { FileView } from './FileView.tsx';
import { saidIn } from './saidIn.ts';

const text = t.recordPages.entry;

/** One entry as its document says it: decrypted, its author's signature checked, files viewed in place. */
export function EntryDrawer({
  record,
  entry,
  onClose,
  onCorrect,
  mayRetract,
  retract,
}: {
  record: OpenedRecord;
  entry: Shown;
  onClose: () => void;
  onCorrect: (entry: Shown) => void;
  /** Whether the reader may take back what this author wrote (`prac-…` or a pseudonym). */
  mayRetract: (author: string) => boolean;
  retract: (document: string, reason: string) => Promise<void>;
}) {
  const [opened, setOpened] = useState<OpenedDocument | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [retracting, setRetracting] = useState(false);

  useEffect(() => {
    let mine = true;
    openDocumentsOf(record, entry.category, [entry.d])
      .then(([document]) => {
        if (!mine) return;
        if (document === undefined) throw new VaultError('NOT_FOUND', 'The ledger has no such document.');
        if ('problem' in document) setProblem(document.problem);
        else setOpened(document);
      })
      .catch((thrown: unknown) => mine && setProblem(problemOf(thrown)));
    return () => {
      mine = false;
    };
  }, [record, entry]);

  const resources = opened !== null && 'resources' in opened ? opened.resources : [];
  const resource = resources.find(({ resourceType, id }) => resourceType === entry.y && id === entry.r);
  const files = resource === undefined ? [] : attachmentsIn(resource).flatMap((element) => fileOf(element) ?? []);
  const value = entryValue(entry);
  const said = resource === undefined ? [] : saidIn(resource);

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={entry.x}
      description={t.chart.kinds[entry.k]}
      closeLabel={t.shell.close}
      place="drawer"
      actions={
        opened !== null && (
          <>
            {'author' in opened && mayRetract(opened.author) && (
              <Button icon={Undo2} onClick={() => setRetracting(true)}>
                {text.retract}
              </Button>
            )}
            {formsFor(entry).length > 0 && (
              <Button icon={Pencil} onClick={() => onCorrect(entry)}>
                {text.correct}
              </Button>
            )}
          </>
        )
      }
    >
      <div className="space-y-4 pt-1">
        <Facts
          rows={[
            ...(value === '' ? [] : [{ name: text.value, value: <strong>{value}</strong> }]),
            ...(entry.m === undefined || rangeWords(entry.m) === ''
              ? []
              : [{ name: text.range, value: rangeWords(entry.m) }]),
            { name: text.when, value: <ClinicalTime value={entry.a} /> },
            { name: text.status, value: [entry.s, entry.v].filter((word) => word !== undefined).join(', ') },
            ...(entry.n === undefined ? [] : [{ name: text.details, value: entry.n }]),
            ...said,
            { name: text.part, value: t.records.categories[entry.category] },
            { name: text.at, value: <Time value={entry.w} /> },
          ]}
        />
        {opened === null && problem === null && (
          <p className="text-sm text-ink-2" aria-live="polite">
            {text.opening}
          </p>
        )}
        {problem && <ProblemNotice problem={problem} />}
        {files.map((file) => (
          <FileView key={file.root} document={entry.d} file={file} />
        ))}
        {opened !== null && (
          <p className="flex items-center gap-2 text-sm text-ok">
            <ShieldCheck size={17} aria-hidden /> {text.verified}
          </p>
        )}
      </div>
      {retracting && (
        <ReasonDialog
          title={text.retractTitle}
          body={text.retractBody(resources.length)}
          label={text.retractReason}
          action={text.retractDo}
          icon={Undo2}
          onClose={() => setRetracting(false)}
          onReason={async (reason) => {
            await retract(entry.d, reason);
            onClose();
          }}
        />
      )}
    </Dialog>
  );
}
