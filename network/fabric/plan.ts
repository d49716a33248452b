import type { ChannelConfig, DevnetConfig } from '../devnet/config.ts';

/** A certificate with its PKCS#8 key, as PEM. */
export interface Credential {
  certPem: string;
  keyPem: string;
}

/** A peer's or orderer's identity and what it serves TLS with, for `localhost` and 127.0.0.1 on a single machine. */
export interface NodeMaterial extends Credential {
  tlsCertPem: string;
  tlsKeyPem: string;
}

/**
 * An MSP of the network: what the devnet is told of it, and what Fabric wants besides. The address of its peer is 127.0.0.1 and a
 * port, where 0 takes a free one for good; where there is a peer, `tlsRootCertPem` is needed.
 */
export type FabricOrganisation = DevnetConfig['organisations'][number] & {
  /** A certificate whose unit is `admin`; joins and approves for the organisation. Needed where there is a peer. */
  admin?: Credential;
};

/** The ordering organisation, with its Raft nodes. */
export interface FabricOrderers {
  mspId: 'OrdererMSP';
  rootCertPem: string;
  tlsRootCertPem: string;
  admin: Credential;
  nodes: readonly NodeMaterial[];
}

/** A whole network, in the words of the devnet's configuration so that the same one can run on either ledger. */
export interface FabricPlan {
  /** Folder of all that is kept; a start on a folder that has a network goes on with that. */
  stateDir: string;
  /** A block is cut after this time, 100 when left out. Goes into a channel when it is made. */
  batchTimeoutMs?: number;
  /** … or at this many transactions, 500 when left out. */
  maxMessageCount?: number;
  organisations: readonly FabricOrganisation[];
  orderers: FabricOrderers;
  channels: readonly ChannelConfig[];
}

/** The same network for the devnet, which has one orderer. */
export function devnetOf(plan: FabricPlan): DevnetConfig {
  const { mspId, rootCertPem, tlsRootCertPem, nodes } = plan.orderers;
  const [first] = nodes;
  if (!first) throw new Error('A plan has at least one orderer.');
  return {
    stateDir: plan.stateDir,
    ...(plan.batchTimeoutMs === undefined ? {} : { batchTimeoutMs: plan.batchTimeoutMs }),
    ...(plan.maxMessageCount === undefined ? {} : { maxMessageCount: plan.maxMessageCount }),
    organisations: plan.organisations.map(({ admin: _admin, ...organisation }) => organisation),
    orderer: { mspId, rootCertPem, tlsRootCertPem, certPem: first.certPem, keyPem: first.keyPem },
    channels: [...plan.channels],
  };
}
