import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Renewal } from '#chaincode/model/renewal.ts';
import { newCareId } from '#crypto/identifier.ts';
import { AppError } from '#server/errors.ts';
import { type Person, World } from '../testing/world.ts';
import { listRenewals, projectRenewals } from './renewals.ts';

let world: World;
let doctor: Person;
let colleague: Person;
let patient: Person;
let pharmacist: Person;
let regulator: Person;

beforeAll(async () => {
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital', { name: 'Ada Berg' });
  colleague = await world.person('doctor', 'inst-north-hospital');
  patient = await world.person('patient', null, { treatedAt: ['inst-north-hospital'], name: 'Pat Ient' });
  pharmacist = await world.person('pharmacist', 'inst-river-pharmacy');
  regulator = await world.person('regulator', 'inst-the-authority');
}, 120_000);
afterAll(() => world?.stop());

function asked(change: Partial<Renewal> = {}): Renewal {
  return {
    id: newCareId('rn', patient.actor.subjectId),
    prescription: newCareId('rx', patient.actor.subjectId),
    patient: patient.actor.subjectId,
    author: doctor.actor.subjectId,
    authorInstitution: 'inst-north-hospital',
    by: patient.actor.subjectId,
    state: 'asked',
    at: '2026-01-01T10:00:00.000Z',
    version: 1,
    ...change,
  };
}

const idsFor = async ({ actor }: Person) => (await listRenewals(actor, world.portal)).map(({ id }) => id);

describe('requests for renewals', () => {
  it('are seen by their patient, who is asked, and the pharmacy that asked, and by nobody else', async () => {
    const own = asked();
    const byPharmacy = asked({
      by: pharmacist.actor.subjectId,
      byInstitution: 'inst-river-pharmacy',
      at: '2026-01-02T10:00:00.000Z',
    });
    await projectRenewals(world.portal.db, 'care-0', [own, byPharmacy]);
    expect(await idsFor(patient)).toEqual([byPharmacy.id, own.id]);
    expect(await idsFor(doctor)).toEqual([byPharmacy.id, own.id]);
    expect(await idsFor(pharmacist)).toEqual([byPharmacy.id]);
    expect(await idsFor(colleague)).toEqual([]);
    const refused = await listRenewals(regulator.actor, world.portal).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AppError);
    expect(refused).toMatchObject({ code: 'FORBIDDEN' });

    const [first] = await listRenewals(doctor.actor, world.portal);
    expect(first).toMatchObject({
      by: { role: 'pharmacist' },
      author: { name: 'Ada Berg' },
      patient: { name: 'Pat Ient' },
    });
    const [shown] = await listRenewals(patient.actor, world.portal);
    expect(shown?.patient).toBeUndefined();
  });

  it('only ever go on to a newer version', async () => {
    const first = asked({ at: '2026-02-01T10:00:00.000Z' });
    const denied: Renewal = { ...first, state: 'denied', reason: 'Come by first.', version: 2 };
    await projectRenewals(world.portal.db, 'care-0', [denied]);
    await projectRenewals(world.portal.db, 'care-0', [first]);
    const [newest] = await listRenewals(patient.actor, world.portal);
    expect(newest).toMatchObject({ id: first.id, state: 'denied', reason: 'Come by first.' });
  });
});
