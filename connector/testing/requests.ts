import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { addressOf } from '#crypto/token.ts';
import { proveWallet } from '#crypto/walletProof.ts';
import type { PatientEnrolment, StaffEnrolment } from '../registrar/schema.ts';

export const practitionerId = `prac-${'a'.repeat(26)}`;
export const pseudonym = `pt-2-${'b'.repeat(26)}`;
export const readingKey = 'R'.repeat(1622);
const walletKey = new Uint8Array(32).fill(0xab);
export const wallet = addressOf(walletKey);
export const licence = {
  number: 'L-1',
  specialty: 'Internal medicine',
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2036-01-01T00:00:00.000Z',
};

/** A certificate signing request as a browser makes it, and the hash of its key. */
export async function createRequest(name = 'CN=whoever', namedCurve: 'P-256' | 'P-384' = 'P-256') {
  const algorithm = { name: 'ECDSA', namedCurve, hash: 'SHA-256' } as const;
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: algorithm });
  const spki = Buffer.from(await crypto.subtle.exportKey('spki', keys.publicKey));
  return {
    keys,
    csrPem: request.toString('pem'),
    der: Buffer.from(request.rawData),
    hash: createHash('sha256').update(spki).digest('hex'),
  };
}

/** With the wallet of `key`, which signs for the subject that the enrolment names. */
export function staffEnrolment(
  csrPem: string,
  change: Partial<StaffEnrolment> = {},
  key: Uint8Array = walletKey,
): StaffEnrolment {
  const subjectId = change.subjectId ?? practitionerId;
  return {
    ...{ role: 'doctor', mspId: 'HospitalMSP', subjectId, institutionId: 'inst-lakeside' },
    ...{ licence, csrPem, readingKey, wallet: addressOf(key), walletProof: proveWallet(key, { subjectId, csrPem }) },
    ...change,
  };
}

export function patientEnrolment(csrPem: string, change: Partial<PatientEnrolment> = {}): PatientEnrolment {
  const walletProof = proveWallet(walletKey, { subjectId: pseudonym, csrPem });
  const keys = { csrPem, readingKey, wallet, walletProof };
  return { role: 'patient', mspId: 'PatientMSP', subjectId: pseudonym, ...keys, ...change };
}
