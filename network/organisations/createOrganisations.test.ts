import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { mspIds, peerMspIds, telemetryMsp } from '../channels.ts';
import { replaceFile } from '../processes/replaceFile.ts';
import { attributesOid, issueLeaf } from './certificates.ts';
import { createOrganisations, OrganisationDamageError } from './createOrganisations.ts';

vi.mock('../processes/replaceFile.ts', { spy: true });

const dir = mkdtempSync(join(tmpdir(), 'medloom-organisations-'));
const read = (mspId: string, file: string) => readFileSync(join(dir, mspId, file), 'utf8');
const certificate = (mspId: string, file: string) => new X509Certificate(read(mspId, `${file}.crt`));

function snapshot(): Record<string, string> {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [file, readFileSync(file, 'utf8')];
    }),
  );
}

let flushed: string[] = [];

beforeAll(async () => {
  await createOrganisations(dir);
  flushed = vi.mocked(replaceFile).mock.calls.map(([file]) => file);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('createOrganisations', () => {
  it('gives every organisation with a peer its authorities and identities', () => {
    for (const mspId of peerMspIds) {
      const names = ['ca', 'tlsca', 'peer', 'tls', 'admin', 'service', 'registrar', 'notary'];
      if (mspId === telemetryMsp) names.push('telemetry');
      expect(readdirSync(join(dir, mspId)).sort()).toEqual(names.flatMap((n) => [`${n}.crt`, `${n}.key`]).sort());
    }
    expect(readdirSync(join(dir, 'PatientMSP')).sort()).toEqual(['ca.crt', 'ca.key', 'registrar.crt', 'registrar.key']);
    const orderers = ['orderer', 'orderer2', 'orderer3'].flatMap((name) => [name, `${name}tls`]);
    const ordering = ['ca', 'tlsca', 'admin', ...orderers].flatMap((name) => [`${name}.crt`, `${name}.key`]);
    expect(readdirSync(join(dir, 'OrdererMSP')).sort()).toEqual(ordering.sort());
  });

  it('chains each identity to its own authority and to no other', () => {
    for (const mspId of peerMspIds) {
      const ca = certificate(mspId, 'ca');
      expect(ca.ca).toBe(true);
      expect(ca.verify(ca.publicKey)).toBe(true);
      for (const file of ['peer', 'service', 'registrar', 'notary']) {
        const leaf = certificate(mspId, file);
        expect(leaf.checkIssued(ca) && leaf.verify(ca.publicKey)).toBe(true);
        expect(leaf.ca).toBe(false);
        expect(leaf.verify(certificate(mspId, 'tlsca').publicKey)).toBe(false);
      }
      const tls = certificate(mspId, 'tls');
      expect(tls.verify(certificate(mspId, 'tlsca').publicKey)).toBe(true);
      expect(tls.verify(ca.publicKey)).toBe(false);
    }
    expect(certificate('HospitalMSP', 'service').verify(certificate('PharmacyMSP', 'ca').publicKey)).toBe(false);
  });

  it('puts the node role in the organisational unit', () => {
    const unit = (mspId: string, file: string) => /^OU=(.*)$/m.exec(certificate(mspId, file).subject)?.[1];
    expect(unit('HospitalMSP', 'peer')).toBe('peer');
    expect(unit('HospitalMSP', 'registrar')).toBe('client');
    expect(unit('HospitalMSP', 'service')).toBe('client');
    expect(unit('HospitalMSP', 'admin')).toBe('admin');
    expect(unit('OrdererMSP', 'orderer3')).toBe('orderer');
  });

  it('carries the role as bare JSON in the attribute extension, and nothing on a peer', () => {
    const attributes = (mspId: string, file: string) => {
      const extension = new x509.X509Certificate(read(mspId, `${file}.crt`)).getExtension(attributesOid);
      return extension && Buffer.from(extension.value).toString('utf8');
    };
    for (const role of ['service', 'registrar', 'notary'])
      expect(attributes('RegulatorMSP', role)).toBe(`{"attrs":{"role":"${role}"}}`);
    expect(attributes('PatientMSP', 'registrar')).toBe('{"attrs":{"role":"registrar"}}');
    expect(attributes('RegulatorMSP', 'peer') ?? null).toBeNull();
  });

  it('names loopback in the TLS certificate', () => {
    expect(certificate('SupplyMSP', 'tls').subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
    expect(certificate('SupplyMSP', 'peer').subjectAltName).toBeUndefined();
  });

  it('lasts ten years for an authority and one for a leaf', () => {
    const years = (mspId: string, file: string) =>
      Math.round((certificate(mspId, file).validToDate.getTime() - Date.now()) / (365.25 * 24 * 3600 * 1000));
    expect([years('InsurerMSP', 'ca'), years('InsurerMSP', 'tlsca')]).toEqual([10, 10]);
    expect([years('InsurerMSP', 'peer'), years('InsurerMSP', 'tls')]).toEqual([1, 1]);
  });

  it('keeps keys readable by their owner only', () => {
    for (const mspId of mspIds)
      for (const file of readdirSync(join(dir, mspId)).filter((name) => name.endsWith('.key')))
        expect(statSync(join(dir, mspId, file)).mode & 0o777).toBe(0o600);
  });

  it('has each file on the disk before the next one builds on it', () => {
    expect(flushed.sort()).toEqual(Object.keys(snapshot()).sort());
  });

  it('changes nothing the second time', async () => {
    const before = snapshot();
    await createOrganisations(dir);
    expect(snapshot()).toEqual(before);
  });

  it('completes what an interrupted start left, for the same key', async () => {
    const key = read('SupplyMSP', 'notary.key');
    unlinkSync(join(dir, 'SupplyMSP', 'notary.crt'));
    await createOrganisations(dir);
    expect(read('SupplyMSP', 'notary.key')).toBe(key);
    expect(certificate('SupplyMSP', 'notary').verify(certificate('SupplyMSP', 'ca').publicKey)).toBe(true);
  });

  it('refuses a file that does not fit the others and names it', async () => {
    const damage = async (mspId: string, file: string, text: string) => {
      const path = join(dir, mspId, file);
      const whole = readFileSync(path, 'utf8');
      writeFileSync(path, text);
      try {
        await expect(createOrganisations(dir)).rejects.toThrow(OrganisationDamageError);
        await expect(createOrganisations(dir)).rejects.toMatchObject({
          message: expect.stringContaining(path),
          advice: expect.stringMatching(/backup.*--fresh/),
        });
      } finally {
        writeFileSync(path, whole);
      }
    };
    await damage('HospitalMSP', 'ca.crt', 'not a certificate');
    await damage('HospitalMSP', 'ca.key', read('PharmacyMSP', 'ca.key').slice(0, 40));
    await damage('HospitalMSP', 'ca.crt', read('PharmacyMSP', 'ca.crt'));
    await damage('HospitalMSP', 'service.crt', read('PharmacyMSP', 'service.crt'));
    const foreign = { certPem: read('PharmacyMSP', 'ca.crt'), keyPem: read('PharmacyMSP', 'ca.key') };
    const request = { commonName: 'service.HospitalMSP', unit: 'client', organisation: 'HospitalMSP' } as const;
    await damage('HospitalMSP', 'service.crt', await issueLeaf(foreign, request, read('HospitalMSP', 'service.key')));
  });
});
