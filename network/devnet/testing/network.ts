import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelConfig, DevnetConfig } from '../config.ts';
import { createOrganisation, enrol, type TestOrganisation } from './organisations.ts';
import { compileProbe, freePort, startProbe, stop } from './processes.ts';

/** Alpha, Beta and Gamma with peers and probe processes, Guest with clients only, and channels that are all alike. */
export class TestNetwork {
  readonly folder: string;
  readonly organisations: Record<'alpha' | 'beta' | 'gamma' | 'guest', TestOrganisation>;
  readonly config: DevnetConfig;
  readonly #probe: string;
  readonly #chaincodes = new Map<string, { child: ChildProcess; port: number }>();

  private constructor(
    folder: string,
    probe: string,
    organisations: TestNetwork['organisations'],
    config: DevnetConfig,
    chaincodes: Map<string, { child: ChildProcess; port: number }>,
  ) {
    this.folder = folder;
    this.#probe = probe;
    this.organisations = organisations;
    this.config = config;
    this.#chaincodes = chaincodes;
  }

  static async create(channels: readonly string[] = ['one', 'two']): Promise<TestNetwork> {
    const folder = await mkdtemp(join(tmpdir(), 'medloom-devnet-'));
    const [probe, alpha, beta, gamma, guest, ordering] = await Promise.all([
      compileProbe(),
      createOrganisation('AlphaMSP', true),
      createOrganisation('BetaMSP', true),
      createOrganisation('GammaMSP', true),
      createOrganisation('GuestMSP', false),
      createOrganisation('OrdererMSP', false),
    ]);
    const chaincodes = new Map<string, { child: ChildProcess; port: number }>();
    for (const { mspId } of [alpha, beta, gamma]) {
      const port = await freePort();
      chaincodes.set(mspId, { child: startProbe(probe, mspId, port), port });
    }
    const addressOf = (mspId: string) => `127.0.0.1:${chaincodes.get(mspId)?.port}`;
    const orderer = await enrol(ordering, 'orderer');
    const organisations = { alpha, beta, gamma, guest };
    const config: DevnetConfig = {
      stateDir: join(folder, 'state'),
      batchTimeoutMs: 20,
      organisations: Object.values(organisations).map(({ mspId, ca, peer }) => ({
        mspId,
        rootCertPem: ca.certPem,
        ...(peer && { peer }),
      })),
      orderer: {
        mspId: 'OrdererMSP',
        certPem: orderer.certPem,
        keyPem: orderer.keyPem,
        rootCertPem: ordering.ca.certPem,
      },
      channels: channels.map((name) => channel(name, addressOf)),
    };
    return new TestNetwork(folder, probe, organisations, config, chaincodes);
  }

  /** Process ids of the chaincodes. */
  get chaincodePids(): number[] {
    return [...this.#chaincodes.values()].flatMap(({ child }) => child.pid ?? []);
  }

  /** Writes the configuration to a file, for a node in a process of its own, with ports that stay the same. */
  async writeConfig(change: Partial<DevnetConfig> = {}): Promise<string> {
    for (const { peer } of this.config.organisations)
      if (peer?.address.endsWith(':0')) peer.address = `127.0.0.1:${await freePort()}`;
    const file = join(this.folder, 'devnet.json');
    await writeFile(file, JSON.stringify({ ...this.config, ...change }));
    return file;
  }

  /** Kills an organisation's chaincode process at once. */
  async killChaincode(mspId: string): Promise<void> {
    const entry = this.#chaincodes.get(mspId);
    if (entry) await stop(entry.child, 'SIGKILL');
  }

  startChaincode(mspId: string): void {
    const entry = this.#chaincodes.get(mspId);
    if (entry) entry.child = startProbe(this.#probe, mspId, entry.port);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#chaincodes.values()].map(({ child }) => stop(child, 'SIGKILL')));
    await rm(this.folder, { recursive: true, force: true });
    await rm(this.#probe, { recursive: true, force: true });
  }
}

function channel(name: string, addressOf: (mspId: string) => string): ChannelConfig {
  const members = ['AlphaMSP', 'BetaMSP', 'GammaMSP'];
  return {
    name,
    organisations: members,
    chaincodes: [
      {
        name: 'probe',
        version: '1.0',
        endorsementPolicy: "OutOf(2, 'AlphaMSP.peer', 'BetaMSP.peer', 'GammaMSP.peer')",
        collections: [
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
        ],
        addresses: Object.fromEntries(members.map((mspId) => [mspId, addressOf(mspId)])),
      },
    ],
  };
}
