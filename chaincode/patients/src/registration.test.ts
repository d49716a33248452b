import { beforeEach, describe, expect, it } from 'vitest';
import { type Patient } from '../../model/patient.ts';
import { createIdentity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { patientIds, serial } from '../../testing/samples.ts';
import { Care, createWorld, type World } from '../../testing/world.ts';

let world: World;
let care: Care;

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
});

describe('patients:register', () => {
  const registration = (pseudonym: string, keys: Patient['keys']) => JSON.stringify({ pseudonym, keys });

  it('records pseudonym and keys', async () => {
    expect(await care.readPatient(patientIds.patient)).toEqual({
      pseudonym: patientIds.patient,
      keys: world.people.patient.keys,
      status: 'active',
      version: 1,
    });
  });

  it('refuses a known pseudonym, a known key, another channel and a malformed key', async () => {
    const { keys } = await createIdentity('PatientMSP');
    const act = (pseudonym: string, recorded: object) =>
      refusal(
        care.submit(world.registrars.PatientMSP, 'patients:register', [JSON.stringify({ pseudonym, keys: recorded })]),
      );
    expect(await act(patientIds.patient, keys)).toBe('ALREADY_EXISTS');
    expect(await act(`pt-0-${serial(50)}`, world.people.patient.keys)).toBe('KEY_EXISTS');
    expect(await act(`pt-1-${serial(50)}`, keys)).toBe('WRONG_CHANNEL');
    expect(await act(`pt-0-${serial(50)}`, { ...keys, readingKey: 'short' })).toBe('INVALID_ARGUMENT');
  });

  it('announces the change with its function', async () => {
    const { keys } = await createIdentity('PatientMSP');
    const args = [registration(`pt-0-${serial(51)}`, keys)];
    const { simulation } = await care.submit(world.registrars.PatientMSP, 'patients:register', args);
    expect(simulation.event?.name).toBe('PatientChanged');
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      id: `pt-0-${serial(51)}`,
      change: 'patients:register',
      state: 'active',
      version: 1,
    });
  });

  it('refuses a proposal more than 2 minutes from the peer’s clock', async () => {
    const args = [registration(`pt-0-${serial(52)}`, undefined)];
    const order = care.order(world.registrars.PatientMSP, 'patients:register', args);
    const late = { ...order, at: new Date(Date.now() - 121_000) };
    expect(await refusal(world.ledger.submit(late))).toBe('CLOCK_SKEW');
  });

  it('is for the registrars of patients and hospitals', async () => {
    let number = 60;
    for (const [mspId, registrar] of Object.entries(world.registrars)) {
      number += 1;
      const args = [registration(`pt-0-${serial(number)}`, (await createIdentity('PatientMSP')).keys)];
      const act = care.submit(registrar, 'patients:register', args);
      if (mspId === 'PatientMSP' || mspId === 'HospitalMSP') await act;
      else expect(await refusal(act), mspId).toBe('NOT_AUTHORISED');
    }
  });
});

describe('read', () => {
  const read = (pseudonym: string) => refusal(care.readPatient(pseudonym));

  it('refuses a pseudonym that is malformed, elsewhere or unknown', async () => {
    expect(await read('x')).toBe('INVALID_ARGUMENT');
    expect(await read(`pt-1-${serial(1)}`)).toBe('WRONG_CHANNEL');
    expect(await read(`pt-0-${serial(99)}`)).toBe('NOT_FOUND');
  });
});
