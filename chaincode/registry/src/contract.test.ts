import { beforeEach, describe, expect, it } from 'vitest';
import { type Practitioner, practitionerRoles, type Standing } from '../../model/registry.ts';
import { createIdentity, type Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { expiredLicence, institutionOf, serial, validLicence } from '../../testing/samples.ts';
import {
  createWorld,
  hire,
  peopleNames,
  practitionerIdOf,
  type RegistrarMsp,
  type World,
} from '../../testing/world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const order = (caller: Identity, name: string, ...args: string[]) => ({
  channel: 'registry',
  contract: 'registry',
  function: name,
  args,
  caller,
});
const submit = (caller: Identity, name: string, ...args: string[]) => world.ledger.submit(order(caller, name, ...args));
const refused = (caller: Identity, name: string, ...args: string[]) => refusal(submit(caller, name, ...args));
const evaluate = <T>(name: string, ...args: string[]) =>
  world.ledger.evaluate<T>(order(world.people.service, name, ...args));

const newInstitution = (change: object = {}) =>
  JSON.stringify({ ...institutionOf('hospital'), id: 'inst-new-hospital', ...change });
const newPractitioner = (change: object = {}) =>
  JSON.stringify({
    id: `prac-${serial(900)}`,
    institutionId: institutionOf('hospital').id,
    role: 'doctor',
    licence: validLicence(),
    ...change,
  });
const newKeys = async (change: object = {}) =>
  JSON.stringify({ ...(await createIdentity('HospitalMSP')).keys, ...change });
const doctorId = practitionerIdOf('doctor');
const deviceId = `dev-${serial(1)}`;
const deviceKeys = async () => {
  const { signingKeyHash, readingKey } = (await createIdentity('HospitalMSP')).keys;
  return { signingKeyHash, readingKey };
};
const newDevice = async (id = `dev-${serial(2)}`) => {
  const { id: institutionId } = institutionOf('hospital');
  return [
    JSON.stringify({ id, institutionId, model: 'Monitor', serialHash: 'a'.repeat(64), keys: await deviceKeys() }),
  ];
};

describe('registerPractitioner', () => {
  it('registers a person without keys', async () => {
    await submit(world.registrars.HospitalMSP, 'registerPractitioner', newPractitioner());
    const registered = await evaluate<Practitioner>('readPractitioner', `prac-${serial(900)}`);
    expect(registered).toMatchObject({ mspId: 'HospitalMSP', status: 'active', version: 1 });
    expect(registered.keys).toBeUndefined();
  });

  it('refuses an unknown institution, a known person and a licence that ends before it begins', async () => {
    const registrar = world.registrars.HospitalMSP;
    const unknown = newPractitioner({ institutionId: 'inst-nowhere-at-all' });
    expect(await refused(registrar, 'registerPractitioner', unknown)).toBe('NOT_FOUND');
    expect(await refused(registrar, 'registerPractitioner', newPractitioner({ id: doctorId }))).toBe('ALREADY_EXISTS');
    const { validFrom, validTo } = validLicence();
    const licence = { ...validLicence(), validFrom: validTo, validTo: validFrom };
    expect(await refused(registrar, 'registerPractitioner', newPractitioner({ licence }))).toBe('INVALID_ARGUMENT');
  });

  it('lets an institution register only the roles of its kind, so that no hospital makes a regulator', async () => {
    const registrar = world.registrars.HospitalMSP;
    for (const role of practitionerRoles) {
      const registration = newPractitioner({ id: `prac-${serial(910 + practitionerRoles.indexOf(role))}`, role });
      const act = submit(registrar, 'registerPractitioner', registration);
      if (role === 'doctor' || role === 'admin') await act;
      else expect(await refusal(act)).toBe('INVALID_ARGUMENT');
    }
  });

  it('refuses an institution that is suspended', async () => {
    await submit(world.people.regulator, 'setInstitutionStatus', institutionOf('hospital').id, 'suspended');
    expect(await refused(world.registrars.HospitalMSP, 'registerPractitioner', newPractitioner())).toBe('SUSPENDED');
  });
});

describe('keys', () => {
  it('are enrolled once', async () => {
    const registrar = world.registrars.HospitalMSP;
    expect(await refused(registrar, 'enrolKeys', doctorId, await newKeys())).toBe('KEY_EXISTS');
    expect(await refused(registrar, 'enrolKeys', `prac-${serial(999)}`, await newKeys())).toBe('NOT_FOUND');
  });

  it('are never shared by two people', async () => {
    await submit(world.registrars.HospitalMSP, 'registerPractitioner', newPractitioner());
    const keys = JSON.stringify(world.people.doctor.keys);
    expect(await refused(world.registrars.HospitalMSP, 'enrolKeys', `prac-${serial(900)}`, keys)).toBe('KEY_EXISTS');
  });

  it('of a wrong length or shape are refused', async () => {
    await submit(world.registrars.HospitalMSP, 'registerPractitioner', newPractitioner());
    for (const change of [
      { readingKey: 'R'.repeat(1621) },
      { readingKey: 'R'.repeat(1623) },
      { signingKeyHash: 'A'.repeat(64) },
      { wallet: '0x12' },
      { privateKey: 'never' },
    ]) {
      const keys = await newKeys(change);
      expect(await refused(world.registrars.HospitalMSP, 'enrolKeys', `prac-${serial(900)}`, keys)).toBe(
        'INVALID_ARGUMENT',
      );
    }
  });

  it('of a suspended person are not enrolled', async () => {
    await submit(world.registrars.HospitalMSP, 'registerPractitioner', newPractitioner());
    await submit(world.registrars.HospitalMSP, 'setPractitionerStatus', `prac-${serial(900)}`, 'suspended');
    const keys = await newKeys();
    expect(await refused(world.registrars.HospitalMSP, 'enrolKeys', `prac-${serial(900)}`, keys)).toBe('SUSPENDED');
  });

  it('are rotated by their owner, after which the old key is nobody’s and never comes back', async () => {
    const next = await createIdentity('HospitalMSP', { role: 'doctor' });
    await submit(world.people.doctor, 'rotateKeys', doctorId, JSON.stringify(next.keys));
    const old = world.people.doctor.keys;
    expect(await refusal(evaluate('readPractitionerByKey', old.signingKeyHash))).toBe('NOT_REGISTERED');
    expect(await refused(world.people.doctor, 'rotateKeys', doctorId, await newKeys())).toBe('NOT_REGISTERED');
    expect(await refused(next, 'rotateKeys', doctorId, JSON.stringify(old))).toBe('KEY_EXISTS');
    const { practitioner } = await evaluate<Standing>('readPractitionerByKey', next.keys.signingKeyHash);
    expect(practitioner).toMatchObject({ id: doctorId, keys: next.keys, version: 3 });
  });

  it('are rotated by nobody else', async () => {
    const keys = await newKeys();
    expect(await refused(world.people.otherDoctor, 'rotateKeys', doctorId, keys)).toBe('NOT_AUTHORISED');
    expect(await refused(world.registrars.HospitalMSP, 'rotateKeys', doctorId, keys)).toBe('NOT_REGISTERED');
    expect(await refused(world.people.impostor, 'rotateKeys', doctorId, keys)).toBe('NOT_REGISTERED');
  });

  it('are not rotated under another organisation, nor while suspended', async () => {
    const keys = await newKeys();
    const elsewhere = { ...world.people.doctor, mspId: 'PharmacyMSP' };
    expect(await refused(elsewhere, 'rotateKeys', doctorId, keys)).toBe('NOT_AUTHORISED');
    await submit(world.registrars.HospitalMSP, 'setPractitionerStatus', doctorId, 'suspended');
    expect(await refused(world.people.doctor, 'rotateKeys', doctorId, keys)).toBe('SUSPENDED');
  });
});

describe('status', () => {
  it.each(['registrar', 'admin'] as const)(
    'of a person is set by the institution’s %s, which restores what the institution suspended and nothing else',
    async (who) => {
      const keeper = who === 'admin' ? world.people.admin : world.registrars.HospitalMSP;
      const set = (caller: Identity, status: string) => submit(caller, 'setPractitionerStatus', doctorId, status);
      await set(keeper, 'suspended');
      expect(await evaluate('readPractitioner', doctorId)).toMatchObject({ suspendedBy: 'institution' });
      expect(await refusal(set(keeper, 'suspended'))).toBe('WRONG_STATE');
      await set(keeper, 'active');
      expect(await evaluate('readPractitioner', doctorId)).not.toHaveProperty('suspendedBy');
      await set(keeper, 'suspended');
      await set(world.people.regulator, 'suspended');
      expect(await evaluate('readPractitioner', doctorId)).toMatchObject({ suspendedBy: 'authority' });
      expect(await refusal(set(keeper, 'active'))).toBe('NOT_AUTHORISED');
      expect(await refusal(set(world.people.regulator, 'suspended'))).toBe('WRONG_STATE');
      await set(world.registrars.RegulatorMSP, 'active');
      await set(keeper, 'revoked');
      expect(await evaluate('readPractitioner', doctorId)).toMatchObject({ status: 'revoked', version: 8 });
    },
  );

  it('is not set by an admin of another institution, nor by an admin about herself, nor by one suspended', async () => {
    const other = await hire(world, ['admin', 'pharmacy'], 801);
    expect(await refused(other, 'setPractitionerStatus', doctorId, 'suspended')).toBe('NOT_AUTHORISED');
    const { admin } = world.people;
    const id = practitionerIdOf('admin');
    expect(await refused(admin, 'setPractitionerStatus', id, 'suspended')).toBe('NOT_AUTHORISED');
    expect(await refused(admin, 'renewLicence', id, JSON.stringify(validLicence()))).toBe('NOT_AUTHORISED');
    const elsewhere = { ...admin, mspId: 'PharmacyMSP' };
    expect(await refused(elsewhere, 'setPractitionerStatus', doctorId, 'suspended')).toBe('NOT_AUTHORISED');
    await submit(world.people.regulator, 'setPractitionerStatus', id, 'suspended');
    expect(await refused(admin, 'setPractitionerStatus', doctorId, 'suspended')).toBe('SUSPENDED');
    expect(await refused(admin, 'registerPractitioner', newPractitioner())).toBe('SUSPENDED');
  });

  it('revoked is final, and no change is no transaction', async () => {
    const { regulator } = world.people;
    expect(await refused(regulator, 'setPractitionerStatus', doctorId, 'active')).toBe('WRONG_STATE');
    await submit(regulator, 'setPractitionerStatus', doctorId, 'revoked');
    expect(await refused(regulator, 'setPractitionerStatus', doctorId, 'active')).toBe('WRONG_STATE');
    const hospital = institutionOf('hospital').id;
    expect(await refused(regulator, 'setInstitutionStatus', hospital, 'active')).toBe('WRONG_STATE');
    await submit(regulator, 'setInstitutionStatus', hospital, 'revoked');
    expect(await refused(regulator, 'setInstitutionStatus', hospital, 'suspended')).toBe('WRONG_STATE');
  });

  it('refuses unknown subjects and unknown words', async () => {
    const { regulator } = world.people;
    expect(await refused(regulator, 'setPractitionerStatus', `prac-${serial(999)}`, 'suspended')).toBe('NOT_FOUND');
    expect(await refused(regulator, 'setPractitionerStatus', doctorId, 'paused')).toBe('INVALID_ARGUMENT');
    expect(await refused(regulator, 'setPractitionerStatus', 'somebody', 'suspended')).toBe('INVALID_ARGUMENT');
    expect(await refused(regulator, 'setInstitutionStatus', 'inst-nowhere-at-all', 'suspended')).toBe('NOT_FOUND');
    expect(await refused(regulator, 'setInstitutionStatus', institutionOf('hospital').id, 'paused')).toBe(
      'INVALID_ARGUMENT',
    );
  });

  it('is not set by a regulator who is suspended, unlicensed, or of a suspended authority', async () => {
    const { regulator } = world.people;
    const id = practitionerIdOf('regulator');
    const act = () => refused(regulator, 'setInstitutionStatus', institutionOf('hospital').id, 'suspended');
    await submit(world.registrars.RegulatorMSP, 'renewLicence', id, JSON.stringify(expiredLicence()));
    expect(await act()).toBe('LICENCE_INVALID');
    await submit(world.registrars.RegulatorMSP, 'renewLicence', id, JSON.stringify(validLicence()));
    await submit(world.registrars.RegulatorMSP, 'setPractitionerStatus', id, 'suspended');
    expect(await act()).toBe('SUSPENDED');
    await submit(world.registrars.RegulatorMSP, 'setPractitionerStatus', id, 'active');
    await submit(world.registrars.RegulatorMSP, 'setInstitutionStatus', institutionOf('authority').id, 'suspended');
    expect(await act()).toBe('SUSPENDED');
  });
});

describe('renewLicence', () => {
  it('replaces the licence', async () => {
    const licence = { ...validLicence(), number: 'L-2' };
    await submit(world.registrars.HospitalMSP, 'renewLicence', doctorId, JSON.stringify(licence));
    expect(await evaluate('readPractitioner', doctorId)).toMatchObject({ licence, version: 3 });
  });

  it('refuses an unknown or suspended person and a malformed licence', async () => {
    const registrar = world.registrars.HospitalMSP;
    const licence = JSON.stringify(validLicence());
    expect(await refused(registrar, 'renewLicence', `prac-${serial(999)}`, licence)).toBe('NOT_FOUND');
    const undated = JSON.stringify({ ...validLicence(), validTo: 'for ever' });
    expect(await refused(registrar, 'renewLicence', doctorId, undated)).toBe('INVALID_ARGUMENT');
    await submit(registrar, 'setPractitionerStatus', doctorId, 'suspended');
    expect(await refused(registrar, 'renewLicence', doctorId, licence)).toBe('SUSPENDED');
  });
});

describe('who may do what', () => {
  const hospital = institutionOf('hospital').id;
  const proposed = 'inst-proposed-hospital';
  const acts: { name: string; args: () => Promise<string[]>; registrars: RegistrarMsp[]; people: string[] }[] = [
    { name: 'proposeInstitution', args: async () => [newInstitution()], registrars: ['HospitalMSP'], people: [] },
    { name: 'admitInstitution', args: async () => [proposed], registrars: ['RegulatorMSP'], people: ['regulator'] },
    {
      name: 'refuseInstitution',
      args: async () => [proposed, 'Not a hospital.'],
      registrars: ['RegulatorMSP'],
      people: ['regulator'],
    },
    {
      name: 'registerPractitioner',
      args: async () => [newPractitioner()],
      registrars: ['HospitalMSP'],
      people: ['admin'],
    },
    {
      name: 'enrolKeys',
      args: async () => [`prac-${serial(901)}`, await newKeys()],
      registrars: ['HospitalMSP'],
      people: [],
    },
    { name: 'rotateKeys', args: async () => [doctorId, await newKeys()], registrars: [], people: ['doctor'] },
    {
      name: 'setPractitionerStatus',
      args: async () => [doctorId, 'suspended'],
      registrars: ['RegulatorMSP', 'HospitalMSP'],
      people: ['regulator', 'admin'],
    },
    {
      name: 'setInstitutionStatus',
      args: async () => [hospital, 'suspended'],
      registrars: ['RegulatorMSP'],
      people: ['regulator'],
    },
    {
      name: 'renewLicence',
      args: async () => [doctorId, JSON.stringify(validLicence())],
      registrars: ['HospitalMSP'],
      people: ['admin'],
    },
    { name: 'registerDevice', args: newDevice, registrars: ['HospitalMSP'], people: ['admin'] },
    {
      name: 'setDeviceStatus',
      args: async () => [deviceId, 'suspended'],
      registrars: ['HospitalMSP'],
      people: ['admin'],
    },
    {
      name: 'rotateDeviceKeys',
      args: async () => [deviceId, JSON.stringify(await deviceKeys())],
      registrars: ['HospitalMSP'],
      people: ['admin'],
    },
  ];

  it.each(acts)('$name', async ({ name, args, registrars, people }) => {
    const unkeyed = newPractitioner({ id: `prac-${serial(901)}` });
    await submit(world.registrars.HospitalMSP, 'registerPractitioner', unkeyed);
    await submit(world.registrars.HospitalMSP, 'proposeInstitution', newInstitution({ id: proposed }));
    await submit(world.registrars.HospitalMSP, 'registerDevice', ...(await newDevice(deviceId)));
    const ledger = world.ledger;
    const callers = [
      ...Object.entries(world.registrars).map(([mspId, caller]) => ({
        who: `registrar of ${mspId}`,
        caller,
        allowed: registrars.some((allowed) => allowed === mspId),
      })),
      ...peopleNames.map((who) => ({ who, caller: world.people[who], allowed: people.includes(who) })),
    ];
    for (const { who, caller, allowed } of callers) {
      world.ledger = ledger.clone();
      const outcome = await submit(caller, name, ...(await args())).then(
        () => 'allowed',
        (error: Error) => refusal(Promise.reject(error)),
      );
      if (allowed) expect(outcome, who).toBe('allowed');
      else expect(['NOT_AUTHORISED', 'NOT_REGISTERED'], `${who}: ${outcome}`).toContain(outcome);
    }
  });
});

describe('every function that writes', () => {
  const writes: [string, string[]][] = [
    ['proposeInstitution', ['{}']],
    ['admitInstitution', ['x']],
    ['refuseInstitution', ['x', 'x']],
    ['setInstitutionStatus', ['x', 'x']],
    ['registerPractitioner', ['{}']],
    ['enrolKeys', ['x', '{}']],
    ['rotateKeys', ['x', '{}']],
    ['linkWallet', ['x', 'x']],
    ['unlinkWallet', ['x', 'x']],
    ['setPractitionerStatus', ['x', 'x']],
    ['renewLicence', ['x', '{}']],
    ['registerDevice', ['{}']],
    ['setDeviceStatus', ['x', 'x']],
    ['rotateDeviceKeys', ['x', '{}']],
    ['addCredential', ['x', '{}']],
    ['removeCredential', ['x', 'x']],
    ['putInstitutionReading', ['x', '{}']],
    ['wrapForStaff', ['x']],
    ['putEscrowKey', ['{}']],
    ['proposeReenrolment', ['{}']],
    ['approveReenrolment', ['x']],
    ['refuseReenrolment', ['x', 'x']],
    ['completeReenrolment', ['x']],
  ];

  it.each(writes)('%s refuses a proposal more than 2 minutes from the peer’s clock', async (name, args) => {
    for (const skew of [-121_000, 121_000]) {
      const at = new Date(Date.now() + skew);
      const call = world.ledger.submit({ ...order(world.registrars.RegulatorMSP, name, ...args), at });
      expect(await refusal(call)).toBe('CLOCK_SKEW');
    }
  });

  it.each(writes)('%s refuses another channel', async (name, args) => {
    const call = { ...order(world.registrars.RegulatorMSP, name, ...args), channel: 'care-0' };
    expect(await refusal(world.ledger.submit(call))).toBe('WRONG_CHANNEL');
  });
});

describe('the dispatcher', () => {
  it('answers an unknown function and a wrong number of arguments with a code', async () => {
    expect(await refused(world.people.doctor, 'grantEverything')).toBe('INVALID_ARGUMENT');
    expect(await refused(world.people.doctor, 'readInstitution')).toBe('INVALID_ARGUMENT');
    expect(await refused(world.people.doctor, 'other:readInstitution', 'x')).toBe('INVALID_ARGUMENT');
  });
});
