import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCertificateRequest } from '#crypto/certificateRequest.ts';
import { generateSigningKey, importSigningKey } from '#crypto/signingKey.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { certificatesOf } from '../people/certificates.ts';
import { type Person, World } from '../testing/world.ts';
import { certifyDevice } from './certify.ts';

let world: World;
let portal: Portal;
let people: Record<'admin' | 'otherAdmin' | 'doctor', Person>;
let csrPem: string;
const device = `dev-${'a'.repeat(26)}`;
const institutionId = 'inst-north-hospital';

const code = (work: Promise<unknown>) =>
  work.then(
    () => 'allowed',
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

beforeAll(async () => {
  world = await World.start();
  people = {
    admin: await world.person('admin', institutionId),
    otherAdmin: await world.person('admin', 'inst-south-hospital'),
    doctor: await world.person('doctor', institutionId),
  };
  const key = await importSigningKey(await generateSigningKey());
  csrPem = await createCertificateRequest(key, device);
  const keys = { signingKeyHash: key.hash, readingKey: 'A'.repeat(1622) };
  world.connector.renewals.set(csrPem, people.doctor.key.certificatePem);
  const named = { id: device, institutionId, mspId: 'HospitalMSP', model: 'Hub', serialHash: 'a'.repeat(64) };
  world.ledger.registry.devices.set(device, { ...named, keys, purpose: 'hub', status: 'active', version: 1 });
  const caFile = join(mkdtempSync(join(tmpdir(), 'medloom-certify-')), 'ca.pem');
  writeFileSync(caFile, 'the authority');
  const telemetry = { mqtt: 'mqtts://gateway:8883', https: 'https://gateway:8443', caFile };
  portal = { ...world.portal, settings: { ...world.portal.settings, telemetry } };
});
afterAll(() => world.stop());

it('gives the device its certificate and where to connect, and remembers the certificate', async () => {
  const given = await certifyDevice(people.admin.actor, { device, csrPem }, portal);
  expect(given).toMatchObject({
    ...{ device, mspId: 'HospitalMSP', certificatePem: expect.stringContaining('BEGIN CERTIFICATE') },
    gateway: { mqtt: 'mqtts://gateway:8883', https: 'https://gateway:8443', ca: 'the authority' },
  });
  expect((await certificatesOf(portal, [device])).get(device)).toEqual([given.certificatePem]);
});

it('is for the admin of the device’s own institution, of a device that is registered', async () => {
  for (const { actor } of [people.otherAdmin, people.doctor]) {
    expect(await code(certifyDevice(actor, { device, csrPem }, portal))).toBe('FORBIDDEN');
  }
  const unknown = { device: `dev-${'b'.repeat(26)}`, csrPem };
  expect(await code(certifyDevice(people.admin.actor, unknown, portal))).toBe('NOT_FOUND');
  expect(await code(certifyDevice(people.doctor.actor, unknown, portal))).toBe('FORBIDDEN');
});

it('says so where there is no gateway', async () => {
  expect(await code(certifyDevice(people.admin.actor, { device, csrPem }, world.portal))).toBe('WRONG_STATE');
});
