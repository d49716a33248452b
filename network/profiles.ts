import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerProfile } from '#server/gateways/ledger/profile.ts';
import { type Channel, contracts, contractsOf, type MspId, mspIds, ordererMspId, peerMspIds } from './channels.ts';
import type { FabricPlan } from './fabric/plan.ts';
import { ordererCount, ordererFiles } from './organisations/identities.ts';
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

/** The network from the organisations' files, for the devnet and for Fabric alike. */
export async function ledgerPlan(options: {
  stateDir: string;
  organisationsDir: string;
  ports: Map<MspId, LedgerPorts>;
  channels: readonly Channel[];
  batchTimeoutMs?: number | undefined;
}): Promise<FabricPlan> {
  const { stateDir, organisationsDir, ports, channels, batchTimeoutMs } = options;
  const pem = (mspId: string, file: string) => readFile(join(organisationsDir, mspId, file), 'utf8');
  const credential = async (mspId: string, name: string) => ({
    certPem: await pem(mspId, `${name}.crt`),
    keyPem: await pem(mspId, `${name}.key`),
  });
  const node = async (mspId: string, names: { identity: string; tls: string }) => {
    const tls = await credential(mspId, names.tls);
    return { ...(await credential(mspId, names.identity)), tlsCertPem: tls.certPem, tlsKeyPem: tls.keyPem };
  };
  const numbers = Array.from({ length: ordererCount }, (_, index) => index + 1);
  return {
    stateDir,
    ...(batchTimeoutMs === undefined ? {} : { batchTimeoutMs }),
    organisations: await Promise.all(
      mspIds.map(async (mspId) => {
        const rootCertPem = await pem(mspId, 'ca.crt');
        const gateway = ports.get(mspId)?.gateway;
        if (gateway === undefined) return { mspId, rootCertPem };
        return {
          ...{ mspId, rootCertPem },
          tlsRootCertPem: await pem(mspId, 'tlsca.crt'),
          admin: await credential(mspId, 'admin'),
          peer: { address: `127.0.0.1:${gateway}`, ...(await node(mspId, { identity: 'peer', tls: 'tls' })) },
        };
      }),
    ),
    orderers: {
      mspId: ordererMspId,
      rootCertPem: await pem(ordererMspId, 'ca.crt'),
      tlsRootCertPem: await pem(ordererMspId, 'tlsca.crt'),
      admin: await credential(ordererMspId, 'admin'),
      nodes: await Promise.all(numbers.map((number) => node(ordererMspId, ordererFiles(number)))),
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

/** What the portal reads to reach the ledger: a gateway (host:port) and a service identity for each organisation with a peer. */
export function portalProfile(
  ledger: LedgerProfile['ledger'],
  organisationsDir: string,
  gateways: ReadonlyMap<string, string>,
  channels: readonly Channel[],
): LedgerProfile {
  const file = (mspId: string, name: string) => join(organisationsDir, mspId, name);
  return {
    ledger,
    channels: channels.map(({ name, kind, contracts: names, organisations }) => ({
      name,
      kind,
      contracts: [...names],
      organisations: [...organisations],
    })),
    withoutPeers: mspIds.filter((mspId) => !peerMspIds.includes(mspId)),
    organisations: Object.fromEntries(
      [...gateways].map(([mspId, address]) => [
        mspId,
        {
          // A name, since TLS sends none for an address.
          gateway: { address, tlsCaFile: file(mspId, 'tlsca.crt'), serverName: 'localhost' },
          service: { certFile: file(mspId, 'service.crt'), keyFile: file(mspId, 'service.key') },
        },
      ]),
    ),
  };
}

/** What the connector reads: each organisation's authority, registrar and seed of escrow, and the notaries. */
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
        const escrow = secrets.escrows.find((candidate) => candidate.mspId === mspId);
        const systems = secrets.systems.find((candidate) => candidate.mspId === mspId);
        const notary = secrets.notaries.find((candidate) => candidate.mspId === mspId);
        return [
          mspId,
          {
            ca: files(mspId, 'ca'),
            registrar: files(mspId, 'registrar'),
            ...(escrow ? { escrow: { seedFile: escrow.seedFile } } : {}),
            ...(systems ? { systems: { seedFile: systems.seedFile } } : {}),
            ...(notary ? { notary: { ...files(mspId, 'notary'), ethereumKeyFile: notary.keyFile } } : {}),
          },
        ];
      }),
    ),
    ethereum: { registrarKeyFile: secrets.registrarKeyFile },
  };
}
