'use client';

import { Pill as PillIcon, RotateCw, UserRoundSearch } from 'lucide-react';
import { ProofButton } from '#components/prescriptions/ProofDrawer.tsx';
import { proofOfIssue } from '#components/prescriptions/proofOfIssue.ts';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { IssueProgress } from './progress.ts';

const text = t.prescribing.sign;

/** What became of signing, and what can be done now; the first thing to do has the focus. */
export function SignOutcome({
  progress,
  onCarryOn,
  onMint,
  onChange,
  onAnother,
  onNextPatient,
}: {
  progress: IssueProgress;
  onCarryOn: () => void;
  onMint: () => void;
  onChange: () => void;
  onAnother: () => void;
  onNextPatient: () => void;
}) {
  const { problem, stage, steps, sagaId, prescriptionId } = progress;
  const isSigned = steps.sign === 'done';
  const kept = isSigned ? text.keptSigned : sagaId ? text.keptUnknown : text.keptNothing;
  return (
    <div aria-live="polite" className="space-y-3">
      {problem && (
        <ProblemNotice
          problem={problem}
          kept={kept}
          actions={
            isSigned ? (
              <Button size="sm" icon={RotateCw} onClick={onMint}>
                {text.mintAgain}
              </Button>
            ) : (
              <>
                <Button size="sm" icon={RotateCw} onClick={onCarryOn} autoFocus>
                  {text.carryOn}
                </Button>
                {!sagaId && (
                  <Button size="sm" look="quiet" onClick={onChange}>
                    {text.change}
                  </Button>
                )}
              </>
            )
          }
        />
      )}
      {(stage === 'done' || stage === 'signed') && (
        <>
          <Notice tone="ok" title={text.done} live="status" actions={<ProofButton proof={proofOfIssue(progress)} />}>
            <p>{steps.mint === 'done' ? text.doneBody : text.pendingBody}</p>
          </Notice>
          <div className="flex flex-wrap gap-2">
            <Button look="primary" icon={PillIcon} onClick={onAnother} autoFocus>
              {text.another}
            </Button>
            <Button icon={UserRoundSearch} onClick={onNextPatient}>
              {text.otherPatient}
            </Button>
          </div>
          {prescriptionId && (
            <LinkButton look="quiet" size="sm" href={`/doctor/prescriptions/${prescriptionId}`}>
              {text.open}
            </LinkButton>
          )}
        </>
      )}
    </div>
  );
}
