'use client';

import { CircleCheck, CircleX, Gavel, type LucideIcon, Megaphone, PackageX, Search, Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { isAllAccepted } from '#components/supply/useCapture.ts';
import { countWords } from '#components/supply/words.ts';
import { Button } from '#components/ui/Button.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import type { Looked } from '#server/supply/schema.ts';
import type { TriageState } from '#server/trace/schema.ts';
import { decideAlert } from '#server/triage/actions.ts';
import type { AlertCase } from '#server/triage/schema.ts';
import { useQuarantine } from './useQuarantine.ts';

const text = t.trace.triage;

type Decided = Exclude<TriageState, 'new'>;
const icons: Record<Decided, LucideIcon> = {
  suspect: PackageX,
  investigated: Search,
  illegitimate: Gavel,
  reported: Megaphone,
  closed: CircleCheck,
};

/** What may be decided next; a suspicion also quarantines all that the alert is about, signed by the authority. */
export function AlertDecisions({ known }: { known: AlertCase }) {
  const { alert, next, things } = known;
  const router = useRouter();
  const { holdable, held, away, record, recorded, problem, lookAgain } = useQuarantine(things.items);
  const [asking, setAsking] = useState<Decided | null>(null);
  const mayHold = holdable.length > 0;

  const decide = async (to: Decided, note: string) => {
    if (to === 'suspect' && mayHold && !(await record('hold'))) return;
    expectData(await decideAlert({ id: alert.id, to, note, version: alert.version }));
    toast.success(text.decided);
    router.refresh();
  };
  const refusal = recorded !== null && !isAllAccepted(recorded);
  return (
    <section aria-labelledby="alert-next" className="space-y-3">
      <h3 id="alert-next" className="text-sm font-semibold text-ink-2">
        {text.next}
      </h3>
      {next.includes('suspect') && mayHold && <UnlockNotice />}
      <div className="flex flex-wrap gap-2">
        {next.flatMap((to, index) =>
          to === 'new' ? (
            []
          ) : (
            <Button
              key={to}
              look={index === 0 ? 'primary' : 'secondary'}
              icon={icons[to]}
              onClick={() => setAsking(to)}
            >
              {to === 'suspect' && !mayHold ? text.actions.suspectNone : text.actions[to]}
            </Button>
          ),
        )}
        {alert.state !== 'new' && held.length > 0 && (
          <Button icon={Undo2} onClick={() => void record('release').then(lookAgain)}>
            {text.release}
          </Button>
        )}
      </div>
      {problem && <ProblemNotice problem={problem} />}
      {refusal && (
        <p role="alert" className="flex items-start gap-1.5 text-sm font-semibold text-danger">
          <CircleX size={16} aria-hidden className="mt-0.5 shrink-0" />
          {text.notQuarantined(
            recorded.flatMap(({ outcomes }) => outcomes.flatMap(({ detail }) => detail ?? [])).join(', '),
          )}
        </p>
      )}
      {asking && (
        <ReasonDialog
          title={text.dialogs[asking]}
          body={asking === 'suspect' ? suspectWords(holdable, away, things) : text.bodies[asking]}
          label={text.reason}
          hint={text.reasonHint}
          action={text.actions[asking].replace('…', '')}
          look={asking === 'illegitimate' || asking === 'suspect' ? 'danger' : 'primary'}
          icon={icons[asking]}
          onReason={(reason) => decide(asking, reason)}
          onClose={() => {
            setAsking(null);
            void lookAgain();
          }}
        />
      )}
    </section>
  );
}

/** What a suspicion does to the packs, before it is signed. `away`: how many cannot be quarantined. */
function suspectWords(holdable: readonly Looked[], away: number, { items, leftOut }: AlertCase['things']): string {
  if (holdable.length === 0) return text.noQuarantine;
  const places = new Set(holdable.map(({ site }) => site)).size;
  return [
    text.bodies.suspect,
    text.quarantine(countWords(holdable.map(({ item }) => item)), places, formatNumber(places)),
    ...(away > 0 ? [text.quarantineRest(formatNumber(away))] : []),
    ...(leftOut > 0 ? [text.quarantineMore(formatNumber(items.length), formatNumber(leftOut))] : []),
  ].join(' ');
}
