import { ScanLine } from 'lucide-react';
import { Empty } from '#components/ui/Empty.tsx';
import type { Problem } from '#components/ui/errors.ts';
import { Panel } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { Phase } from './useDispensing.ts';
import { RefusalBanner } from './VerdictBanner.tsx';

const text = t.dispensing;

/** What stands at the counter as long as the ledgers have said nothing of a code, or know nothing of it. */
export function BeforeVerdict({
  phase,
  problem,
  isWaiting,
  isLocked,
}: {
  phase: Phase;
  problem: Problem | null;
  /** A code that was read before the keys were open. */
  isWaiting: boolean;
  isLocked: boolean;
}) {
  return (
    <>
      {phase === 'unreadable' && (
        <RefusalBanner title={text.verdict.unreadable}>
          {problem?.message} {text.verdict.refusedKept}
        </RefusalBanner>
      )}
      {phase === 'idle' && !isWaiting && !problem && (
        <Panel>
          <Empty icon={ScanLine} title={text.idle.title}>
            {text.idle.body}
          </Empty>
        </Panel>
      )}
      {(phase === 'looking' || isWaiting) && (
        <Panel>
          <p role="status" className="py-6 text-center text-ink-2">
            {isWaiting && isLocked ? t.shell.vault.needed.body : text.scan.checking}
          </p>
        </Panel>
      )}
      {phase === 'forged' && <RefusalBanner title={text.verdict.forged}>{text.verdict.forgedBody}</RefusalBanner>}
      {phase === 'mismatch' && <RefusalBanner title={text.verdict.mismatch}>{text.verdict.mismatchBody}</RefusalBanner>}
    </>
  );
}
