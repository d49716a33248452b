'use client';

import { CircleCheck, LoaderCircle, ShieldQuestion } from 'lucide-react';
import { FindingCard } from '#components/safety/FindingCard.tsx';
import { KnownFacts } from '#components/safety/KnownFacts.tsx';
import { StatedForm } from '#components/safety/StatedForm.tsx';
import { UnknownNotice } from '#components/safety/UnknownNotice.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import type { UnknownFact } from '#fhir/safety.ts';
import { t } from '#messages/en.ts';
import { keyOf, needsReason } from '#safety/finding.ts';
import type { Subject } from '#safety/subject.ts';
import type { Safety } from './useSafety.ts';

const text = t.safety;
/** What the ledgers take for a reason, in characters. */
const longestReason = 300;

/** What is known to be missing before there is a medicine to check. */
const missingOf = ({ allergies, medicines }: Subject): UnknownFact[] => [
  ...(allergies.missing === undefined ? [] : [{ what: 'allergies' as const, ...allergies.missing }]),
  ...(medicines.missing === undefined ? [] : [{ what: 'medicines' as const, ...medicines.missing }]),
];

/** What is dangerous about the prescription, what could not be checked, and what the prescriber says to either. */
export function SafetyPanel({ safety, disabled }: { safety: Safety; disabled: boolean }) {
  const { reading, subject, check } = safety;
  return (
    <Panel labelledBy="safety-check">
      <PanelHead
        id="safety-check"
        title={text.title}
        icon={ShieldQuestion}
        remark={check && text.table(check.tableVersion)}
      />
      <div className="space-y-3.5" aria-live="polite">
        {reading === 'idle' && <p className="text-sm text-ink-2">{text.needPatient}</p>}
        {reading === 'locked' && <p className="text-sm text-ink-2">{text.locked}</p>}
        {reading === 'reading' && (
          <Notice tone="info" icon={LoaderCircle} title={text.reading}>
            <p>{text.readingBody}</p>
          </Notice>
        )}
        {subject && <KnownFacts subject={subject} />}
        {subject && check === null && (
          <>
            <UnknownNotice unknown={missingOf(subject)} onAgain={safety.onAgain} />
            <p className="text-sm text-ink-2">{text.needMedicine}</p>
          </>
        )}
        {check && <Findings safety={safety} disabled={disabled} />}
      </div>
    </Panel>
  );
}

function Findings({ safety, disabled }: { safety: Safety; disabled: boolean }) {
  const { check, reasons, answers } = safety;
  if (check === null) return null;
  const { findings, unknown } = check;
  return (
    <>
      {findings.length > 0 && (
        <ul className="space-y-2.5">
          {findings.map((finding) => {
            const key = keyOf(finding);
            const reason = reasons[key] ?? '';
            return (
              <FindingCard key={key} finding={finding}>
                {finding.fromPart > 1 && <p className="text-sm font-semibold">{text.fromPart(finding.fromPart)}</p>}
                {needsReason(finding) && (
                  <TextField
                    label={text.override}
                    hint={reason.trim().length < 3 ? text.overrideHint : undefined}
                    autoComplete="off"
                    maxLength={longestReason}
                    value={reason}
                    disabled={disabled}
                    onChange={({ target }) => safety.onReason(key, target.value)}
                  />
                )}
              </FindingCard>
            );
          })}
        </ul>
      )}
      {findings.length === 0 && unknown.length === 0 && (
        <Notice tone="ok" icon={CircleCheck} title={text.clear}>
          <p>{text.clearBody}</p>
        </Notice>
      )}
      <UnknownNotice unknown={unknown} onAgain={disabled ? undefined : safety.onAgain} />
      {findings.length === 0 && unknown.length > 0 && <p className="text-sm text-ink-2">{text.noneFound}</p>}
      <StatedForm unknown={unknown} answers={answers} onChange={safety.onAnswers} disabled={disabled} />
    </>
  );
}
