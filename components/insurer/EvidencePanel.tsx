import { CircleCheck, CircleHelp, CircleX, type LucideIcon, ShieldCheck } from 'lucide-react';
import type { Claim } from '#chaincode/model/claim.ts';
import { Facts } from '#components/ui/Facts.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { inkTone, type Tone } from '#components/ui/tone.ts';
import { fieldWords } from '#components/verify/fieldWords.ts';
import type { CheckedEvidence } from '#crypto/claim/evidence.ts';
import { commitmentFields } from '#crypto/commitment/fields.ts';
import { t } from '#messages/en.ts';
import { type EvidenceLine, evidenceLines } from './evidenceLines.ts';

const text = t.claimsCase.evidence;
const looks: Record<EvidenceLine['state'], { icon: LucideIcon; tone: Tone }> = {
  holds: { icon: CircleCheck, tone: 'ok' },
  fails: { icon: CircleX, tone: 'danger' },
  unknown: { icon: CircleHelp, tone: 'warn' },
};

/** What this browser found of the evidence, line by line, and what it shows of the prescription. */
export function EvidencePanel({
  claim,
  checked,
}: {
  claim: Pick<Claim, 'category' | 'use'>;
  /** Undefined where there is none to check. */
  checked: CheckedEvidence | undefined;
}) {
  const lines = checked === undefined ? [] : evidenceLines(checked, claim);
  const failing = lines.filter(({ state }) => state !== 'holds').length;
  const shown = commitmentFields.flatMap((field) => {
    const value = checked?.shown[field];
    return value === undefined || value === null
      ? []
      : [{ name: t.verify.fields[field], value: fieldWords(field, value) }];
  });
  return (
    <Panel labelledBy="evidence">
      <PanelHead
        id="evidence"
        title={text.title}
        icon={ShieldCheck}
        remark={lines.length > 0 && text.remark}
        aside={
          lines.length > 0 && (
            <Pill tone={failing === 0 ? 'ok' : 'danger'} icon={failing === 0 ? CircleCheck : CircleX}>
              {failing === 0 ? text.all : text.some(formatNumber(failing))}
            </Pill>
          )
        }
      />
      {lines.length === 0 ? (
        <div className="flex items-start gap-2">
          <CircleHelp size={18} aria-hidden className="mt-0.5 shrink-0 text-ink-2" />
          <div>
            <p className="font-semibold">{text.none}</p>
            <p className="max-w-prose text-sm text-ink-2">{text.noneBody}</p>
          </div>
        </div>
      ) : (
        <ul className="space-y-1.5">
          {lines.map(({ check, state }) => {
            const { icon: Icon, tone } = looks[state];
            return (
              <li key={check} className="flex items-start gap-2 text-sm">
                <Icon size={17} aria-hidden className={`mt-0.5 shrink-0 ${inkTone[tone]}`} />
                <span className="min-w-0 flex-1">{text.checks[check]}</span>
                <span className={`shrink-0 font-semibold ${inkTone[tone]}`}>{text.states[state]}</span>
              </li>
            );
          })}
        </ul>
      )}
      {shown.length > 0 && (
        <div className="mt-4">
          <h3 className="mb-2 text-sm font-bold">{text.shown}</h3>
          <Facts rows={shown} />
        </div>
      )}
    </Panel>
  );
}
