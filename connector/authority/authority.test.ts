import 'reflect-metadata';
import { createHash, X509Certificate as NodeCertificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey, issueAuthority } from '#network/organisations/certificates.ts';
import { createRequest, practitionerId, readingKey } from '../testing/requests.ts';
import { readRequestedKey } from './certificateRequest.ts';
import { type Authority, issueCertificate, readAuthority } from './issueCertificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'medloom-authority-'));
let authority: Authority;
let authorityPem: string;

beforeAll(async () => {
  const keyPem = await createKey();
  authorityPem = await issueAuthority('ca.HospitalMSP', 'HospitalMSP', keyPem);
  writeFileSync(join(folder, 'ca.crt'), authorityPem);
  writeFileSync(join(folder, 'ca.key'), keyPem);
  authority = await readAuthority('HospitalMSP', { certFile: join(folder, 'ca.crt'), keyFile: join(folder, 'ca.key') });
});
afterAll(() => rmSync(folder, { recursive: true }));

const pem = (der: Buffer) =>
  `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;

describe('readRequestedKey', () => {
  it('answers the key and the hash that the ledgers record', async () => {
    const { csrPem, hash } = await createRequest();
    expect((await readRequestedKey(csrPem)).hash).toBe(hash);
  });

  it('refuses a request that its key did not sign', async () => {
    const mine = await createRequest();
    const theirs = await createRequest();
    const key = Buffer.from(await crypto.subtle.exportKey('raw', mine.keys.publicKey));
    const otherKey = Buffer.from(await crypto.subtle.exportKey('raw', theirs.keys.publicKey));
    const forged = Buffer.from(mine.der);
    otherKey.copy(forged, forged.indexOf(key));
    await expect(readRequestedKey(pem(forged))).rejects.toMatchObject({ code: 'INVALID_CSR' });
  });

  it('refuses a damaged signature, another curve and what is no request', async () => {
    const { der } = await createRequest();
    const damaged = Buffer.from(der);
    damaged[damaged.length - 1] = (damaged[damaged.length - 1] ?? 0) ^ 1;
    const other = await createRequest('CN=whoever', 'P-384');
    for (const text of [pem(damaged), other.csrPem, authorityPem, 'nothing', '']) {
      await expect(readRequestedKey(text)).rejects.toMatchObject({ code: 'INVALID_CSR' });
    }
  });
});

describe('issueCertificate', () => {
  it('names the subject by the connector’s words and nothing of the request', async () => {
    const { csrPem, keys } = await createRequest('CN=registrar, OU=admin, O=RegulatorMSP');
    const requested = await readRequestedKey(csrPem);
    const holder = { subjectId: practitionerId, role: 'doctor', institutionId: 'inst-lakeside', licence: 'L-1' };
    const issued = await issueCertificate(authority, { ...holder, readingKey }, requested);

    const certificate = new X509Certificate(issued);
    expect(certificate.subject).toBe(`CN=${practitionerId}, OU=client, O=HospitalMSP`);
    const attributes = certificate.extensions.find(({ type }) => type === '1.2.3.4.5.6.7.8.1');
    expect(JSON.parse(new TextDecoder().decode(attributes?.value))).toEqual({
      attrs: {
        ...{ role: 'doctor', subject: practitionerId, institution: 'inst-lakeside', licence: 'L-1' },
        reading: createHash('sha256').update(Buffer.from(readingKey, 'base64url')).digest('hex'),
      },
    });
    const spki = Buffer.from(await crypto.subtle.exportKey('spki', keys.publicKey));
    expect(Buffer.from(certificate.publicKey.rawData)).toEqual(spki);
  });

  it('chains to the authority, is no authority itself, and lasts a year', async () => {
    const { csrPem } = await createRequest();
    const now = new Date('2026-11-22T12:00:00Z');
    const holder = { subjectId: practitionerId, role: 'admin', readingKey };
    const issued = new NodeCertificate(await issueCertificate(authority, holder, await readRequestedKey(csrPem), now));
    expect(issued.verify(new NodeCertificate(authorityPem).publicKey)).toBe(true);
    expect(issued.ca).toBe(false);
    expect(issued.validFromDate.toISOString()).toBe('2026-11-22T11:55:00.000Z');
    expect(issued.validToDate.toISOString()).toBe('2027-11-22T12:00:00.000Z');
  });
});
