import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type DevnetConfig, DevnetError, parseConfig } from '../config.ts';
import type { NetworkFile } from './networkFile.ts';
import { ensureOrganisations, type Organisation } from './organisations.ts';
import type { ChaincodeDescription, ChannelDescription } from './schema.ts';

/** A chaincode server that the devnet starts: one command for one organisation. */
export interface ChaincodeProcess {
  /** What tells it from others, and stays the same while its command does. */
  key: string;
  chaincode: string;
  organisation: string;
  mspId: string;
  command: string;
  folder: string;
  env: Record<string, string>;
}

/** What a network's file comes to. */
export interface NetworkPlan {
  file: NetworkFile;
  organisations: Organisation[];
  processes: ChaincodeProcess[];
  /** The node's configuration, once each process has a port. */
  config(portOf: (key: string) => number): DevnetConfig;
}

/** Looks up every name of a network's file and makes the certificates that are missing. Throws a DevnetError. */
export async function planNetwork(file: NetworkFile): Promise<NetworkPlan> {
  const { organisations, ordering, ordererHost } = await ensureOrganisations(file);
  const byName = new Map(organisations.map((organisation) => [organisation.name, organisation]));
  const find = (name: string): Organisation => {
    const found = byName.get(name);
    if (!found) throw new DevnetError(`${name} is not an organisation`);
    return found;
  };
  const withPeer = organisations.filter(({ peer }) => peer).map(({ name }) => name);
  const membersOf = (channel: ChannelDescription) => channel.organisations ?? withPeer;
  const runnersOf = (channel: ChannelDescription, chaincode: ChaincodeDescription) =>
    typeof chaincode.address === 'object'
      ? Object.keys(chaincode.address)
      : (chaincode.organisations ?? membersOf(channel));
  const processes = new Map<string, ChaincodeProcess>();
  for (const channel of file.description.channels)
    for (const chaincode of channel.chaincodes)
      for (const name of runnersOf(channel, chaincode)) {
        const process = processOf(file, chaincode, find(name));
        if (process) processes.set(process.key, process);
      }
  const orderer = ordering.hosts.get(ordererHost);
  if (!orderer) throw new DevnetError(`${ordererHost} has no certificates`);
  const config = (portOf: (key: string) => number): DevnetConfig => {
    const addresses = (channel: ChannelDescription, chaincode: ChaincodeDescription): Record<string, string> =>
      Object.fromEntries(
        runnersOf(channel, chaincode).map((name) => {
          const organisation = find(name);
          const { address } = chaincode;
          const fixed = typeof address === 'object' ? address[name] : address;
          const process = processOf(file, chaincode, organisation);
          return [organisation.mspId, fixed ?? `127.0.0.1:${process ? portOf(process.key) : 0}`];
        }),
      );
    const { batchTimeoutMs, maxMessageCount } = file.description;
    return parseConfig({
      stateDir: join(file.stateDir, 'ledger'),
      ...(batchTimeoutMs !== undefined && { batchTimeoutMs }),
      ...(maxMessageCount !== undefined && { maxMessageCount }),
      organisations: organisations.map(organisationConfig),
      orderer: {
        mspId: 'OrdererMSP',
        ...orderer.identity,
        rootCertPem: ordering.ca.certPem,
        tlsRootCertPem: ordering.tlsCa.certPem,
      },
      channels: file.description.channels.map((channel) => ({
        name: channel.name,
        organisations: membersOf(channel).map((name) => find(name).mspId),
        ...(channel.clients && { clients: channel.clients.map((name) => find(name).mspId) }),
        chaincodes: channel.chaincodes.map((chaincode) => {
          const { name, version } = chaincode;
          const collections = file.collections(channel.name, name);
          return {
            name,
            version,
            ...(chaincode.policy !== undefined && { endorsementPolicy: chaincode.policy }),
            ...(collections.length > 0 && { collections }),
            addresses: addresses(channel, chaincode),
          };
        }),
      })),
    });
  };
  return { file, organisations, processes: [...processes.values()], config };
}

function processOf(
  file: NetworkFile,
  chaincode: ChaincodeDescription,
  { name, mspId }: Organisation,
): ChaincodeProcess | undefined {
  const { command, env } = chaincode;
  if (command === undefined) return undefined;
  const folder = file.folder(chaincode);
  const digest = createHash('sha256')
    .update(JSON.stringify([command, folder, env]))
    .digest('hex')
    .slice(0, 12);
  const key = `${chaincode.name}.${name}.${digest}`;
  return { key, chaincode: chaincode.name, organisation: name, mspId, command, folder, env };
}

function organisationConfig({ mspId, material, peer }: Organisation): DevnetConfig['organisations'][number] {
  const own = peer && material.hosts.get(peer.host);
  return {
    mspId,
    rootCertPem: material.ca.certPem,
    tlsRootCertPem: material.tlsCa.certPem,
    ...(peer &&
      own && {
        peer: {
          address: `127.0.0.1:${peer.port}`,
          ...own.identity,
          tlsCertPem: own.tls.certPem,
          tlsKeyPem: own.tls.keyPem,
        },
      }),
  };
}
