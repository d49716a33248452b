import type { ClaimReason } from '#chaincode/model/plan.ts';
import { type ClaimStep, type ClaimStepCode, mostSteps, type stepVerdicts } from '#fhir/claimStep.ts';

type Verdict = (typeof stepVerdicts)[number];
type Told = Partial<Pick<ClaimStep, 'item' | 'subject' | 'reason' | 'words' | 'numbers'>>;

/** The steps of one judgement in order, and what they come to. */
export class Trace {
  readonly steps: ClaimStep[] = [];

  add(code: ClaimStepCode, verdict: Verdict, { numbers = {}, ...told }: Told = {}): void {
    const step: ClaimStep = { code, verdict, numbers, ...told };
    if (this.steps.length < mostSteps) this.steps.push(step);
    // What decides is never left out for what did not.
    else if (verdict !== 'passed') {
      const passed = this.steps.findLastIndex((each) => each.verdict === 'passed');
      if (passed >= 0) this.steps.splice(passed, 1);
      else this.steps.shift();
      this.steps.push(step);
    }
  }

  /** Reasons of steps with that verdict, each once, in order. */
  reasons(verdict: Verdict): ClaimReason[] {
    const found = this.steps.flatMap((step) => (step.verdict === verdict ? [step.reason ?? ('OTHER' as const)] : []));
    return [...new Set(found)];
  }
}
