import { beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { AppError } from './errors.ts';
import type { Actor } from './people/schema.ts';

const session = vi.hoisted(() => {
  process.env.LOG_LEVEL = 'silent';
  return { actor: null as unknown };
});
vi.mock('./session/readActor.ts', () => ({
  readActor: async () => session.actor,
  readCaller: async () => ({ address: '203.0.113.9' }),
}));

const { action, publicAction } = await import('./action.ts');

const actor: Actor = {
  ...{ personId: 'p', sessionId: 's', role: 'doctor', name: 'Dr Test', subjectId: 'prac-x', enrolled: true },
  ...{ institutionId: 'inst-x', institutionName: 'X', mspId: 'HospitalMSP' },
};
const calls: unknown[] = [];
const echo = action(z.object({ quantity: z.int().min(1) }), async function echo(who: Actor, input) {
  calls.push(input);
  return { by: who.role, ...input };
});

beforeEach(() => {
  session.actor = actor;
  calls.length = 0;
});

describe('an action', () => {
  it('gives the service the person of the session and what was entered', async () => {
    expect(await echo({ quantity: 2 })).toEqual({ ok: true, data: { by: 'doctor', quantity: 2 } });
  });

  it('is refused without a session, before anything is read', async () => {
    session.actor = null;
    expect(await echo({ quantity: 2 })).toMatchObject({ ok: false, error: { code: 'UNAUTHENTICATED' } });
    expect(calls).toEqual([]);
  });

  it.each([{ quantity: -1 }, { quantity: 0.5 }, { quantity: Number.NaN }, { quantity: '2' }, {}])(
    'refuses %j, naming the field and never what was entered',
    async (input) => {
      const answer = await Reflect.apply(echo, undefined, [input]);
      expect(answer).toMatchObject({
        ok: false,
        error: { code: 'INVALID_INPUT', message: expect.stringMatching('quantity') },
      });
      expect(calls).toEqual([]);
    },
  );

  it('refuses what is no object', async () => {
    for (const input of [undefined, null, 'x', [], 7]) {
      const answer = await Reflect.apply(echo, undefined, [input]);
      expect(answer).toMatchObject({ ok: false, error: { code: 'INVALID_INPUT' } });
    }
  });

  it('does not let the caller name who is acting', async () => {
    const answer = await Reflect.apply(echo, undefined, [{ quantity: 1, role: 'regulator', by: 'regulator' }]);
    expect(answer).toEqual({ ok: true, data: { by: 'doctor', quantity: 1 } });
  });

  it('tells the code and the words for it, and nothing of its inside', async () => {
    const failing = action(z.object({}), async function failing(): Promise<never> {
      throw new Error('select * from people where name = $1: Theodora');
    });
    const answer = await failing({});
    expect(answer).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
    expect(JSON.stringify(answer)).not.toMatch(/select|Theodora|at .*\.ts/);
    const refusing = action(z.object({}), async function refusing(): Promise<never> {
      throw new AppError('HELD_BY_ANOTHER', 'inst-secret-detail');
    });
    const refused = await refusing({});
    expect(refused).toMatchObject({ ok: false, error: { code: 'HELD_BY_ANOTHER', next: expect.any(String) } });
    expect(JSON.stringify(refused)).not.toContain('inst-secret-detail');
  });
});

it('a public action gives the service the address of the caller', async () => {
  session.actor = null;
  const open = publicAction(z.object({}), async function open({ address }: { address: string }) {
    return address;
  });
  expect(await open({})).toEqual({ ok: true, data: '203.0.113.9' });
});
