import { beforeEach, expect, it } from 'vitest';
import { giveFactor } from '#chaincode/testing/factors.ts';
import { createIdentity } from '#chaincode/testing/identity.ts';
import { day, instant, institutionOf, institutions, serial } from '#chaincode/testing/samples.ts';
import { confirmed } from '#chaincode/testing/signing.ts';
import {
  createWorld,
  equip,
  practitionerIdOf,
  submitToRegistry,
  suspend,
  type World,
} from '#chaincode/testing/world.ts';
import { ConnectorError } from '../errors.ts';
import { type ContractsConnection, connectTo } from '../testing/contracts.ts';
import { mirrorStandings } from './mirrorStandings.ts';

let world: World;
let ledger: ContractsConnection;
let logged: unknown[];
const channels = [
  { channel: 'care-0', contract: 'care' },
  { channel: 'care-1', contract: 'care' },
  { channel: 'supply-0', contract: 'supply' },
  { channel: 'claims', contract: 'claims' },
] as const;
const doctorId = practitionerIdOf('doctor');

beforeEach(async () => {
  world = await createWorld();
  ledger = connectTo(world.ledger, world.registrars.RegulatorMSP);
  logged = [];
});

const duty = () => mirrorStandings(ledger, () => channels, { info: (entry: unknown) => void logged.push(entry) });
const mirrored = (channel: string, subject = doctorId) =>
  world.ledger
    .evaluate<{ status: string }>({
      ...{ channel, contract: channel.split('-')[0] ?? '', function: 'standings:read', args: [subject] },
      caller: world.people.service,
    })
    .then(
      ({ status }) => status,
      () => 'none',
    );
const changed = (id = doctorId, change = 'setPractitionerStatus', kind = 'practitioner') =>
  duty().settleChange({ kind, id, change, at: new Date(Date.now() - 40).toISOString() });

it('mirrors a suspension and its end to every care and supply channel and to claims, and says how long it took', async () => {
  await suspend(world, 'doctor');
  await changed();
  const all = channels.map(({ channel }) => mirrored(channel));
  expect(await Promise.all(all)).toEqual(['suspended', 'suspended', 'suspended', 'suspended']);
  expect(logged).toEqual([
    { subject: doctorId, status: 'suspended', channels: 4, delayMs: expect.toSatisfy((ms) => ms >= 40 && ms < 30_000) },
  ]);
  await submitToRegistry(world, world.people.regulator, 'setPractitionerStatus', doctorId, 'active');
  await changed();
  expect(await mirrored('care-1')).toBe('active');
});

it('mirrors an institution', async () => {
  const { id } = institutionOf('hospital');
  await submitToRegistry(world, world.people.regulator, 'setInstitutionStatus', id, 'suspended');
  await changed(id, 'setInstitutionStatus', 'institution');
  expect(await mirrored('care-0', id)).toBe('suspended');
});

it('mirrors a device', async () => {
  const { id } = await equip(world, 'pharmacy', 900);
  await submitToRegistry(world, world.registrars.PharmacyMSP, 'setDeviceStatus', id, 'suspended');
  await changed(id, 'setDeviceStatus', 'device');
  expect(await mirrored('supply-0', id)).toBe('suspended');
  await submitToRegistry(world, world.registrars.PharmacyMSP, 'setDeviceStatus', id, 'active');
  await duty().settleAll();
  expect(await mirrored('supply-0', id)).toBe('active');
});

it('writes nothing where nothing differs, nor at a change of something else', async () => {
  await suspend(world, 'doctor');
  await changed();
  ledger.submitted.length = 0;
  await changed();
  await changed(doctorId, 'rotateKeys');
  await duty().settleAll();
  expect(ledger.submitted).toEqual([]);
});

it('finds at the start what it missed, also what was restored meanwhile', async () => {
  await suspend(world, 'doctor');
  await suspend(world, 'pharmacist');
  await duty().settleAll();
  expect(await mirrored('care-0', practitionerIdOf('pharmacist'))).toBe('suspended');
  await submitToRegistry(world, world.people.regulator, 'setPractitionerStatus', doctorId, 'active');
  await duty().settleAll();
  expect(await mirrored('care-1')).toBe('active');
  expect(await mirrored('care-1', practitionerIdOf('otherDoctor'))).toBe('none');
});

it('asks again where a peer’s registry was behind, and gives up where it stays so', async () => {
  await suspend(world, 'doctor');
  const submit = ledger.submit;
  let behind = 1;
  ledger.submit = async (call) => {
    if (behind-- > 0) return;
    await submit(call);
  };
  await changed();
  expect(await mirrored('care-0')).toBe('suspended');
  behind = Number.POSITIVE_INFINITY;
  await submitToRegistry(world, world.people.regulator, 'setPractitionerStatus', doctorId, 'active');
  await expect(changed()).rejects.toThrow(ConnectorError);
});

it('mirrors a device that another institution takes over, also where that was missed', async () => {
  const { id } = await equip(world, 'hospital', 901, 'sensor');
  const other = institutions.otherHospital.id;
  await submitToRegistry(world, world.people.admin, 'transferDevice', id, other);
  await changed(id, 'transferDevice', 'device');
  expect(await mirrored('care-0', id)).toBe('suspended');
  const accept = async (device: string) => {
    const { signingKeyHash, readingKey } = (await createIdentity('HospitalMSP')).keys;
    const keys = JSON.stringify({ signingKeyHash, readingKey });
    await submitToRegistry(world, world.people.otherAdmin, 'acceptDevice', device, keys);
  };
  await accept(id);
  await changed(id, 'acceptDevice', 'device');
  expect(await mirrored('care-0', id)).toBe('active');
  const missed = await equip(world, 'hospital', 902, 'sensor');
  await submitToRegistry(world, world.people.admin, 'transferDevice', missed.id, other);
  await accept(missed.id);
  await duty().settleAll();
  const read = { channel: 'care-1', contract: 'care', function: 'standings:read', args: [missed.id] };
  expect(await world.ledger.evaluate({ ...read, caller: world.people.service })).toMatchObject({ institution: other });
});

it('mirrors the end of a delegation, and nothing of one in force', async () => {
  const { id: device } = await equip(world, 'hospital', 750, 'system');
  const factor = await giveFactor(world, 'doctor');
  const id = `dlg-${serial(1)}`;
  const args = [JSON.stringify({ id, device, functions: ['issue'], until: instant(day) })];
  const call = { channel: 'registry', contract: 'registry', function: 'delegate', args };
  await world.ledger.submit({ ...call, caller: world.people.doctor, transient: confirmed(factor, call) });
  await changed(id, 'delegate', 'delegation');
  await duty().settleAll();
  expect(await mirrored('care-0', id)).toBe('none');
  await submitToRegistry(world, world.people.doctor, 'endDelegation', id);
  await changed(id, 'endDelegation', 'delegation');
  expect(await mirrored('care-1', id)).toBe('revoked');
});
