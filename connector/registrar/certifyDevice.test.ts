import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, submitToRegistry, type World } from '#chaincode/testing/world.ts';
import { checkCertificate } from '#crypto/certificate.ts';
import { readingKeyHash } from '#crypto/reader.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import type { Authority } from '../authority/issueCertificate.ts';
import type { ConnectorError } from '../errors.ts';
import { createAuthority } from '../testing/authority.ts';
import { connectTo } from '../testing/contracts.ts';
import { createRequest } from '../testing/requests.ts';
import { certifyDevice } from './certifyDevice.ts';
import type { EnrolmentOffice } from './enrol.ts';

const id = `dev-${'k'.repeat(26)}`;
const mspId = 'HospitalMSP';

let authority: Authority;
let world: World;
let offices: Map<string, EnrolmentOffice>;
let request: Awaited<ReturnType<typeof createRequest>>;
let readingKey: string;

beforeAll(async () => {
  authority = await createAuthority(mspId);
  request = await createRequest();
  readingKey = (await createReadingKey()).publicKey;
});
beforeEach(async () => {
  world = await createWorld();
  const ledger = connectTo(world.ledger, world.registrars.HospitalMSP);
  offices = new Map([
    [mspId, { authority, ledger }],
    ['PharmacyMSP', { authority, ledger: connectTo(world.ledger, world.registrars.PharmacyMSP) }],
  ]);
  const keys = { signingKeyHash: request.hash, readingKey };
  const device = { id, institutionId: 'inst-general-hospital', model: 'Hub 1', serialHash: 'a'.repeat(64), keys };
  await submitToRegistry(world, world.registrars.HospitalMSP, 'registerDevice', JSON.stringify(device));
});

const refused = (wanted: Parameters<typeof certifyDevice>[1]) =>
  certifyDevice(offices, wanted).then(
    () => 'nothing',
    (error: ConnectorError) => error.code,
  );

describe('a certificate for a device', () => {
  it('names device, institution and reading key, and chains to the authority', async () => {
    const { certificatePem } = await certifyDevice(offices, { mspId, device: id, csrPem: request.csrPem });
    const root = { mspId, pem: authority.certificate.toString('pem') };
    expect(await checkCertificate(certificatePem, [root])).toMatchObject({
      ...{ mspId, subject: id, role: 'device', institution: 'inst-general-hospital' },
      ...{ keyHash: request.hash, reading: readingKeyHash(readingKey) },
    });
  });

  it('is for the recorded key alone', async () => {
    const other = await createRequest();
    expect(await refused({ mspId, device: id, csrPem: other.csrPem })).toBe('NOT_AUTHORISED');
  });

  it('is not for a device of another organisation, nor one that nobody registered', async () => {
    expect(await refused({ mspId: 'PharmacyMSP', device: id, csrPem: request.csrPem })).toBe('NOT_AUTHORISED');
    expect(await refused({ mspId: 'SupplyMSP', device: id, csrPem: request.csrPem })).toBe('NOT_SERVED');
    const unknown = `dev-${'u'.repeat(26)}`;
    expect(await refused({ mspId, device: unknown, csrPem: request.csrPem })).toBe('NOT_FOUND');
  });

  it('is refused while the device is suspended', async () => {
    await submitToRegistry(world, world.people.admin, 'setDeviceStatus', id, 'suspended');
    expect(await refused({ mspId, device: id, csrPem: request.csrPem })).toBe('SUSPENDED');
  });
});
