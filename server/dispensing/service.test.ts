import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { roles } from '../people/schema.ts';
import { dispenseOf, issueFor, reserveOf, transact } from '../testing/intents.ts';
import { type Person, World } from '../testing/world.ts';
import { dropDispensing, keepDispensing, listDispensings } from './service.ts';

let world: World;
let doctor: Person;
let patient: Person;
let pharmacist: Person;
let colleague: Person;
let second: Person;

beforeAll(async () => {
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital');
  patient = await world.person('patient', null, { treatedAt: ['inst-north-hospital'] });
  pharmacist = await world.person('pharmacist', 'inst-river-pharmacy');
  colleague = await world.person('pharmacist', 'inst-river-pharmacy');
  second = await world.person('pharmacist', 'inst-hill-pharmacy');
}, 120_000);
afterAll(() => world?.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

/** A dispense on a prescription that the pharmacist's pharmacy holds. */
async function held() {
  const { issue, ...intent } = issueFor(patient.actor.subjectId);
  await transact(world, doctor, { ...intent, issue });
  const state = world.ledger.prescriptions.get(issue.id);
  const { subjectId: practitionerId, institutionId } = pharmacist.actor;
  const holder = { practitionerId, institutionId: institutionId ?? '', since: new Date().toISOString() };
  Object.assign(state ?? {}, { state: 'accepted', holder });
  return dispenseOf(issue.id, 10);
}

const begin = ({ id, dispense }: ReturnType<typeof dispenseOf>, who: Person, packet = 'sealed') =>
  keepDispensing(who.actor, { dispenseId: dispense.id, prescriptionId: id, packet }, world.portal);
const idsOf = async (who: Person) =>
  (await listDispensings(who.actor, world.portal)).map(({ dispenseId }) => dispenseId);

it('is kept for its own pharmacist until it is over, and given to nobody else', async () => {
  const intent = await held();
  await begin(intent, pharmacist);
  await begin(intent, pharmacist);
  expect(await idsOf(pharmacist)).toContain(intent.dispense.id);
  expect(await idsOf(colleague)).toEqual([]);
  expect(await code(begin(intent, colleague))).toBe('CONFLICT');

  await transact(world, pharmacist, reserveOf(intent));
  const drop = (who: Person) => dropDispensing(who.actor, { dispenseId: intent.dispense.id }, world.portal);
  expect(await code(drop(pharmacist))).toBe('WRONG_STATE');
  await transact(world, pharmacist, intent);
  await drop(colleague);
  expect(await idsOf(pharmacist)).toContain(intent.dispense.id);
  await drop(pharmacist);
  await drop(pharmacist);
  expect(await idsOf(pharmacist)).toEqual([]);
});

it('is begun by the pharmacy that holds the prescription, and by pharmacists alone', async () => {
  const intent = await held();
  expect(await code(begin(intent, second))).toBe('HELD_BY_ANOTHER');
  for (const role of roles.filter((name) => name !== 'pharmacist')) {
    const actor = { ...pharmacist.actor, role };
    const dispensing = { dispenseId: intent.dispense.id, prescriptionId: intent.id, packet: 'sealed' };
    expect(await code(keepDispensing(actor, dispensing, world.portal))).toBe('FORBIDDEN');
    expect(await code(dropDispensing(actor, dispensing, world.portal))).toBe('FORBIDDEN');
    expect(await code(listDispensings(actor, world.portal))).toBe('FORBIDDEN');
  }
  await transact(world, pharmacist, { kind: 'return', id: intent.id });
  expect(await code(begin(intent, pharmacist))).toBe('WRONG_STATE');
});

it('has an end to how many one pharmacist may begin', async () => {
  const first = await held();
  const begun = async () => begin({ ...first, dispense: dispenseOf(first.id, 1).dispense }, colleague);
  for (let count = 0; count < 50; count += 1) await begun();
  expect(await code(begun())).toBe('RATE_LIMITED');
});
