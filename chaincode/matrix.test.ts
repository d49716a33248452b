import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { elapsed, orderOf, type Prepared, prepare } from './testing/circumstances.ts';
import { refusal } from './testing/ledger.ts';
import { actions, circumstances, expectedAnswer, roles } from './testing/matrix.ts';

/** Every role × every action × every circumstance, directly on the chaincode. Nothing is committed, so each cell stands alone. */
describe.each(circumstances)('%s', (circumstance) => {
  let prepared: Prepared;

  beforeAll(async () => {
    prepared = await prepare(circumstance);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (elapsed[circumstance] ?? 0) });
  });
  afterAll(() => {
    vi.useRealTimers();
  });

  it.each(actions)('%s', async (action) => {
    const answers: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const role of roles) {
      const call = prepared.care.world.ledger.endorse(orderOf(prepared, action, role));
      expected[role] = expectedAnswer(action, role, circumstance);
      answers[role] = await refusal(call).catch((error: Error) => {
        if (error.message === 'the call was not refused') return 'allowed';
        throw error;
      });
    }
    expect(answers).toEqual(expected);
  });
});
