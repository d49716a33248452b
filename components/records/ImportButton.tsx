'use client';

import { Download, FileInput } from 'lucide-react';
import { useState } from 'react';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Field } from '#components/ui/Field.tsx';
import { formatBirthDate, formatNumber } from '#components/ui/format.ts';
import { Meter } from '#components/ui/Meter.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import type { BundleImport, EntryReport } from '#fhir/import/importBundle.ts';
import { t } from '#messages/en.ts';
import { type ImportProgress, importBundle, readBundle } from './importRecord.ts';
import { saveFile } from './saveFile.ts';
import type { OpenChart } from './useChart.ts';

const text = t.recordPages.importing;
const { imports } = t.records;

/** Takes a FHIR Bundle into one's own record, with what became of each entry. */
export function ImportButton({
  chart,
  patient,
  names,
  onDone,
}: {
  chart: OpenChart;
  patient: string;
  names: Readonly<Record<string, string>>;
  onDone: () => void;
}) {
  const signed = useSigned();
  const [open, setOpen] = useState(false);
  const [bundle, setBundle] = useState<BundleImport | null>(null);
  const [progress, setProgress] = useState<ImportProgress | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const choose = async (file: File | undefined) => {
    setBundle(null);
    setProgress(null);
    setProblem(null);
    if (file === undefined) return;
    try {
      setBundle(await readBundle(file, chart.record.source));
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  };
  const start = async () => {
    if (bundle === null) return;
    setBusy(true);
    setProblem(null);
    try {
      await importBundle(bundle, patient, signed, { names, onProgress: setProgress });
      setBundle(null);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const close = () => {
    if (busy) return;
    setOpen(false);
    setBundle(null);
    if (progress !== null) onDone();
    setProgress(null);
  };

  const { about } = bundle ?? {};
  const accepted = progress?.reports.filter(({ outcome }) => outcome === 'accepted').length ?? 0;
  const others = progress?.reports.filter(({ outcome }) => outcome !== 'accepted') ?? [];
  return (
    <>
      <Button icon={FileInput} onClick={() => setOpen(true)}>
        {t.recordPages.import}
      </Button>
      <Dialog
        open={open}
        onOpenChange={(next) => (next ? setOpen(true) : close())}
        title={text.title}
        description={text.body}
        closeLabel={t.shell.close}
        place="drawer"
        actions={
          bundle && (
            <Button look="primary" icon={FileInput} busy={busy} onClick={start}>
              {text.start}
            </Button>
          )
        }
      >
        <div className="space-y-4 pt-1">
          <Field label={text.choose}>
            {(control) => (
              <input
                {...control}
                type="file"
                accept=".json,application/json,application/fhir+json"
                disabled={busy}
                onChange={({ target }) => void choose(target.files?.[0])}
                className="control"
              />
            )}
          </Field>
          {bundle && (
            <p className="text-sm">
              {about === undefined
                ? text.aboutNone
                : text.about(
                    [about.name, about.birthDate && formatBirthDate(about.birthDate)].filter(Boolean).join(', '),
                  )}
            </p>
          )}
          {progress && (
            <div aria-live="polite">
              <Meter
                value={progress.done}
                max={progress.count}
                label={text.progress(formatNumber(progress.done), formatNumber(progress.count))}
              />
            </div>
          )}
          {progress && !busy && (
            <>
              <p className="font-bold">{text.summary(formatNumber(accepted), formatNumber(others.length))}</p>
              {progress.failed.length > 0 && (
                <>
                  <p className="text-sm font-semibold text-danger">{text.failed(progress.failed.length)}</p>
                  <ProblemNotice problem={progress.failed[0]?.problem ?? { code: 'INTERNAL', message: '' }} />
                  <p className="text-sm text-ink-2">{text.again}</p>
                </>
              )}
              <Report reports={others} />
              <Button
                size="sm"
                icon={Download}
                onClick={() => saveFile('import-report.json', 'application/json', [JSON.stringify(progress, null, 2)])}
              >
                {text.saveReport}
              </Button>
            </>
          )}
          {problem && <ProblemNotice problem={problem} />}
        </div>
      </Dialog>
    </>
  );
}

function Report({ reports }: { reports: readonly EntryReport[] }) {
  if (reports.length === 0) return null;
  return (
    <section aria-label={text.report}>
      <h3 className="mb-1 text-sm font-bold text-ink-2">{text.report}</h3>
      <ul className="divide-y divide-line border-y border-line text-sm">
        {reports.map((report) => (
          <li key={report.entry} className="py-2 [contain-intrinsic-size:auto_2.5rem] [content-visibility:auto]">
            <span className="font-semibold">{`${report.entry + 1}. ${report.title ?? report.type}`}</span>
            <span className="block text-ink-2">
              {report.outcome === 'duplicate' ? imports.duplicateOf[report.of] : imports.outcomes[report.outcome]}
            </span>
            {report.outcome === 'refused' &&
              report.issues.map(({ path, reason }) => (
                <span key={`${path}${reason}`} className="block text-danger">
                  {imports.issue(path, reason)}
                </span>
              ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
