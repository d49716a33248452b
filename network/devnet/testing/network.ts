import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelConfig, CollectionConfig, DevnetConfig } from '../config.ts';
import { type Credential, createOrganisation, enrol, revoke, type TestOrganisation } from './organisations.ts';
import { compileProbe, freePort, type ServedChaincodes, startProbe, stop } from './processes.ts';

/** Chaincodes of both channels: the probe, and the same code under a second name with a policy of its own. */
const policies = {
  probe: "OutOf(2, 'AlphaMSP.peer', 'BetaMSP.peer', 'GammaMSP.peer')",
  mate: "AND('AlphaMSP.peer', 'GammaMSP.peer')",
};

const collections: CollectionConfig[] = [
  {
    name: 'secrets',
    policy: "OR('AlphaMSP.member', 'BetaMSP.member', 'GuestMSP.member')",
    requiredPeerCount: 0,
    maxPeerCount: 3,
    blockToLive: 0,
    memberOnlyRead: true,
    memberOnlyWrite: false,
  },
  {
    name: 'fleeting',
    policy: "OR('AlphaMSP.member', 'BetaMSP.member')",
    requiredPeerCount: 0,
    maxPeerCount: 3,
    blockToLive: 2,
    memberOnlyRead: true,
    memberOnlyWrite: true,
    endorsementPolicy: "OR('AlphaMSP.peer')",
  },
  {
    name: 'alone',
    policy: "OR('AlphaMSP.member')",
    requiredPeerCount: 0,
    maxPeerCount: 3,
    blockToLive: 0,
    memberOnlyRead: true,
    memberOnlyWrite: true,
  },
];

/** Alpha, Beta and Gamma with peers and probe processes, Guest with clients only, and channels that are all alike. */
export class TestNetwork {
  readonly folder: string;
  readonly organisations: Record<'alpha' | 'beta' | 'gamma' | 'guest', TestOrganisation>;
  /** A client of Alpha whose certificate stands in the organisation's revocation list. */
  readonly revoked: Credential;
  readonly config: DevnetConfig;
  readonly #probe: string;
  readonly #served: ReadonlyMap<string, ServedChaincodes>;
  readonly #processes = new Map<string, ChildProcess>();

  private constructor(
    made: Pick<TestNetwork, 'folder' | 'organisations' | 'revoked' | 'config'>,
    probe: string,
    served: ReadonlyMap<string, ServedChaincodes>,
  ) {
    this.folder = made.folder;
    this.organisations = made.organisations;
    this.revoked = made.revoked;
    this.config = made.config;
    this.#probe = probe;
    this.#served = served;
  }

  /** Plans the network and starts its chaincode processes; the ledger is the caller's. */
  static async create(channels?: readonly string[]): Promise<TestNetwork> {
    const network = await TestNetwork.plan(channels);
    for (const mspId of network.peerMsps) network.startChaincode(mspId);
    return network;
  }

  /** Makes the certificates, the configuration and the compiled probe, and starts nothing. */
  static async plan(channels: readonly string[] = ['one', 'two']): Promise<TestNetwork> {
    const folder = await mkdtemp(join(tmpdir(), 'medloom-devnet-'));
    const [probe, alpha, beta, gamma, guest, ordering] = await Promise.all([
      compileProbe(),
      createOrganisation('AlphaMSP', true),
      createOrganisation('BetaMSP', true),
      createOrganisation('GammaMSP', true),
      createOrganisation('GuestMSP', false),
      createOrganisation('OrdererMSP', false),
    ]);
    const served = new Map<string, ServedChaincodes>();
    for (const { mspId } of [alpha, beta, gamma]) {
      const own: ServedChaincodes = {};
      for (const name of Object.keys(policies))
        own[name] = { address: `127.0.0.1:${await freePort()}`, ccid: `${name}:1` };
      served.set(mspId, own);
    }
    const orderer = await enrol(ordering, 'orderer');
    const revoked = await enrol(alpha);
    await revoke(alpha, [revoked]);
    const organisations = { alpha, beta, gamma, guest };
    const config: DevnetConfig = {
      stateDir: join(folder, 'state'),
      batchTimeoutMs: 20,
      organisations: Object.values(organisations).map(({ mspId, ca, crlPems, peer }) => ({
        mspId,
        rootCertPem: ca.certPem,
        ...(crlPems && { crlPems }),
        ...(peer && { peer }),
      })),
      orderer: {
        mspId: 'OrdererMSP',
        certPem: orderer.certPem,
        keyPem: orderer.keyPem,
        rootCertPem: ordering.ca.certPem,
      },
      channels: channels.map((name) => channel(name, served)),
    };
    return new TestNetwork({ folder, organisations, revoked, config }, probe, served);
  }

  get peerMsps(): readonly string[] {
    return [...this.#served.keys()];
  }

  /** Process ids of the chaincodes. */
  get chaincodePids(): number[] {
    return [...this.#processes.values()].flatMap(({ pid }) => pid ?? []);
  }

  /** Writes the configuration to a file, for a node in a process of its own, with ports that stay the same. */
  async writeConfig(change: Partial<DevnetConfig> = {}): Promise<string> {
    for (const { peer } of this.config.organisations)
      if (peer?.address.endsWith(':0')) peer.address = `127.0.0.1:${await freePort()}`;
    const file = join(this.folder, 'devnet.json');
    await writeFile(file, JSON.stringify({ ...this.config, ...change }));
    return file;
  }

  /** Starts an organisation's chaincode process. A real peer knows each chaincode by its package id. */
  startChaincode(mspId: string, packageIds: Readonly<Record<string, string>> = {}): void {
    const served = this.#served.get(mspId);
    if (!served) throw new Error(`${mspId} has no chaincode`);
    for (const [name, ccid] of Object.entries(packageIds)) {
      const chaincode = served[name];
      if (chaincode) chaincode.ccid = ccid;
    }
    this.#processes.set(mspId, startProbe(this.#probe, mspId, served));
  }

  /** Kills an organisation's chaincode process at once. */
  async killChaincode(mspId: string): Promise<void> {
    const child = this.#processes.get(mspId);
    if (child) await stop(child, 'SIGKILL');
  }

  async close(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((child) => stop(child, 'SIGKILL')));
    await rm(this.folder, { recursive: true, force: true });
    await rm(this.#probe, { recursive: true, force: true });
  }
}

function channel(name: string, served: ReadonlyMap<string, ServedChaincodes>): ChannelConfig {
  const addressesOf = (chaincode: keyof typeof policies) => {
    const addresses: Record<string, string> = {};
    for (const [mspId, own] of served) {
      const address = own[chaincode]?.address;
      if (address) addresses[mspId] = address;
    }
    return addresses;
  };
  return {
    name,
    organisations: [...served.keys()],
    chaincodes: [
      {
        name: 'probe',
        version: '1.0',
        endorsementPolicy: policies.probe,
        collections,
        addresses: addressesOf('probe'),
      },
      { name: 'mate', version: '1.0', endorsementPolicy: policies.mate, addresses: addressesOf('mate') },
    ],
  };
}
