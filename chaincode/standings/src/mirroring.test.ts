import { beforeEach, describe, expect, it } from 'vitest';
import type { MirroredStanding } from '../../model/standing.ts';
import { createIdentity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { bytesOf, institutions, issueOf, redeemKeyOf, secretsOf, serial } from '../../testing/samples.ts';
import {
  Care,
  createWorld,
  equip,
  practitionerIdOf,
  submitToRegistry,
  suspend,
  type World,
} from '../../testing/world.ts';

let world: World;
let care: Care;
const doctor = practitionerIdOf('doctor');
const mirror = (subject: string, caller = world.registrars.RegulatorMSP) =>
  care.submit(caller, 'standings:mirror', [subject]);
const read = (subject: string) => care.evaluate<MirroredStanding>(world.people.service, 'standings:read', subject);

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
});

/** A prescription that the doctor signed and that is not in a block yet. */
const endorseIssue = (seed = 1) =>
  world.ledger.endorse(
    care.order(world.people.doctor, 'issue', [JSON.stringify(issueOf(seed))], {
      secrets: bytesOf(secretsOf(`${seed}`)),
    }),
  );

describe('standings:mirror', () => {
  it('writes what the registry says, and announces it', async () => {
    await suspend(world, 'doctor');
    const { simulation } = await mirror(doctor);
    const mirrored = await read(doctor);
    expect(mirrored).toMatchObject({ subject: doctor, status: 'suspended' });
    expect(simulation.event?.name).toBe('StandingChanged');
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      id: doctor,
      change: 'standings:mirror',
      state: 'suspended',
      version: mirrored.version,
    });
  });

  it('changes nothing where nothing is newer, and follows what is', async () => {
    await mirror(doctor);
    const { simulation } = await mirror(doctor);
    expect([...simulation.writes.keys()]).toEqual([]);
    expect(simulation.event).toBeUndefined();
    await suspend(world, 'doctor');
    await mirror(doctor);
    expect((await read(doctor)).status).toBe('suspended');
  });

  it('says since when somebody is out of standing, and whose a device is', async () => {
    const admin = world.people.admin;
    const { id } = await equip(world, 'hospital', 900, 'sensor');
    const { service } = world.people;
    const own = () => care.evaluate<MirroredStanding>(service, 'standings:read', id);
    const at = (ago: number) => ({ at: new Date(Date.now() - ago) });
    const mirrorAgo = (ago: number) =>
      world.ledger.submit({ ...care.order(world.registrars.RegulatorMSP, 'standings:mirror', [id]), ...at(ago) });
    await mirrorAgo(90_000);
    await submitToRegistry(world, admin, 'setDeviceStatus', id, 'suspended');
    await mirrorAgo(60_000);
    const { since, institution } = await own();
    expect(institution).toBe(institutions.hospital.id);
    await submitToRegistry(world, admin, 'setDeviceStatus', id, 'revoked');
    await mirrorAgo(30_000);
    expect(await own()).toMatchObject({ status: 'revoked', since });
    const offered = await equip(world, 'hospital', 901, 'sensor');
    const other = institutions.otherHospital.id;
    await submitToRegistry(world, admin, 'transferDevice', offered.id, other);
    await mirror(offered.id);
    const before = await care.evaluate<MirroredStanding>(service, 'standings:read', offered.id);
    const { signingKeyHash, readingKey } = (await createIdentity('HospitalMSP')).keys;
    const keys = JSON.stringify({ signingKeyHash, readingKey });
    await submitToRegistry(world, world.people.otherAdmin, 'acceptDevice', offered.id, keys);
    await mirror(offered.id);
    expect(await care.evaluate(service, 'standings:read', offered.id)).toMatchObject({
      ...{ status: 'active', institution: other, since: before.since },
    });
  });

  it('is for the registrar of any organisation and for nobody else', async () => {
    for (const registrar of Object.values(world.registrars)) await mirror(doctor, registrar);
    for (const [name, caller] of Object.entries(world.people)) {
      expect(await refusal(mirror(doctor, caller)), name).toBe('NOT_AUTHORISED');
    }
  });

  it('refuses who is unknown or malformed, and a proposal out of time', async () => {
    expect(await refusal(mirror(`prac-${serial(999)}`))).toBe('NOT_FOUND');
    expect(await refusal(mirror('inst-nobody-knows'))).toBe('NOT_FOUND');
    expect(await refusal(mirror(`pt-0-${serial(1)}`))).toBe('INVALID_ARGUMENT');
    expect(await refusal(read(doctor))).toBe('NOT_FOUND');
    const order = care.order(world.registrars.RegulatorMSP, 'standings:mirror', [doctor]);
    expect(await refusal(world.ledger.submit({ ...order, at: new Date(Date.now() - 121_000) }))).toBe('CLOCK_SKEW');
  });
});

describe('what was endorsed before a suspension', () => {
  it('fails at commit once the person’s suspension is mirrored, the first time and later', async () => {
    const first = await endorseIssue(1);
    await suspend(world, 'doctor');
    await mirror(doctor);
    expect(world.ledger.commit(first)).toBe('MVCC_READ_CONFLICT');
    await submitToRegistry(world, world.people.regulator, 'setPractitionerStatus', doctor, 'active');
    await mirror(doctor);
    const second = await endorseIssue(2);
    await suspend(world, 'doctor');
    await mirror(doctor);
    expect(world.ledger.commit(second)).toBe('MVCC_READ_CONFLICT');
  });

  it('fails once the institution’s is', async () => {
    const { id } = institutions.hospital;
    const endorsed = await endorseIssue();
    await submitToRegistry(world, world.people.regulator, 'setInstitutionStatus', id, 'suspended');
    await mirror(id);
    expect(world.ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
  });

  it('is not hindered by the suspension of somebody else', async () => {
    const endorsed = await endorseIssue();
    await suspend(world, 'otherDoctor');
    await mirror(practitionerIdOf('otherDoctor'));
    expect(world.ledger.commit(endorsed)).toBe('VALID');
  });

  it('fails for a pharmacy that takes hold when the author’s is mirrored', async () => {
    const id = await care.issue(1);
    const accepted = await world.ledger.endorse(
      care.order(world.people.pharmacist, 'accept', [id], { redeemKey: redeemKeyOf(1).key }),
    );
    await suspend(world, 'doctor');
    await mirror(doctor);
    expect(world.ledger.commit(accepted)).toBe('MVCC_READ_CONFLICT');
  });
});

describe('a peer whose registry is behind', () => {
  it('refuses by the mirror', async () => {
    const { state } = world.ledger.namespace('registry', 'registry');
    const stale = new Map(state);
    await suspend(world, 'doctor');
    await mirror(doctor);
    for (const [key, value] of stale) state.set(key, value);
    expect(await refusal(endorseIssue())).toBe('SUSPENDED');
    expect(await refusal(care.evaluate(world.people.doctor, 'readWraps', JSON.stringify([issueOf(1).id])))).toBe(
      'SUSPENDED',
    );
  });
});
