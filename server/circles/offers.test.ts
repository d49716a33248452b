import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { circleSeats, devices } from '../gateways/db/schema/circles.ts';
import { careRelationships } from '../gateways/db/schema/people.ts';
import { type Person, World } from '../testing/world.ts';
import { listOffered } from './offers.ts';

let world: World;
let patient: Person;
let other: Person;
let doctor: Person;
const own = 'inst-north-hospital';

const deviceId = (letter: string) => `dev-${letter.repeat(26)}`;
const insertDevice = (letter: string, purpose: string, more: { institutionId?: string; status?: string } = {}) =>
  world.portal.db.insert(devices).values({
    ...{ id: deviceId(letter), institutionId: own, mspId: 'HospitalMSP', model: `Model ${letter}`, purpose },
    ...{ status: 'active', signingKeyHash: letter.repeat(64), version: 1, ...more },
  });
const seat = (letter: string, whose: Person, until?: Date) =>
  world.portal.db.insert(circleSeats).values({
    ...{ patient: whose.actor.subjectId, subject: deviceId(letter), channel: 'care-0', kind: 'device' },
    ...{ state: 'active', since: new Date(), until: until ?? null, version: 1 },
  });
const offeredTo = async (who: Person, whose: Person) =>
  (await listOffered(who.actor, { patient: whose.actor.subjectId }, world.portal)).map(({ id }) => id.at(-1));

beforeAll(async () => {
  world = await World.start();
  patient = await world.person('patient', null);
  other = await world.person('patient', null);
  doctor = await world.person('doctor', own);
  await world.person('doctor', 'inst-south-hospital');
  await world.portal.db
    .insert(careRelationships)
    .values({ patientId: patient.actor.personId, institutionId: own })
    .onConflictDoNothing();
  await insertDevice('a', 'hub');
  await insertDevice('b', 'sensor');
  await insertDevice('c', 'sensor', { status: 'suspended' });
  await insertDevice('d', 'gateway');
  await insertDevice('e', 'monitor');
  await insertDevice('f', 'sensor', { institutionId: 'inst-south-hospital' });
  await seat('b', other);
  await seat('e', other);
});
afterAll(() => world.stop());

it('offers what the own hospital has in use and nobody wears; a monitor watches many', async () => {
  expect(await offeredTo(patient, patient)).toEqual(['a', 'e']);
  await seat('a', patient);
  expect(await offeredTo(patient, patient)).toEqual(['e']);
});

it('offers again what was lent for a time that is over', async () => {
  await insertDevice('g', 'sensor');
  await seat('g', other, new Date(Date.now() + 60_000));
  expect(await offeredTo(patient, patient)).not.toContain('g');
  const over = { until: new Date(Date.now() - 1_000) };
  await world.portal.db
    .update(circleSeats)
    .set(over)
    .where(eq(circleSeats.subject, deviceId('g')));
  expect(await offeredTo(patient, patient)).toContain('g');
});

it('offers nothing of a hospital that does not treat the patient', async () => {
  expect(await offeredTo(other, other)).toEqual([]);
});

it('is asked by nobody but the patient', async () => {
  for (const stranger of [other, doctor]) {
    const asked = listOffered(stranger.actor, { patient: patient.actor.subjectId }, world.portal);
    await expect(asked).rejects.toSatisfy((error) => error instanceof AppError && error.code === 'NOT_FOUND');
  }
});
