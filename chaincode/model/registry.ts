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

export interface Institution {
  /** `inst-` and 8 to 40 lower-case letters, digits or hyphens; an institution is public, so it may be its name. */
  id: string;
  kind: InstitutionKind;
  /** Public name of the institution. */
  name: string;
  mspId: string;
  status: RegistryStatus;
  version: number;
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
  /** Absent until the person has enrolled a key. */
  keys?: PublicKeys;
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
  kind: 'institution' | 'practitioner' | 'channelMap' | 'product';
  /** Of a channel map: its version; of a product: its GTIN. */
  id: string;
  /** The function that changed it. */
  change: string;
  /** A channel map and a product are active from the beginning and for good. */
  status: RegistryStatus;
  version: number;
  /** ISO 8601 */
  at: string;
}

/** Organisation of the authority: admits institutions, suspends and restores. */
export const regulatorMsp = 'RegulatorMSP';

/** Which kinds of institution may employ which role; `admin` administers any. */
export const employers: Record<PractitionerRole, readonly InstitutionKind[]> = {
  doctor: ['hospital'],
  pharmacist: ['pharmacy'],
  insurer: ['insurer'],
  supplier: ['manufacturer', 'distributor'],
  regulator: ['authority'],
  admin: institutionKinds,
};
