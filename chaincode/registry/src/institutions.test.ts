import { beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { institutionOf } from '../../testing/samples.ts';
import { createWorld, submitToRegistry, type World } from '../../testing/world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const id = 'inst-new-hospital';
const proposal = (change: object = {}) => JSON.stringify({ ...institutionOf('hospital'), id, ...change });
const submit = (caller: Identity, name: string, ...args: string[]) => submitToRegistry(world, caller, name, ...args);
const propose = (change: object = {}, caller = world.registrars.HospitalMSP) =>
  submit(caller, 'proposeInstitution', proposal(change));
const read = () =>
  world.ledger.evaluate({
    ...{ channel: 'registry', contract: 'registry', function: 'readInstitution', args: [id] },
    caller: world.people.service,
  });
const eventOf = ({ simulation }: Awaited<ReturnType<typeof propose>>) =>
  JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString());

describe('an institution', () => {
  it('proposes itself and is admitted by the authority, each with an event and no result', async () => {
    const proposed = await propose();
    expect(proposed.result).toBe('');
    expect(eventOf(proposed)).toMatchObject({ kind: 'institution', id, change: 'proposeInstitution', version: 1 });
    expect(await read()).toEqual({ ...institutionOf('hospital'), id, status: 'proposed', version: 1 });
    const admitted = await submit(world.people.regulator, 'admitInstitution', id);
    expect(eventOf(admitted)).toMatchObject({ change: 'admitInstitution', status: 'active', version: 2 });
    expect(await read()).toEqual({ ...institutionOf('hospital'), id, status: 'active', version: 2 });
  });

  it('that is refused may propose itself again, and nobody else under its id', async () => {
    await propose();
    await submit(world.registrars.RegulatorMSP, 'refuseInstitution', id, 'The address is missing.');
    expect(await read()).toMatchObject({ status: 'refused', reason: 'The address is missing.', version: 2 });
    const other = { kind: 'pharmacy', mspId: 'PharmacyMSP' };
    expect(await refusal(propose(other, world.registrars.PharmacyMSP))).toBe('ALREADY_EXISTS');
    await propose({ name: 'The hospital at the river' });
    expect(await read()).toEqual({
      ...{ ...institutionOf('hospital'), id, name: 'The hospital at the river', status: 'proposed', version: 3 },
    });
  });

  it('is proposed once, and admitted or refused once', async () => {
    await propose();
    expect(await refusal(propose())).toBe('ALREADY_EXISTS');
    const { regulator } = world.people;
    expect(await refusal(submit(regulator, 'refuseInstitution', id, ' '))).toBe('REASON_REQUIRED');
    await submit(regulator, 'admitInstitution', id);
    expect(await refusal(propose())).toBe('ALREADY_EXISTS');
    expect(await refusal(submit(regulator, 'admitInstitution', id))).toBe('WRONG_STATE');
    expect(await refusal(submit(regulator, 'refuseInstitution', id, 'Too late.'))).toBe('WRONG_STATE');
    expect(await refusal(submit(regulator, 'admitInstitution', 'inst-nowhere-at-all'))).toBe('NOT_FOUND');
  });

  it('that is only proposed, or refused, employs nobody and is not suspended', async () => {
    const staff = JSON.stringify({ id: 'prac-aaaaaaaaaaaaaaaaaaaaaaaaaz', institutionId: id, role: 'doctor' });
    const licence = { number: 'L', specialty: '', validFrom: '2026-01-01T00:00:00Z', validTo: '2036-01-01T00:00:00Z' };
    const registration = JSON.stringify({ ...JSON.parse(staff), licence });
    await propose();
    const register = () => submit(world.registrars.HospitalMSP, 'registerPractitioner', registration);
    expect(await refusal(register())).toBe('SUSPENDED');
    expect(await refusal(submit(world.people.regulator, 'setInstitutionStatus', id, 'active'))).toBe('WRONG_STATE');
    await submit(world.people.regulator, 'refuseInstitution', id, 'Not one.');
    expect(await refusal(register())).toBe('SUSPENDED');
    expect(await refusal(submit(world.people.regulator, 'setInstitutionStatus', id, 'active'))).toBe('WRONG_STATE');
  });

  it('is no more than what its organisation says of itself', async () => {
    expect(await refusal(propose({}, world.registrars.PharmacyMSP))).toBe('NOT_AUTHORISED');
    expect(await refusal(propose({}, world.people.admin))).toBe('NOT_AUTHORISED');
    expect(await refusal(propose({}, world.registrars.RegulatorMSP))).toBe('NOT_AUTHORISED');
  });

  it.each([
    ['a status of its own', { status: 'active' }],
    ['an id without its prefix', { id: 'hospital' }],
    ['an unknown kind', { kind: 'clinic' }],
    ['an empty name', { name: '' }],
    ['a name with a control character', { name: 'The\u0007hospital' }],
    ['an authority outside the regulator', { kind: 'authority' }],
  ])('refuses %s', async (_case, change) => {
    expect(await refusal(propose(change))).toBe('INVALID_ARGUMENT');
  });

  it('is refused where it is not JSON, or more than 16 KiB', async () => {
    const registrar = world.registrars.HospitalMSP;
    expect(await refusal(submit(registrar, 'proposeInstitution', '{'))).toBe('INVALID_ARGUMENT');
    expect(await refusal(submit(registrar, 'proposeInstitution', proposal().padEnd(16_385)))).toBe('INVALID_ARGUMENT');
    await submit(registrar, 'proposeInstitution', proposal().padEnd(16_384));
  });
});
