import { Facts } from '#components/ui/Facts.tsx';
import { formatDate, formatDateTime } from '#components/ui/format.ts';
import type { OpenedMessage } from '#components/vault/reportOperations.ts';
import type { AdverseEventContent } from '#fhir/adverseEvent.ts';
import { t } from '#messages/en.ts';

const text = t.adverseEvents.report;

/** What a report says, and all that was asked and answered about it, oldest first. */
export function ReportContent({
  messages,
  names,
  patientName,
}: {
  messages: readonly OpenedMessage[];
  names: Readonly<Record<string, string>>;
  /** Whom it happened to, where the reader may know. */
  patientName?: string | undefined;
}) {
  return (
    <ol className="space-y-3">
      {messages.map(({ kind, by, at, event, words }) => (
        <li key={`${kind} ${at}`} className="rounded-md border border-line p-3">
          <p className="text-sm text-ink-3">
            <span className="font-semibold text-ink-2">{text.kinds[kind]}</span>
            {names[by] && ` · ${names[by]}`} · {formatDateTime(at)}
          </p>
          {event ? (
            <EventFacts event={event} patientName={patientName} />
          ) : (
            <p className="mt-1 break-words whitespace-pre-wrap">{words}</p>
          )}
        </li>
      ))}
    </ol>
  );
}

function EventFacts({ event, patientName }: { event: AdverseEventContent; patientName: string | undefined }) {
  const { medicine, began, criteria, outcome, narrative, patient } = event;
  const rows = [
    { name: text.medicine, value: medicine.code ? `${medicine.name} (${medicine.code})` : medicine.name },
    ...(medicine.batch ? [{ name: text.batch, value: medicine.batch }] : []),
    ...(medicine.serial ? [{ name: text.serial, value: medicine.serial }] : []),
    ...(began ? [{ name: text.began, value: formatDate(began) }] : []),
    {
      name: text.seriousness,
      value:
        criteria.length === 0 ? text.notSerious : criteria.map((each) => t.adverseEvents.criteria[each]).join('; '),
    },
    { name: text.outcome, value: t.adverseEvents.outcomes[outcome] },
    { name: text.patient, value: patientName ?? patient ?? text.notNamed },
  ];
  return (
    <div className="mt-2 space-y-3">
      <p className="break-words whitespace-pre-wrap">{narrative}</p>
      <Facts rows={rows} />
    </div>
  );
}
