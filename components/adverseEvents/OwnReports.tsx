import { MessageSquareWarning } from 'lucide-react';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { ReportView } from '#server/adverseEvents/schema.ts';
import { ReportRow } from './ReportRow.tsx';

const text = t.adverseEvents.own;

/** The reports of a patient, doctor or pharmacist with their states, and what the authority asks. */
export function OwnReports({ reports }: { reports: readonly ReportView[] }) {
  return (
    <Panel labelledBy="own-reports">
      <PanelHead id="own-reports" title={text.title} icon={MessageSquareWarning} />
      {reports.length === 0 ? (
        <Empty icon={MessageSquareWarning} title={text.none}>
          {text.noneBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {reports.map((report) => (
            <ReportRow key={report.id} report={report} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
