import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { sessions } from '../gateways/db/schema/session.ts';
import { type Person, World } from '../testing/world.ts';
import { endOtherSession, listSessions } from './list.ts';
import { findActor } from './service.ts';

let world: World;
let person: Person;
let other: Person;

beforeAll(async () => {
  world = await World.start();
  person = await world.person('doctor', 'inst-north-hospital');
  other = await world.person('doctor', 'inst-north-hospital');
}, 120_000);
afterAll(() => world?.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

it('lists the browsers of a person, and signs out in any but the one that asks', async () => {
  const { personId, sessionId } = person.actor;
  const second = randomUUID();
  const expiresAt = new Date(Date.now() + 60_000);
  const row = { personId, method: 'password', expiresAt };
  await world.portal.db.insert(sessions).values([
    { id: sessionId, ...row },
    { id: second, ...row },
    { id: randomUUID(), ...row, expiresAt: new Date(Date.now() - 1000) },
  ]);
  const listed = await listSessions(person.actor, world.portal);
  expect(listed.map(({ id, own }) => [id, own]).sort()).toEqual(
    [
      [sessionId, true],
      [second, false],
    ].sort(),
  );
  expect(await code(endOtherSession(person.actor, { id: sessionId }, world.portal))).toBe('NOT_FOUND');
  expect(await code(endOtherSession(other.actor, { id: second }, world.portal))).toBe('NOT_FOUND');
  expect(await findActor(second, world.portal)).not.toBeNull();
  await endOtherSession(person.actor, { id: second }, world.portal);
  expect(await findActor(second, world.portal)).toBeNull();
  expect(await code(endOtherSession(person.actor, { id: second }, world.portal))).toBe('NOT_FOUND');
  expect(await listSessions(person.actor, world.portal)).toHaveLength(1);
});
