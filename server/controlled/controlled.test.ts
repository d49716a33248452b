import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { type Actor, type Role, roles } from '../people/schema.ts';
import { project } from '../prescriptions/readModel.ts';
import { issuedState } from '../testing/fakeLedger.ts';
import { World } from '../testing/world.ts';
import { controlledPrescriptions } from './service.ts';

let world: World;
const authority = 'inst-the-authority';
const id = (letter: string) => `rx-0-${letter.repeat(26)}`;
const of = (role: Role): Actor => ({
  ...{ personId: 'p', sessionId: 's', role, name: 'N', subjectId: `prac-${'d'.repeat(26)}`, institutionId: authority },
  ...{ institutionName: null, mspId: 'RegulatorMSP', enrolled: true },
});
const stateOf = (letter: string, change: object) => ({
  ...issuedState({
    ...{ id: id(letter), patient: `pt-0-${'b'.repeat(26)}`, expires: '2030-01-01T00:00:00Z' },
    ...{ cid: `b${'a'.repeat(58)}`, contentHash: '0'.repeat(64), redeemHash: '1'.repeat(64) },
    ...{ commitment: `0x${'2'.repeat(64)}`, quantity: 10, fills: 1 },
  }),
  ...change,
});

beforeAll(async () => {
  world = await World.start();
  const register = { hash: '3'.repeat(64), to: authority, generation: 1 };
  await project(world.portal.db, 'care-0', [
    stateOf('a', {}),
    stateOf('c', { controlled: true, register }),
    stateOf('d', { controlled: true, register: { ...register, to: 'inst-other-agency' } }),
    stateOf('e', { controlled: true }),
  ]);
}, 120_000);
afterAll(() => world?.stop());

it('the authority sees which prescriptions are controlled, and which have an entry for it', async () => {
  const found = await controlledPrescriptions(of('regulator'), world.portal);
  expect(found.more).toBe(false);
  const told = Object.fromEntries(found.prescriptions.map((each) => [each.id, each.registered]));
  expect(told).toEqual({ [id('c')]: true, [id('d')]: false, [id('e')]: false });
});

it('nobody else does', async () => {
  for (const role of roles.filter((each) => each !== 'regulator')) {
    const refused = await controlledPrescriptions(of(role), world.portal).catch((error: unknown) => error);
    expect(refused instanceof AppError && refused.code, role).toBe('FORBIDDEN');
  }
});
