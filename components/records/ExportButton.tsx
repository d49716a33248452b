'use client';

import { Download, FileOutput } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { SelectField } from '#components/ui/Field.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Meter } from '#components/ui/Meter.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { exportRecord } from '#fhir/export/exportRecord.ts';
import { recordPage } from '#fhir/export/recordPage.ts';
import { t } from '#messages/en.ts';
import { collectRecord } from './collectRecord.ts';
import { saveFile } from './saveFile.ts';
import type { OpenChart } from './useChart.ts';

const text = t.recordPages.exporting;
const kinds = ['summary', 'record', 'page'] as const;

/** Makes a file of the record in this browser: FHIR, or a page that needs nothing else. */
export function ExportButton({ chart, name }: { chart: OpenChart; name: string }) {
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<(typeof kinds)[number]>('summary');
  const [withFiles, setWithFiles] = useState(false);
  const [progress, setProgress] = useState<{ done: number; count: number } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const make = async () => {
    setProblem(null);
    setProgress({ done: 0, count: 0 });
    try {
      const { record } = chart;
      const { resources, files } = await collectRecord(record, {
        files: withFiles && kind !== 'summary',
        onProgress: (done, count) => setProgress({ done, count }),
      });
      const made = exportRecord(resources, {
        ...{ scope: kind === 'summary' ? 'summary' : 'record', patient: record.source.patient, name, files },
        ...{ at: new Date().toISOString(), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
        withheld: record.withheld,
      });
      const day = new Date().toLocaleDateString('sv-SE');
      if (kind === 'page') saveFile(`record-${day}.html`, 'text/html', [recordPage(made)]);
      else saveFile(`${kind}-${day}.json`, 'application/fhir+json', [JSON.stringify(made.bundle)]);
      setOpen(false);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setProgress(null);
    }
  };

  return (
    <>
      <Button icon={FileOutput} onClick={() => setOpen(true)}>
        {t.recordPages.export}
      </Button>
      <Dialog
        open={open}
        onOpenChange={(next) => progress === null && setOpen(next)}
        title={text.title}
        description={text.body}
        closeLabel={t.shell.close}
        actions={
          <Button look="primary" icon={Download} busy={progress !== null} onClick={make}>
            {text.make}
          </Button>
        }
      >
        <div className="space-y-4">
          <SelectField
            label={text.title}
            value={kind}
            options={kinds.map((value) => ({ value, label: text[value] }))}
            onChange={setKind}
          />
          {kind !== 'summary' && (
            <CheckBox checked={withFiles} onChange={setWithFiles}>
              {text.withFiles}
            </CheckBox>
          )}
          {progress !== null && (
            <div aria-live="polite">
              <Meter
                value={progress.done}
                max={Math.max(1, progress.count)}
                label={text.making(formatNumber(progress.done), formatNumber(progress.count))}
              />
            </div>
          )}
          {problem && <ProblemNotice problem={problem} />}
        </div>
      </Dialog>
    </>
  );
}
