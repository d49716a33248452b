import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { elapsed, prepare } from '#chaincode/testing/circumstances.ts';
import { actions, circumstances, expectedAnswer, expectedAtPortal, roles } from '#chaincode/testing/matrix.ts';
import { createRecordWorld } from '#chaincode/testing/records.ts';
import { AppError } from '#server/errors.ts';
import { type Actors, enlist, ServiceMatrix } from '../testing/matrixWorld.ts';
import { World } from '../testing/world.ts';

/**
 * Every role × every action × every circumstance at the portal's services, in front of the real contracts: refused by the service
 * where it knows, and by the contract where it does not. Nothing is committed, so each cell stands alone.
 */
let world: World;
let actors: Actors;

beforeAll(async () => {
  world = await World.start();
  actors = await enlist(world, (await createRecordWorld()).people);
}, 60_000);
afterAll(() => world.stop());

describe.each(circumstances)('%s', (circumstance) => {
  let matrix: ServiceMatrix;

  beforeAll(async () => {
    matrix = await ServiceMatrix.of(world, await prepare(circumstance), actors);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (elapsed[circumstance] ?? 0) });
  }, 30_000);
  afterAll(() => {
    vi.useRealTimers();
  });

  it.each(actions)('%s', async (action) => {
    const answers: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const role of roles) {
      expected[role] = expectedAtPortal(action, role, circumstance);
      answers[role] = await matrix.ask(action, role).then(
        () => 'allowed',
        (error: unknown) => {
          if (error instanceof AppError) return error.code;
          throw error;
        },
      );
    }
    expect(answers).toEqual(expected);
  });
});

it('lets nobody do at the portal what the ledger refuses', () => {
  for (const circumstance of circumstances) {
    for (const action of actions) {
      for (const role of roles) {
        if (expectedAtPortal(action, role, circumstance) !== 'allowed') continue;
        expect(expectedAnswer(action, role, circumstance)).toBe('allowed');
      }
    }
  }
});
