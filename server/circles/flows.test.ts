import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Seat } from '#chaincode/model/circle.ts';
import { AppError } from '#server/errors.ts';
import { type Person, World } from '../testing/world.ts';
import { prepareTransaction } from '../transactions/service.ts';
import { projectCircles } from './readModel.ts';
import { listCircles } from './service.ts';

let world: World;
let patient: Person;
let doctor: Person;
let colleague: Person;

beforeAll(async () => {
  world = await World.start();
  patient = await world.person('patient', null);
  doctor = await world.person('doctor', 'inst-north-hospital');
  colleague = await world.person('doctor', 'inst-north-hospital');
});
afterAll(() => world.stop());

const of = ({ actor }: Person) => actor.subjectId;
let version = 0;
/** The channel's seats of the two doctors, as the portal follows them. */
async function follow(state: Record<'doctor' | 'colleague', Seat['state']>) {
  version += 1;
  const at = new Date(Date.now() - 60_000).toISOString();
  const seat = (person: Person, now: Seat['state']): Seat => ({
    ...{ patient: of(patient), subject: of(person), kind: 'clinician', state: now, since: at, version },
    ...{ institution: 'inst-north-hospital', by: of(patient), ...(now === 'ended' && { endedAt: at }) },
  });
  const seats = [seat(doctor, state.doctor), seat(colleague, state.colleague)];
  await projectCircles(world.portal.db, 'care-0', [{ patient: of(patient), seats, epochs: [], plan: undefined }]);
}
const unseat = (by: Person, whom: Person) =>
  prepareTransaction(by.actor, { kind: 'circles:unseat', patient: of(patient), subject: of(whom) }, world.portal).then(
    () => 'prepared',
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );
const watched = async (by: Person) =>
  (await listCircles(by.actor, undefined, world.portal)).map((facts) => facts.patient.pseudonym);

describe('ending a seat', () => {
  beforeEach(() => follow({ doctor: 'active', colleague: 'active' }));

  it('is for the patient, and for the doctor whose seat it is', async () => {
    expect(await unseat(doctor, doctor)).toBe('prepared');
    expect(await unseat(patient, colleague)).toBe('prepared');
    expect(await unseat(doctor, colleague)).toBe('NOT_FOUND');
    expect(await unseat(colleague, patient)).toBe('NOT_FOUND');
  });

  it('takes the patient off the wall of who has left, and off nobody else’s', async () => {
    expect(await watched(doctor)).toEqual([of(patient)]);
    await follow({ doctor: 'ended', colleague: 'active' });
    expect(await watched(doctor)).toEqual([]);
    expect(await watched(colleague)).toEqual([of(patient)]);
    expect(await unseat(doctor, doctor)).toBe('NOT_FOUND');
  });
});
