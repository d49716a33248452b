import type { Contract, Network } from '@hyperledger/fabric-gateway';
import { type Devnet, startDevnet } from '../devnet.ts';
import { connectClient, type TestClient } from './client.ts';
import { TestNetwork } from './network.ts';
import { type Credential, enrol } from './organisations.ts';
import { eventually } from './processes.ts';

type Member = 'alpha' | 'beta' | 'gamma' | 'guest';

/** A test network with a devnet in this process, and clients of its organisations. */
export class Harness {
  readonly network: TestNetwork;
  readonly devnet: Devnet;
  readonly #clients: TestClient[] = [];
  readonly #members = new Map<Member, Network[]>();

  private constructor(network: TestNetwork, devnet: Devnet) {
    this.network = network;
    this.devnet = devnet;
  }

  static async start(): Promise<Harness> {
    const network = await TestNetwork.create();
    const harness = new Harness(network, await startDevnet(network.config));
    for (const member of ['alpha', 'beta', 'gamma'] as const) {
      const contract = await harness.contract(member);
      await eventually(() => contract.evaluateTransaction('get', 'nothing'), 60_000);
    }
    return harness;
  }

  /** Connects a credential to the gateway of an organisation. */
  connect(via: 'alpha' | 'beta' | 'gamma', credential: Credential, signer?: TestSigner): TestClient {
    const { mspId, tlsCa } = this.network.organisations[via];
    const address = this.devnet.gateways[mspId];
    if (!address) throw new Error(`no gateway of ${mspId}`);
    const client = connectClient({ address, tlsCa, credential, ...(signer !== undefined && { signer }) });
    this.#clients.push(client);
    return client;
  }

  /** The channel as a client of an organisation sees it; a guest goes through Alpha's gateway. */
  async channel(member: Member, name = 'one'): Promise<Network> {
    let networks = this.#members.get(member);
    if (!networks) {
      const credential = await enrol(this.network.organisations[member], 'client', { role: 'tester' });
      const { gateway } = this.connect(member === 'guest' ? 'alpha' : member, credential);
      networks = ['one', 'two'].map((channel) => gateway.getNetwork(channel));
      this.#members.set(member, networks);
    }
    const found = networks.find((network) => network.getName() === name);
    if (!found) throw new Error(`no channel ${name}`);
    return found;
  }

  async contract(member: Member, channel = 'one'): Promise<Contract> {
    return (await this.channel(member, channel)).getContract('probe');
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.devnet.close();
    await this.network.close();
  }
}

type TestSigner = Parameters<typeof connectClient>[0]['signer'];
