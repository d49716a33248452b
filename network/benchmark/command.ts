import { explainFailure, StepError } from '../step.ts';
import { logDir } from './install.ts';

/** Runs a command to its end. A failure that is explained to the person is printed without a stack, and ends it with code 1. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    process.stderr.write(`${explainFailure(error, logDir)}\n`);
    process.exitCode = 1;
  }
}
