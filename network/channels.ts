/**
 * The demonstration's consortium, as data: which organisations there are, which channels they share, which contracts
 * run there and who endorses them. Everything that starts or checks a network reads it from here.
 */

export interface Organisation {
  mspId: string;
  /** Shown to people. */
  name: string;
  /** Whether it runs a peer; patients only have clients. */
  peer: boolean;
}

export const organisations = [
  { mspId: 'HospitalMSP', name: 'Hospitals', peer: true },
  { mspId: 'PharmacyMSP', name: 'Pharmacies', peer: true },
  { mspId: 'InsurerMSP', name: 'Insurers', peer: true },
  { mspId: 'SupplyMSP', name: 'Manufacturers and distributors', peer: true },
  { mspId: 'RegulatorMSP', name: 'Regulator', peer: true },
  { mspId: 'PatientMSP', name: 'Patients', peer: false },
] as const satisfies readonly Organisation[];

export type MspId = (typeof organisations)[number]['mspId'];

export const mspIds: readonly MspId[] = organisations.map((organisation) => organisation.mspId);
export const peerMspIds: readonly MspId[] = organisations.filter(({ peer }) => peer).map(({ mspId }) => mspId);

/** Decides claims. */
export const insurerMsp = 'InsurerMSP' satisfies MspId;

/** Runs the telemetry gateway. */
export const telemetryMsp = 'HospitalMSP' satisfies MspId;

export const ordererMspId = 'OrdererMSP';

/** A private data collection, in the words of Fabric's collection configuration. */
export interface Collection {
  name: string;
  /** Fabric's policy syntax. */
  policy: string;
  requiredPeerCount: number;
  maxPeerCount: number;
  /** Blocks after which its data is purged; 0 keeps it. */
  blockToLive: number;
  memberOnlyRead: boolean;
  memberOnlyWrite: boolean;
}

export interface Contract {
  version: string;
  /** Fabric's policy syntax. */
  endorsementPolicy: string;
  collections: readonly Collection[];
}

/** Kept as long as the chain, given to every member's peer, read and written by no peer outside of it. */
const kept = {
  requiredPeerCount: 0,
  maxPeerCount: 4,
  blockToLive: 0,
  memberOnlyRead: true,
  memberOnlyWrite: false,
} as const;
/** The regulator's peer never holds what opens a record or prescription. Patients have no peer; they are members so that they may read. */
const careSecrets = "OR('HospitalMSP.member', 'PharmacyMSP.member', 'PatientMSP.member')";

export const contracts = {
  registry: {
    version: '1',
    endorsementPolicy:
      "AND('RegulatorMSP.peer', OR('HospitalMSP.peer', 'PharmacyMSP.peer', 'InsurerMSP.peer', 'SupplyMSP.peer'))",
    collections: [
      {
        name: 'institutionSecrets',
        policy: "OR('HospitalMSP.member', 'PharmacyMSP.member', 'InsurerMSP.member', 'SupplyMSP.member')",
        ...kept,
      },
      { name: 'authoritySecrets', policy: "OR('RegulatorMSP.member')", ...kept },
    ],
  },
  care: {
    version: '1',
    endorsementPolicy: "OutOf(2, 'HospitalMSP.peer', 'PharmacyMSP.peer', 'RegulatorMSP.peer')",
    collections: [
      { name: 'prescriptionSecrets', policy: careSecrets, ...kept },
      { name: 'recordSecrets', policy: careSecrets, ...kept },
      {
        // Keys of reports to the authority: those who report, and the regulator, whose staff open them.
        name: 'reportSecrets',
        policy: "OR('HospitalMSP.member', 'PharmacyMSP.member', 'RegulatorMSP.member', 'PatientMSP.member')",
        ...kept,
      },
      // Sealed to the authority by the doctors who write it.
      { name: 'controlledRegister', policy: "OR('HospitalMSP.member', 'RegulatorMSP.member')", ...kept },
    ],
  },
  supply: {
    version: '1',
    endorsementPolicy: "AND('RegulatorMSP.peer', OR('SupplyMSP.peer', 'PharmacyMSP.peer'))",
    collections: [],
  },
  claims: {
    version: '1',
    endorsementPolicy: "AND('InsurerMSP.peer', OR('HospitalMSP.peer', 'PharmacyMSP.peer', 'RegulatorMSP.peer'))",
    collections: [
      {
        // Members have no peer; they are members so that they may read, through the registrar of PatientMSP.
        name: 'claimSecrets',
        policy: "OR('HospitalMSP.member', 'PharmacyMSP.member', 'InsurerMSP.member', 'PatientMSP.member')",
        ...kept,
      },
    ],
  },
} as const satisfies Record<string, Contract>;

export type ContractName = keyof typeof contracts;

export interface Channel {
  name: string;
  kind: 'registry' | 'care' | 'supply' | 'claims';
  /** Organisations with clients there; those of them that run a peer run it on this channel too. */
  organisations: readonly MspId[];
  contracts: readonly ContractName[];
}

const care = ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP', 'PatientMSP'] as const;
const supply = ['SupplyMSP', 'PharmacyMSP', 'HospitalMSP', 'RegulatorMSP'] as const;

/** Kinds of which there may be any number of channels, each with its share of the patients or products. */
export const shardedKinds = ['care', 'supply'] as const;
export type ShardedKind = (typeof shardedKinds)[number];

/** A channel of a sharded kind. */
export function shard(kind: ShardedKind, number: number): Channel {
  const name = `${kind}-${number}`;
  return kind === 'care'
    ? { name, kind, organisations: care, contracts: ['care'] }
    : { name, kind, organisations: supply, contracts: ['supply'] };
}

/** The channels that a network begins with; `addedChannels.ts` knows those that were added to it. */
export const channels: readonly Channel[] = [
  { name: 'registry', kind: 'registry', organisations: mspIds, contracts: ['registry'] },
  ...[0, 1, 2, 3].map((number) => shard('care', number)),
  ...[0, 1].map((number) => shard('supply', number)),
  {
    name: 'claims',
    kind: 'claims',
    organisations: ['HospitalMSP', 'PharmacyMSP', 'InsurerMSP', 'RegulatorMSP', 'PatientMSP'],
    contracts: ['claims'],
  },
];

/** The contracts that an organisation's peer runs over all of its channels; a channel that is added brings no other. */
export function contractsOf(mspId: MspId): ContractName[] {
  const names = channels
    .filter((channel) => channel.organisations.includes(mspId))
    .flatMap((channel) => channel.contracts);
  return [...new Set(names)];
}
