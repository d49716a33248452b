import type { DispensingStanding } from '#server/dispensing/schema.ts';

/**
 * What a dispense of scanned packs takes, over two ledgers: reserve on care, take the packs out of the supply chain, dispense on
 * care, hand the packs over. Nothing remembers how far it came but the ledgers themselves, so that it can be left at any moment
 * and taken up anywhere. A chain is named by its place in the plan.
 */
export type Step =
  | { kind: 'reserve' | 'dispense' | 'release' }
  | { kind: 'decommission' | 'handOver' | 'undo'; chain: number };
export type StepKind = Step['kind'];

/** What the pharmacist wants: to finish it, or to take it back, which is possible until it is dispensed on care. */
export type Wish = 'finish' | 'takeBack';

const impassable: readonly string[] = ['refused', 'undone', 'stuck', 'handedOver', 'withheld'];

/** Whether it can only be taken back: a pack cannot be had, or the units are kept for another dispense. */
export function isDoomed({ reserved, dispensed, chains }: DispensingStanding): boolean {
  return !dispensed && (reserved === 'other' || chains.some(({ state }) => impassable.includes(state)));
}

/** The next step; undefined where nothing is left to do. */
export function nextStep(standing: DispensingStanding, wish: Wish): Step | undefined {
  const { reserved, dispensed, chains } = standing;
  const at = (...states: string[]) => chains.findIndex(({ state }) => states.includes(state));
  const onChain = (kind: 'decommission' | 'handOver' | 'undo', chain: number): Step | undefined =>
    chain < 0 ? undefined : { kind, chain };
  if (dispensed) {
    // What somebody took back meanwhile has left the pharmacy all the same: it is handed over as it is.
    return onChain('decommission', at('waiting')) ?? onChain('handOver', at('out', 'undone'));
  }
  if (wish === 'takeBack' || isDoomed(standing)) {
    return onChain('undo', at('out')) ?? (reserved === 'own' ? { kind: 'release' } : undefined);
  }
  if (reserved === 'none') return { kind: 'reserve' };
  return onChain('decommission', at('waiting')) ?? { kind: 'dispense' };
}

/** What became of it once nothing is left to do. */
export type Ending = { kind: 'done' | 'takenBack'; standing: DispensingStanding };

export const endingOf = (standing: DispensingStanding): Ending => ({
  kind: standing.dispensed ? 'done' : 'takenBack',
  standing,
});
