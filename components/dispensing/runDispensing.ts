import { problemOf } from '#components/ui/errors.ts';
import { VaultError } from '#components/vault/errors.ts';
import type { DispensingStanding } from '#server/dispensing/schema.ts';
import { type Ending, endingOf, nextStep, type Step, type Wish } from './packSteps.ts';

export interface DispensingPort {
  /** Where it stands now; throws `LEDGER_UNDECIDED` while nobody knows what became of something that was submitted. */
  standing(): Promise<DispensingStanding>;
  /** Has a step signed and recorded. */
  sign(step: Step): Promise<void>;
  /** Forgets what was kept of it. */
  drop(): Promise<void>;
}

/** Refusals that say that a step was done or overtaken meanwhile: the ledgers are asked again. */
const overtaken: readonly string[] = ['ALREADY_EXISTS', 'CONFLICT', 'NOT_FOUND', 'WRONG_STATE', 'LEDGER_CONFLICT'];

/**
 * Carries a dispense of packs on to its end, one signature after the other, and asks the ledgers before each. Throws what stopped
 * it; it can be called again at any time, from any browser of the pharmacist, with either wish.
 */
export async function runDispensing(
  port: DispensingPort,
  wish: Wish,
  onStep: (step: Step) => void = () => {},
): Promise<Ending> {
  let last: { step: string; error?: unknown } | undefined;
  for (;;) {
    const standing = await port.standing();
    const step = nextStep(standing, wish);
    if (step === undefined) {
      await port.drop();
      return endingOf(standing);
    }
    const name = JSON.stringify(step);
    if (last?.step === name) {
      throw last.error ?? new VaultError('LEDGER_UNDECIDED', 'The ledger does not show yet what was signed.');
    }
    onStep(step);
    last = { step: name };
    try {
      await port.sign(step);
    } catch (error) {
      if (!overtaken.includes(problemOf(error).code)) throw error;
      last.error = error;
    }
  }
}
