'use client';

import { CircleCheck, Download, TriangleAlert } from 'lucide-react';
import Papa from 'papaparse';
import { saveFile } from '#components/records/saveFile.ts';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDate, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { t } from '#messages/en.ts';
import { fewestWeeks, outlierK, type Volume } from './volumes.ts';

const text = t.controlled.volumes;
const mostShown = 300;

/** Volumes as a spreadsheet reads them; names stay text there. */
function volumesCsv(volumes: readonly Volume[], names: ReadonlyMap<string, string>): string {
  const rows = volumes.map(({ prescriber, medicine, name, week, units, unit, prescriptions, typical, outlier }) => ({
    ...{ prescriber, prescriberName: names.get(prescriber) ?? prescriber, medicine, name, week, units, unit },
    ...{ prescriptions, typical: typical ?? '', outlier: outlier ? 'yes' : 'no' },
  }));
  return Papa.unparse(rows, { escapeFormulae: true });
}

/** Who prescribed how much of what in which week; outliers stand first. */
export function VolumeTable({
  volumes,
  names,
  onlyOutliers,
  onOnlyOutliers,
}: {
  volumes: readonly Volume[];
  /** Prescribers by id. */
  names: ReadonlyMap<string, string>;
  onlyOutliers: boolean;
  onOnlyOutliers: (only: boolean) => void;
}) {
  const shown = onlyOutliers ? volumes.filter(({ outlier }) => outlier) : volumes;
  const heads = [text.prescriber, text.medicine, text.week, text.units, text.prescriptions, text.typical];
  return (
    <Panel labelledBy="volumes">
      <PanelHead
        id="volumes"
        title={text.title}
        aside={
          <Button
            size="sm"
            icon={Download}
            onClick={() => saveFile('controlled.csv', 'text/csv', [volumesCsv(shown, names)])}
          >
            {text.csv}
          </Button>
        }
      />
      <CheckBox checked={onlyOutliers} onChange={onOnlyOutliers}>
        {text.only}
      </CheckBox>
      {shown.length === 0 ? (
        <Empty icon={CircleCheck} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ScrollX label={text.title}>
          <table className="mt-2 w-full text-sm">
            <thead>
              <tr className="border-b border-line-strong text-left text-ink-2">
                {heads.map((head) => (
                  <th key={head} scope="col" className="py-2 pr-4 font-semibold">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {shown.slice(0, mostShown).map((volume) => {
                const { prescriber, medicine, name, unit, week, units, prescriptions, typical, outlier } = volume;
                return (
                  <tr key={`${prescriber} ${medicine} ${week}`} className="align-top">
                    <th scope="row" className="min-w-40 py-2 pr-4 text-left font-semibold">
                      {names.get(prescriber) ?? prescriber}
                    </th>
                    <td className="min-w-44 py-2 pr-4">
                      <span className="first-letter:uppercase">{name}</span>{' '}
                      <span className="font-mono text-xs text-ink-3">{medicine}</span>
                    </td>
                    <td className="py-2 pr-4 whitespace-nowrap">{formatDate(week)}</td>
                    <td className="py-2 pr-4 whitespace-nowrap">
                      {formatNumber(units)} {unit}
                      {outlier && (
                        <span className="ml-2">
                          <Pill tone="danger" icon={TriangleAlert}>
                            {text.outlier}
                          </Pill>
                        </span>
                      )}
                    </td>
                    <td className="py-2 pr-4">{formatNumber(prescriptions)}</td>
                    <td className="py-2">{typical === undefined ? '–' : formatNumber(typical, 1)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </ScrollX>
      )}
      <details className="mt-3 text-sm text-ink-3">
        <summary className="w-fit rounded-sm font-semibold text-ink-2">{t.controlled.how}</summary>
        <p className="mt-1 max-w-prose">{t.controlled.rule(formatNumber(outlierK, 1), formatNumber(fewestWeeks))}</p>
      </details>
    </Panel>
  );
}
