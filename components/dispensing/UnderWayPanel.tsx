'use client';

import { ClipboardCheck, Package, RotateCw, Undo2 } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { DispensingPlan, DispensingStanding } from '#server/dispensing/schema.ts';
import type { Ending, Wish } from './packSteps.ts';
import type { UnderWay } from './useUnderWay.ts';

const text = t.dispensing.underWay;

/** “Amoxicillin · 14 units, 2 packs”: what is signed, in the pharmacist's own sealed words. */
export function planWords({ medicine, reserve }: DispensingPlan): string {
  const { quantity, packs } = reserve.reservation;
  const amount = t.flows.units(quantity, formatNumber(quantity));
  return `${medicine} · ${text.body(amount, text.packs(packs, formatNumber(packs)))}`;
}

/** A dispense of packs on its way: which step is signed, and the two ways on where it stopped. */
export function UnderWayPanel({ underWay, onRun }: { underWay: UnderWay; onRun: (wish: Wish) => void }) {
  const { plan, busy, step, problem } = underWay;
  return (
    <Panel label={text.title}>
      <PanelHead title={plan ? planWords(plan) : text.title} icon={Package} />
      {busy && (
        <p role="status" className="text-ink-2">
          {step ? `${text.details[step]}…` : t.dispensing.actions.dispensing}
        </p>
      )}
      {problem && <ProblemNotice problem={problem} kept={text.stopped} />}
      {!busy && plan && (
        <div className="mt-4 flex flex-wrap gap-2">
          <Button icon={Undo2} onClick={() => onRun('takeBack')}>
            {text.takeBack}
          </Button>
          <Button look="primary" icon={RotateCw} onClick={() => onRun('finish')}>
            {text.carryOn}
          </Button>
        </div>
      )}
    </Panel>
  );
}

const reasonOf = ({ code }: DispensingStanding['chains'][number]) =>
  (code && t.supply.codes[code]) ?? t.supply.outcome.missing;

/** What became of it, with what somebody has to do about a pack by hand. */
export function EndingNotice({ ending: { kind, standing } }: { ending: Ending }) {
  const { chains, reserved } = standing;
  const refused = chains.find(({ state }) => state === 'refused');
  const stuck = chains.find(({ state }) => state === 'stuck');
  const withheld = chains.find(({ state }) => state === 'withheld' || (kind === 'done' && state === 'stuck'));
  if (kind === 'done') {
    return withheld ? (
      <Notice tone="danger" title={text.done} live="alert">
        <p>{text.withheld(reasonOf(withheld))}</p>
      </Notice>
    ) : null;
  }
  const failed = refused ?? stuck;
  const isDoomed = failed !== undefined || reserved === 'other';
  return (
    <Notice
      tone={isDoomed ? 'danger' : 'info'}
      icon={isDoomed ? undefined : ClipboardCheck}
      title={isDoomed ? text.doomed : text.takenBack}
      live="alert"
    >
      <p>{isDoomed ? text.doomedBody(failed ? reasonOf(failed) : text.other) : text.takenBackBody}</p>
      {stuck && <p>{text.stuck(reasonOf(stuck))}</p>}
    </Notice>
  );
}
