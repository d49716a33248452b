'use client';

import { useCallback, useState } from 'react';
import { useSigned } from '#components/signing/useSigned.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { expectData } from '#components/vault/errors.ts';
import { dropDispensing, keepDispensing, readDispensing } from '#server/dispensing/actions.ts';
import type { DispensingPlan } from '#server/dispensing/schema.ts';
import type { Ending, StepKind, Wish } from './packSteps.ts';
import { intentOf, questionOf } from './planSteps.ts';
import { runDispensing } from './runDispensing.ts';

export interface UnderWay {
  /** What was begun and is not finished; null before and after. */
  plan: DispensingPlan | null;
  busy: boolean;
  step: StepKind | null;
  problem: Problem | null;
  ending: Ending | null;
}

const nothing: UnderWay = { plan: null, busy: false, step: null, problem: null, ending: null };

/** One dispense of packs on its way over the ledgers: begun here, or taken up from what was kept. */
export function useUnderWay() {
  const signed = useSigned();
  const [state, setState] = useState<UnderWay>(nothing);

  /** Carries a plan on to its end; undefined where it stopped, with the problem to be told. */
  const run = useCallback(
    async (plan: DispensingPlan, wish: Wish): Promise<Ending | undefined> => {
      setState({ ...nothing, plan, busy: true });
      const { dispenseId } = plan.reserve.reservation;
      try {
        const ending = await runDispensing(
          {
            standing: async () => expectData(await readDispensing(questionOf(plan))),
            // The page says what is signed as a whole, and shows each step.
            sign: async (step) => void (await signed(intentOf(plan, step, new Date()), { sheet: 'quiet' })),
            drop: async () => expectData(await dropDispensing({ dispenseId })),
          },
          wish,
          ({ kind }) => setState((was) => ({ ...was, step: kind })),
        );
        setState({ ...nothing, ending });
        return ending;
      } catch (thrown) {
        setState((was) => ({ ...was, busy: false, problem: problemOf(thrown, 'OFFLINE') }));
        return undefined;
      }
    },
    [signed],
  );

  /** Makes a plan, has it kept, and carries it on. Nothing is signed before it is kept. */
  const begin = useCallback(
    async (compose: () => Promise<{ plan: DispensingPlan; packet: string }>): Promise<Ending | undefined> => {
      setState({ ...nothing, busy: true });
      try {
        const { plan, packet } = await compose();
        const { id: prescriptionId, reservation } = plan.reserve;
        expectData(await keepDispensing({ dispenseId: reservation.dispenseId, prescriptionId, packet }));
        return await run(plan, 'finish');
      } catch (thrown) {
        setState({ ...nothing, problem: problemOf(thrown, 'OFFLINE') });
        return undefined;
      }
    },
    [run],
  );

  const forget = useCallback(() => setState(nothing), []);

  return { ...state, begin, run, forget };
}
