import { createHash } from 'node:crypto';
import { withCheckDigit } from '../../gs1/checkDigit.ts';
import type { PrescriptionIssue } from '../model/prescription.ts';
import type { Institution, InstitutionKind, Licence } from '../model/registry.ts';

/** Arguments and secrets as tests use them; the same number gives the same value. */

/** 26 characters as ids have them, from a number. */
export function serial(value: number): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let text = '';
  for (let rest = value; text.length < 26; rest = Math.floor(rest / 32)) text = (alphabet[rest % 32] ?? 'a') + text;
  return text;
}

export const hour = 60 * 60 * 1000;
export const day = 24 * hour;
export const instant = (offsetMs: number) => new Date(Date.now() + offsetMs).toISOString();

export const validLicence = (): Licence => ({
  number: 'L-1',
  specialty: 'Internal medicine',
  validFrom: instant(-day),
  validTo: instant(365 * day),
});

export const expiredLicence = (): Licence => ({
  ...validLicence(),
  validFrom: instant(-9 * day),
  validTo: instant(-hour),
});

export const institutions = {
  authority: { id: 'inst-medicines-agency', kind: 'authority', mspId: 'RegulatorMSP' },
  hospital: { id: 'inst-general-hospital', kind: 'hospital', mspId: 'HospitalMSP' },
  otherHospital: { id: 'inst-lake-hospital', kind: 'hospital', mspId: 'HospitalMSP' },
  pharmacy: { id: 'inst-river-pharmacy', kind: 'pharmacy', mspId: 'PharmacyMSP' },
  otherPharmacy: { id: 'inst-tower-pharmacy', kind: 'pharmacy', mspId: 'PharmacyMSP' },
  insurer: { id: 'inst-mutual-insurer', kind: 'insurer', mspId: 'InsurerMSP' },
  maker: { id: 'inst-tablet-works', kind: 'manufacturer', mspId: 'SupplyMSP' },
  wholesaler: { id: 'inst-road-wholesale', kind: 'distributor', mspId: 'SupplyMSP' },
} as const satisfies Record<string, { id: string; kind: InstitutionKind; mspId: string }>;
export type InstitutionName = keyof typeof institutions;
export const institutionOf = (name: InstitutionName): Omit<Institution, 'status' | 'version'> => ({
  ...institutions[name],
  name: `The ${name}`,
});

export const gtinOf = (seed: number) => withCheckDigit(String(4_012_345_000_000 + seed).padStart(13, '0'));
export const glnOf = (seed: number) => withCheckDigit(String(401_234_500_000 + seed));
export const ssccOf = (seed: number) => withCheckDigit(`34012345${String(seed).padStart(9, '0')}`);

export const patientIds = {
  patient: `pt-0-${serial(1)}`,
  otherPatient: `pt-0-${serial(2)}`,
  representative: `pt-0-${serial(3)}`,
  /** Of another care channel. */
  distantRepresentative: `pt-1-${serial(4)}`,
  /** Somebody without keys. */
  ward: `pt-0-${serial(5)}`,
} as const;

/** A redeeming key and its hash, from a number. */
export function redeemKeyOf(seed: number): { key: Uint8Array; hash: string } {
  const key = createHash('sha256').update(`redeem ${seed}`).digest();
  return { key, hash: createHash('sha256').update(key).digest('hex') };
}

export const secretsOf = (marker = 'x') => ({
  patientWrap: `patientwrap${marker}`,
  authorWrap: `authorwrap${marker}`,
  codeWrap: `codewrap${marker}`,
  releaseShare: `share${marker}`.padEnd(43, 'S'),
});

export const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));

export function issueOf(seed: number, change: Partial<PrescriptionIssue> = {}): PrescriptionIssue {
  return {
    id: `rx-0-${serial(seed)}`,
    patient: patientIds.patient,
    expires: instant(90 * day),
    cid: `b${'a'.repeat(58)}`,
    contentHash: 'c'.repeat(64),
    redeemHash: redeemKeyOf(seed).hash,
    commitment: `0x${'d'.repeat(64)}`,
    quantity: 30,
    fills: 2,
    ...change,
  };
}

/** The reservation of `dispenseOf` the same seed. */
export const reservationOf = (seed: number, quantity: number) => ({
  dispenseId: `disp-${serial(seed)}`,
  quantity,
  packs: 2,
  packsHash: '9'.repeat(64),
});

/** A dispense of packs that were reserved for it. */
export const packedDispenseOf = (seed: number, quantity: number) => ({
  id: `disp-${serial(seed)}`,
  quantity,
  cid: `b${'e'.repeat(58)}`,
  contentHash: 'f'.repeat(64),
});

export const dispenseOf = (seed: number, quantity: number) => ({
  ...packedDispenseOf(seed, quantity),
  withoutPacks: 'noSerial' as const,
});
