import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerProfile } from '#server/gateways/ledger/profile.ts';
import {
  channelMapVersion,
  channels,
  contracts,
  contractsOf,
  type MspId,
  mspIds,
  ordererMspId,
  peerMspIds,
} from './channels.ts';
import type { DevnetConfig } from './devnet/config.ts';
import type { Secrets } from './secrets.ts';

/** Ports of one organisation: its gateway, and one for each contract that its chaincode process serves. */
export interface LedgerPorts {
  gateway: number;
  contracts: Record<string, number>;
}

/** How many ports `assignPorts` takes. */
export const ledgerPortCount = peerMspIds.reduce((sum, mspId) => sum + 1 + contractsOf(mspId).length, 0);

/** Hands the ports out, as many as `ledgerPortCount`. */
export function assignPorts(ports: readonly number[]): Map<MspId, LedgerPorts> {
  const left = [...ports];
  const take = () => {
    const port = left.shift();
    if (port === undefined) throw new Error('Too few ports for the ledger.');
    return port;
  };
  return new Map(
    peerMspIds.map((mspId) => [
      mspId,
      { gateway: take(), contracts: Object.fromEntries(contractsOf(mspId).map((name) => [name, take()])) },
    ]),
  );
}

/** The devnet's configuration from the organisations' files. */
export async function devnetConfig(options: {
  stateDir: string;
  organisationsDir: string;
  ports: Map<MspId, LedgerPorts>;
  batchTimeoutMs?: number | undefined;
}): Promise<DevnetConfig> {
  const { stateDir, organisationsDir, ports, batchTimeoutMs } = options;
  const pem = (mspId: string, file: string) => readFile(join(organisationsDir, mspId, file), 'utf8');
  return {
    stateDir,
    ...(batchTimeoutMs === undefined ? {} : { batchTimeoutMs }),
    organisations: await Promise.all(
      mspIds.map(async (mspId) => {
        const rootCertPem = await pem(mspId, 'ca.crt');
        const gateway = ports.get(mspId)?.gateway;
        if (gateway === undefined) return { mspId, rootCertPem };
        const peer = {
          address: `127.0.0.1:${gateway}`,
          certPem: await pem(mspId, 'peer.crt'),
          keyPem: await pem(mspId, 'peer.key'),
          tlsCertPem: await pem(mspId, 'tls.crt'),
          tlsKeyPem: await pem(mspId, 'tls.key'),
        };
        return { mspId, rootCertPem, peer };
      }),
    ),
    orderer: {
      mspId: ordererMspId,
      certPem: await pem(ordererMspId, 'orderer.crt'),
      keyPem: await pem(ordererMspId, 'orderer.key'),
      rootCertPem: await pem(ordererMspId, 'ca.crt'),
    },
    channels: channels.map((channel) => {
      const peers = channel.organisations.filter((mspId) => peerMspIds.includes(mspId));
      return {
        name: channel.name,
        organisations: peers,
        clients: [...channel.organisations],
        chaincodes: channel.contracts.map((name) => {
          const { version, endorsementPolicy, collections } = contracts[name];
          return {
            name,
            version,
            endorsementPolicy,
            collections: collections.map((collection) => ({ ...collection })),
            addresses: Object.fromEntries(
              peers.map((mspId) => [mspId, `127.0.0.1:${ports.get(mspId)?.contracts[name]}`]),
            ),
          };
        }),
      };
    }),
  };
}

/** What the portal reads to reach the devnet: a gateway and a service identity for each organisation with a peer. */
export function devnetProfile(organisationsDir: string, ports: Map<MspId, LedgerPorts>): LedgerProfile {
  const file = (mspId: string, name: string) => join(organisationsDir, mspId, name);
  return {
    ledger: 'devnet',
    mapVersion: channelMapVersion,
    channels: channels.map(({ name, kind, contracts: names, organisations }) => ({
      name,
      kind,
      contracts: [...names],
      organisations: [...organisations],
    })),
    organisations: Object.fromEntries(
      [...ports].map(([mspId, { gateway }]) => [
        mspId,
        {
          // A name, since TLS sends none for an address.
          gateway: { address: `127.0.0.1:${gateway}`, tlsCaFile: file(mspId, 'tlsca.crt'), serverName: 'localhost' },
          service: { certFile: file(mspId, 'service.crt'), keyFile: file(mspId, 'service.key') },
        },
      ]),
    ),
  };
}

/** What the connector reads: each organisation's authority and registrar, and the notaries. */
export function connectorProfile(ledgerProfile: string, organisationsDir: string, secrets: Secrets) {
  const files = (mspId: string, name: string) => ({
    certFile: join(organisationsDir, mspId, `${name}.crt`),
    keyFile: join(organisationsDir, mspId, `${name}.key`),
  });
  return {
    ledgerProfile,
    mspDir: organisationsDir,
    organisations: Object.fromEntries(
      mspIds.map((mspId) => {
        const notary = secrets.notaries.find((candidate) => candidate.mspId === mspId);
        return [
          mspId,
          {
            ca: files(mspId, 'ca'),
            registrar: files(mspId, 'registrar'),
            ...(notary ? { notary: { ...files(mspId, 'notary'), ethereumKeyFile: notary.keyFile } } : {}),
          },
        ];
      }),
    ),
    ethereum: { registrarKeyFile: secrets.registrarKeyFile },
  };
}
