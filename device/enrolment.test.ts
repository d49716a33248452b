import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readDeviceFile } from '#components/registry/deviceFile.ts';
import { readRequestedKey } from '#connector/authority/certificateRequest.ts';
import { type Authority, issueCertificate } from '#connector/authority/issueCertificate.ts';
import { createAuthority } from '#connector/testing/authority.ts';
import { acceptSettings, type DeviceRequest, enrolDevice, openEnrolled } from './enrolment.ts';
import { StateFolder } from './folder.ts';

const device = `dev-${'d'.repeat(26)}`;
const label = { model: 'Hub 1', serialNumber: 'H-1' };
let folder: StateFolder;
let authority: Authority;
let request: DeviceRequest;

beforeEach(async () => {
  folder = await StateFolder.open(join(mkdtempSync(join(tmpdir(), 'medloom-device-')), 'state'));
  authority = await createAuthority('HospitalMSP');
  request = await enrolDevice(folder, label);
});

async function settingsFor(given: DeviceRequest, subjectId = device) {
  const holder = { subjectId, role: 'device', institutionId: 'inst-lakeside', readingKey: given.readingKey };
  const certificatePem = await issueCertificate(authority, holder, await readRequestedKey(given.csrPem));
  const root = authority.certificate.toString('pem');
  const gateway = { mqtt: 'mqtts://localhost:8883', https: 'https://localhost:8443', ca: root };
  return { device, mspId: 'HospitalMSP', certificatePem, roots: [{ mspId: 'HospitalMSP', pem: root }], gateway };
}

describe('a device that is enrolled', () => {
  it('gives out a file that the institution’s admin can register', async () => {
    const read = await readDeviceFile(readFileSync(folder.file('request.json'), 'utf8'));
    const { hash } = await readRequestedKey(request.csrPem);
    expect(read).toMatchObject({ ...label, keys: { signingKeyHash: hash, readingKey: request.readingKey } });
    expect(JSON.stringify(request)).not.toContain('PRIVATE');
  });

  it('names in it what vouches for the device', async () => {
    const attestation = { format: 'tpm', hash: 'a'.repeat(64) };
    const other = await StateFolder.open(join(folder.path, 'vouched'));
    const given = await enrolDevice(other, { ...label, attestation });
    expect(await readDeviceFile(JSON.stringify(given))).toMatchObject({ attestation });
  });

  it('keeps its keys: asked again, it gives out the same file', async () => {
    expect(await enrolDevice(folder, { ...label, serialNumber: 'another' })).toEqual(request);
  });

  it('keeps all of it for its owner alone', () => {
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder.path)) expect(statSync(folder.file(name)).mode & 0o777).toBe(0o600);
  });

  it('takes its certificate, and works with it from then on', async () => {
    await expect(openEnrolled(folder)).rejects.toThrow('no enrolled device');
    const settings = await settingsFor(request);
    await acceptSettings(folder, settings);
    const opened = await openEnrolled(await StateFolder.open(folder.path));
    expect(opened.settings).toEqual(settings);
    expect(opened.keys.signing.hash).toBe((await readRequestedKey(request.csrPem)).hash);
  });

  it('takes no other device’s, nor one that is not by a pinned authority', async () => {
    const other = await StateFolder.open(join(folder.path, 'other'));
    const foreign = await settingsFor(await enrolDevice(other, label));
    await expect(acceptSettings(folder, foreign)).rejects.toMatchObject({ code: 'CERTIFICATE_FOREIGN' });
    const misnamed = await settingsFor(request, `dev-${'e'.repeat(26)}`);
    await expect(acceptSettings(folder, misnamed)).rejects.toThrow('The certificate is of');
    const own = await settingsFor(request);
    const stranger = (await createAuthority('HospitalMSP')).certificate.toString('pem');
    const untrusted = { ...own, roots: [{ mspId: 'HospitalMSP', pem: stranger }] };
    await expect(acceptSettings(folder, untrusted)).rejects.toMatchObject({ code: 'CERTIFICATE_UNTRUSTED' });
    await expect(openEnrolled(folder)).rejects.toThrow('no enrolled device');
  });
});
