import type { Contract, Network, Signer } from '@hyperledger/fabric-gateway';
import { connectClient, type TestClient } from '../devnet/testing/client.ts';
import { eventually } from '../devnet/testing/processes.ts';
import type { Credential, GatewayName, IdentityName, Profile } from './profile.ts';

/** Who has a role in the checks: clients of three organisations with a peer, and one without. */
export type Member = 'alpha' | 'beta' | 'gamma' | 'guest';
export type ChannelName = 'one' | 'two';
export type ChaincodeName = 'probe' | 'mate';

/** What checks may do to a network that was started for them. */
export interface Control {
  /** Kills the node that serves Alpha's gateway, with all that it holds in memory. */
  killNode(): Promise<void>;
  /** Starts it again, and waits until it serves. */
  startNode(): Promise<void>;
  /** Kills Beta's chaincode process. */
  killChaincode(): Promise<void>;
  startChaincode(): void;
}

/** A network under test, with its clients. */
export class Ledger {
  readonly profile: Profile;
  /** Left out where the network is somebody else's. */
  readonly control: Control | undefined;
  readonly #release: () => Promise<void>;
  readonly #clients: TestClient[] = [];
  readonly #members = new Map<Member, TestClient>();

  constructor(profile: Profile, control?: Control, release: () => Promise<void> = async () => {}) {
    this.profile = profile;
    this.control = control;
    this.#release = release;
  }

  identity(name: IdentityName): Credential {
    return this.profile.identities[name];
  }

  /** Connects a credential to an organisation's gateway. Without a signer (null) the client signs offline. */
  connect(via: GatewayName, credential: Credential, signer?: Signer | null): TestClient {
    const { address, tlsCaPem, serverName } = this.profile.gateways[via];
    const client = connectClient({
      address,
      tlsCa: { certPem: tlsCaPem },
      serverName,
      credential,
      ...(signer !== undefined && { signer }),
    });
    this.#clients.push(client);
    return client;
  }

  client(member: Member): TestClient {
    let client = this.#members.get(member);
    if (!client) {
      client = this.connect(member === 'guest' ? 'alpha' : member, this.identity(member));
      this.#members.set(member, client);
    }
    return client;
  }

  channel(member: Member, name: ChannelName = 'one'): Network {
    return this.client(member).gateway.getNetwork(name);
  }

  contract(member: Member, channel: ChannelName = 'one', chaincode: ChaincodeName = 'probe'): Contract {
    return this.channel(member, channel).getContract(chaincode);
  }

  /** Waits until every organisation's chaincodes answer. */
  async ready(): Promise<void> {
    // Without a name another organisation's peer would answer in its place.
    for (const member of ['alpha', 'beta', 'gamma'] as const)
      for (const chaincode of ['probe', 'mate'] as const)
        await eventually(
          () =>
            this.contract(member, 'one', chaincode).evaluate('get', {
              arguments: ['nothing'],
              endorsingOrganizations: [this.identity(member).mspId],
            }),
          60_000,
        );
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.#release();
  }
}
