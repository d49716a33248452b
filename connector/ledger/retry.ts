import { ConnectorError } from '../errors.ts';

const attempts = 5;

/**
 * Repeats an idempotent act while the ledger says that another transaction came first or that it is not there, with
 * growing, random pauses (about 1.5 s in all). Every other failure is thrown at once.
 */
export async function retryLedger<T>(
  act: () => Promise<T>,
  pause: (milliseconds: number) => Promise<void> = wait,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (attempt === attempts || !isPassing(error)) throw error;
      await pause(2 ** attempt * 50 * (0.5 + Math.random() / 2));
    }
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof ConnectorError && (error.code === 'LEDGER_CONFLICT' || error.code === 'LEDGER_UNAVAILABLE');
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
