import { CircleCheck, ShieldX, TriangleAlert } from 'lucide-react';
import { formatDate } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Time } from '#components/ui/Time.tsx';
import type { SafetyRecord } from '#fhir/safety.ts';
import { t } from '#messages/en.ts';
import { FindingCard } from './FindingCard.tsx';
import { UnknownNotice } from './UnknownNotice.tsx';

const text = t.safety.recorded;

const outcomes = {
  clear: { tone: 'ok', icon: CircleCheck },
  incomplete: { tone: 'warn', icon: TriangleAlert },
  overridden: { tone: 'danger', icon: TriangleAlert },
} as const;

/**
 * The check that the prescriber signed, with every reason. `matches`: it is the one that the ledger has; where it is not, or
 * none was made, that is said first.
 */
export function RecordedCheck({ safety, matches }: { safety: SafetyRecord | undefined; matches: boolean }) {
  if (!matches) {
    return (
      <Notice tone="danger" icon={ShieldX} live="alert" title={text.altered}>
        <p>{text.alteredBody}</p>
      </Notice>
    );
  }
  if (safety === undefined) {
    return (
      <Notice tone="danger" icon={ShieldX} title={text.none}>
        <p>{text.noneBody}</p>
      </Notice>
    );
  }
  const { outcome, findings, unknown, stated, at, tableVersion, part } = safety;
  return (
    <div className="space-y-3">
      <Notice {...outcomes[outcome]} title={text[outcome]}>
        <p>
          {text.at} <Time value={at} />
          {part && ` ${text.part(part.part, part.of, formatDate(part.from))}`} · {t.safety.table(tableVersion)}
        </p>
      </Notice>
      {findings.length > 0 && (
        <ul className="space-y-2.5">
          {findings.map((finding) => (
            <FindingCard key={`${finding.rule}|${finding.evidence}`} finding={finding}>
              <p className="rounded-md bg-sunken px-3 py-2 text-sm font-semibold">
                {finding.override === undefined ? text.noReason : text.reason(finding.override)}
              </p>
            </FindingCard>
          ))}
        </ul>
      )}
      <UnknownNotice unknown={unknown} title={text.missing} />
      {stated.length > 0 && (
        <div className="text-sm">
          <p className="font-semibold">{t.safety.stated}</p>
          <ul className="text-ink-2">
            {stated.map(({ what, value }) => (
              <li key={what}>{t.safety.statedFact(t.safety.facts[what], value)}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
