'use client';

import { CircleCheck, CircleX, Gavel, type LucideIcon, Megaphone, PackageX, Search, Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';
import { toast } from 'sonner';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { changes, occasionAt, planOf } from '#components/supply/compose.ts';
import { isAllAccepted, useCapture } from '#components/supply/useCapture.ts';
import { Button } from '#components/ui/Button.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { lookUp } from '#server/supply/actions.ts';
import type { Item, Looked } from '#server/supply/schema.ts';
import type { AlertView, TriageState } from '#server/trace/schema.ts';
import { decideAlert } from '#server/triage/actions.ts';
import type { AlertCase } from '#server/triage/schema.ts';

const text = t.trace.triage;

type Decided = Exclude<TriageState, 'new'>;
const icons: Record<Decided, LucideIcon> = {
  suspect: PackageX,
  investigated: Search,
  illegitimate: Gavel,
  reported: Megaphone,
  closed: CircleCheck,
};

/** The pack or the case that an alert is about, where it is about one. */
function itemOf({ gtin, serial, sscc }: AlertView): Item | null {
  if (gtin !== null && serial !== null) return { kind: 'pack', gtin, serial };
  return sscc === null ? null : { kind: 'container', sscc };
}

/** What may be decided next; a suspicion also quarantines the pack, signed by the authority. */
export function AlertDecisions({ known }: { known: AlertCase }) {
  const { alert, next } = known;
  const router = useRouter();
  const { capture, recorded, problem } = useCapture();
  const { looked, lookAgain } = useLooked(itemOf(alert));
  const [asking, setAsking] = useState<Decided | null>(null);
  const mayHold = looked?.known === true && looked.state === 'active' && looked.site !== undefined;
  const thing = alert.product ?? t.supply.thing.case;
  const names = alert.gtin && alert.product ? { [alert.gtin]: alert.product } : {};

  /** True once it is on the ledger; what was signed may still be refused there, which is told. */
  const record = async (change: 'hold' | 'release'): Promise<boolean> => {
    if (looked?.site === undefined) return false;
    const { item, channels, site } = looked;
    return capture(() => planOf([{ item, channels }], (items) => changes[change](occasionAt(site), items)), names);
  };
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
        {alert.state !== 'new' && looked?.state === 'quarantined' && (
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
          body={
            asking === 'suspect'
              ? mayHold
                ? `${text.bodies.suspect} ${text.quarantine(thing)}`
                : text.noQuarantine
              : text.bodies[asking]
          }
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

/** What the ledger says of a thing right now; null until it has answered, and where there is no one thing. */
function useLooked(item: Item | null) {
  const [looked, setLooked] = useState<Looked | null>(null);
  const [wanted] = useState(item);
  const lookAgain = useCallback(async () => {
    if (wanted === null) return;
    try {
      setLooked(expectData(await lookUp({ items: [wanted] }))[0] ?? null);
    } catch {
      // Without an answer nothing is offered to be quarantined.
      setLooked(null);
    }
  }, [wanted]);
  useEffect(() => {
    void lookAgain();
  }, [lookAgain]);
  return { looked, lookAgain };
}
