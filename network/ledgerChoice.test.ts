import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepChoice } from './ledgerChoice.ts';
import { openState, type State } from './state.ts';

let dir = '';
let state: State;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'medloom-choice-'));
  state = await openState(join(dir, 'state'));
});
afterEach(() => {
  state.release();
  rmSync(dir, { recursive: true, force: true });
});

describe('keepChoice', () => {
  it('takes the first choice, and the same again', async () => {
    await keepChoice(state, 'fabric');
    await expect(keepChoice(state, 'fabric')).resolves.toBeUndefined();
  });

  it.each([
    ['fabric', 'devnet', '--ledger fabric'],
    ['devnet', 'compose', '--ledger devnet'],
    [{ profile: '/profile.json' }, 'fabric', '--ledger FILE'],
    ['compose', { profile: '/profile.json' }, '--ledger compose'],
  ] as const)('refuses, after %j, %j, and says how to go on', async (first, second, advice) => {
    await keepChoice(state, first);
    await expect(keepChoice(state, second)).rejects.toMatchObject({
      message: expect.stringContaining('was begun on another ledger'),
      advice: expect.stringContaining(advice),
    });
    await expect(keepChoice(state, first)).resolves.toBeUndefined();
  });

  it('knows a folder of the devnet from before choices were noted', async () => {
    mkdirSync(state.path('ledger', 'devnet'), { recursive: true });
    await expect(keepChoice(state, 'fabric')).rejects.toThrow('another ledger (devnet)');
  });
});
