import type { Credential } from './secondFactor.ts';

/** State types of the `registry` contract (channel `registry`). Subjects are pseudonymous ids; no name is ever written here. */

export const institutionKinds = [
  'hospital',
  'pharmacy',
  'insurer',
  'manufacturer',
  'distributor',
  'authority',
] as const;
export type InstitutionKind = (typeof institutionKinds)[number];

export const practitionerRoles = ['doctor', 'pharmacist', 'insurer', 'supplier', 'regulator', 'admin'] as const;
export type PractitionerRole = (typeof practitionerRoles)[number];

export const registryStatuses = ['active', 'suspended', 'revoked'] as const;
export type RegistryStatus = (typeof registryStatuses)[number];
/** An institution proposes itself and is nobody until the authority admits it. */
export const institutionStatuses = ['proposed', ...registryStatuses, 'refused'] as const;
export type InstitutionStatus = (typeof institutionStatuses)[number];
/** Who suspended: what an institution suspends it may restore, what the authority suspends only the authority. */
export const suspenders = ['institution', 'authority'] as const;
export type Suspender = (typeof suspenders)[number];

export interface Institution {
  /** `inst-` and 8 to 40 lower-case letters, digits or hyphens; an institution is public, so it may be its name. */
  id: string;
  kind: InstitutionKind;
  /** Public name of the institution. */
  name: string;
  mspId: string;
  status: InstitutionStatus;
  /** Why it was refused; public. */
  reason?: string;
  /** The institution's own reading key, once its admin has made one: patients wrap for it, its staff hold its seed. */
  reading?: InstitutionReading;
  version: number;
}

/** One generation of an institution's reading key. The seeds lie wrapped for each member of staff in private data. */
export interface InstitutionReading {
  generation: number;
  /** X-Wing public key, base64url. */
  readingKey: string;
  /** The seed of the generation before under a key of this one, base64url; absent in the first. */
  ladder?: string;
  /** The admin's statement over institution, generation, key and ladder. */
  signature: string;
  by: string;
}

export interface Licence {
  number: string;
  /** Specialty in words, for example `Internal medicine`; empty where there is none. */
  specialty: string;
  /** ISO 8601 instants; valid from `validFrom` (inclusive) until `validTo` (exclusive). */
  validFrom: string;
  validTo: string;
}

/** The public keys of one person, recorded exactly: only these keys act for the person. */
export interface PublicKeys {
  /** Hex SHA-256 of the DER SubjectPublicKeyInfo of the P-256 Fabric key. */
  signingKeyHash: string;
  /** X-Wing public key, base64url, for wrapping keys to this person. */
  readingKey: string;
  /** The wallet's address, 0x and 40 hex digits in lower case; empty where the person has none. */
  wallet: string;
  /** Further wallets that the person linked and may prescribe with; lower case, oldest first, absent where there is none. */
  linkedWallets?: string[];
  /** Wallets that were the person's before: what they minted then stays valid, and they mint nothing more. */
  formerWallets?: string[];
}

/** Whose signing key it is or was (`readKeyOwner`): practitioner or device, on a care channel a patient. */
export interface KeyOwner {
  subject: string;
  /** Whether it is the subject's present one. */
  current: boolean;
}

/** So many wallets a person may link, and so many former ones are remembered. */
export const mostLinkedWallets = 5;
export const mostFormerWallets = 20;

export interface Practitioner {
  /** `prac-` and 26 lower-case base32 characters. */
  id: string;
  institutionId: string;
  mspId: string;
  role: PractitionerRole;
  licence: Licence;
  status: RegistryStatus;
  /** While suspended. */
  suspendedBy?: Suspender;
  /** Absent until the person has enrolled a key. */
  keys?: PublicKeys;
  /** Second factors, at most 8, oldest first. */
  credentials?: Credential[];
  version: number;
}

/**
 * What a device is for. `sensor` and `hub` are at a patient's, `monitor` watches readings for an institution, `gateway` collects
 * and anchors them, `system` is an institution's software, `adjudicator` decides claims for an insurer.
 */
export const devicePurposes = ['sensor', 'hub', 'monitor', 'gateway', 'system', 'adjudicator'] as const;
export type DevicePurpose = (typeof devicePurposes)[number];

/** A device of an institution; patients, readings and alerts are none of the registry's business. */
export interface Device {
  /** `dev-` and 26 lower-case base32 characters. */
  id: string;
  institutionId: string;
  mspId: string;
  /** Public name of the model, and the hash of the serial number (hex SHA-256). */
  model: string;
  serialHash: string;
  keys: { signingKeyHash: string; readingKey: string };
  /** Absent: `system`. */
  purpose?: DevicePurpose;
  /** Version that it was registered with. */
  firmware?: string;
  /** What vouches for it, where there is something, by format and hex SHA-256. */
  attestation?: { format: string; hash: string };
  status: RegistryStatus;
  /** The institution that it is offered to; suspended meanwhile. */
  transferTo?: string;
  /** The institution that had it before. */
  formerInstitution?: string;
  version: number;
}

/** A practitioner with the institution that answers for them; what `readPractitionerByKey` and `readStanding` answer. */
export interface Standing {
  practitioner: Practitioner;
  institution: Institution;
}

/** One page of a list; an empty bookmark means that there is no more. */
export interface Page<T> {
  items: T[];
  bookmark: string;
}

/** Event name and payload (JSON) of every change of the registry. */
export const registryEvent = 'RegistryChanged';
export interface RegistryChanged {
  kind:
    | 'institution'
    | 'practitioner'
    | 'device'
    | 'delegation'
    | 'escrowKey'
    | 'reenrolment'
    | 'channelMap'
    | 'product'
    | 'site';
  /** Of a channel map: its version; of a product: its GTIN; of a site: its GLN; of an escrow key: the MSP id; of a re-enrolment: the person. */
  id: string;
  /** The function that changed it. */
  change: string;
  /** A channel map, a product, a site and an escrow key are active from the beginning and for good. */
  status: InstitutionStatus | 'approved' | 'completed';
  version: number;
  /** ISO 8601 */
  at: string;
}

/** Organisation of the authority: admits institutions, suspends and restores. */
export const regulatorMsp = 'RegulatorMSP';
/** Organisation of the patients: nobody in it is a practitioner. */
export const patientMsp = 'PatientMSP';

/** Which kinds of institution may employ which role; `admin` administers any. */
export const employers: Record<PractitionerRole, readonly InstitutionKind[]> = {
  doctor: ['hospital'],
  pharmacist: ['pharmacy'],
  insurer: ['insurer'],
  supplier: ['manufacturer', 'distributor'],
  regulator: ['authority'],
  admin: institutionKinds,
};
