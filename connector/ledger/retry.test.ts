import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../errors.ts';
import { retryLedger } from './retry.ts';

function failing(times: number, error: Error) {
  const pauses: number[] = [];
  let attempts = 0;
  const run = retryLedger(
    async () => {
      attempts += 1;
      if (attempts <= times) throw error;
      return attempts;
    },
    async (milliseconds) => {
      pauses.push(milliseconds);
    },
  );
  return { run, pauses, attempts: () => attempts };
}

describe('retryLedger', () => {
  it.each(['LEDGER_CONFLICT', 'LEDGER_UNAVAILABLE'] as const)('repeats on %s, with growing pauses', async (code) => {
    const { run, pauses } = failing(4, new ConnectorError(code, ''));
    expect(await run).toBe(5);
    expect(pauses).toHaveLength(4);
    expect(pauses[3]).toBeGreaterThan(pauses[0] ?? 0);
  });

  it('gives up after five attempts', async () => {
    const { run, attempts } = failing(9, new ConnectorError('LEDGER_CONFLICT', ''));
    await expect(run).rejects.toMatchObject({ code: 'LEDGER_CONFLICT' });
    expect(attempts()).toBe(5);
  });

  it.each(['KEY_EXISTS', 'INTERNAL', 'CLOCK_SKEW'] as const)('does not repeat on %s', async (code) => {
    const { run, attempts } = failing(1, new ConnectorError(code, ''));
    await expect(run).rejects.toMatchObject({ code });
    expect(attempts()).toBe(1);
  });

  it('does not repeat on an error that it does not know', async () => {
    const { run, attempts } = failing(1, new Error('socket'));
    await expect(run).rejects.toThrow('socket');
    expect(attempts()).toBe(1);
  });
});
