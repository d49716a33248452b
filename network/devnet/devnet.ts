import { mkdir } from 'node:fs/promises';
import { type Changes, changesBetween } from './changes.ts';
import { Channel } from './channel/channel.ts';
import { commitDefinition } from './channel/commitDefinition.ts';
import { configMessage } from './channel/configMessage.ts';
import { definitionState, isCommitted, lifecycle } from './channel/definition.ts';
import { batchingOf } from './channel/limits.ts';
import { ChannelPolicies } from './channel/policies.ts';
import { type ChaincodeConfig, type ChannelConfig, type DevnetConfig, DevnetError, parseConfig } from './config.ts';
import { Peer } from './endorsement/peer.ts';
import { GatewayNode } from './gateway/node.ts';
import { GatewayServer } from './gateway/server.ts';
import { Membership, type SigningIdentity } from './identity/membership.ts';
import { IdentityError } from './identity/msp.ts';
import { committedConfig, configBlock, nextConfig } from './ledger/configBlock.ts';
import { encodeVersioned, stateKey } from './ledger/keys.ts';
import { ChannelStore } from './ledger/store.ts';

/** A running devnet. */
export interface Devnet {
  /** Gateway address (host:port, TLS) by MSP. */
  gateways: Record<string, string>;
  /** The channels by name; those that are added appear here. */
  channels: ReadonlyMap<string, Channel>;
  /** Number of blocks of a channel, by name. */
  heights(): Record<string, number>;
  /** Addresses of the chaincode servers that do not answer at the moment. */
  unconnected(): string[];
  /** Settles with the error when a channel can no longer write blocks. */
  failed: Promise<Error>;
  /**
   * Takes up what is new in a configuration: channels, and chaincodes that are new or defined otherwise, whose definition is
   * committed on their channel with the next sequence. Throws a DevnetError, and changes nothing, where anything else differs.
   */
  adopt(config: DevnetConfig): Promise<Changes>;
  /** Adds a channel of organisations that the node knows. Does nothing where it is there and the same. */
  addChannel(channel: ChannelConfig): Promise<void>;
  /** Adds a chaincode to a channel, or defines it anew. */
  defineChaincode(channel: string, definition: ChaincodeConfig): Promise<void>;
  /** Commits what is ordered, then closes servers, streams and stores. */
  close(): Promise<void>;
}

function signing(membership: Membership, mspId: string, certPem: string, keyPem: string): SigningIdentity {
  try {
    return membership.signingIdentity(mspId, certPem, keyPem);
  } catch (error) {
    if (error instanceof IdentityError) throw new DevnetError(`${mspId}: ${error.message}`);
    throw error;
  }
}

/** Opens every channel and serves one gateway for each organisation with a peer. Throws DevnetError. */
export async function startDevnet(value: DevnetConfig): Promise<Devnet> {
  const node = new Node(parseConfig(value));
  try {
    await node.start();
  } catch (error) {
    await node.close();
    throw error;
  }
  return node;
}

class Node implements Devnet {
  readonly gateways: Record<string, string> = {};
  readonly channels = new Map<string, Channel>();
  #config: DevnetConfig;
  readonly #membership: Membership;
  readonly #orderer: SigningIdentity;
  readonly #peers = new Map<string, Peer>();
  readonly #servers: GatewayServer[] = [];
  readonly #failure = Promise.withResolvers<Error>();
  #change: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(config: DevnetConfig) {
    this.#config = config;
    this.#membership = new Membership([...config.organisations, config.orderer]);
    const { mspId, certPem, keyPem } = config.orderer;
    this.#orderer = signing(this.#membership, mspId, certPem, keyPem);
  }

  async start(): Promise<void> {
    const { stateDir, channels, organisations } = this.#config;
    await mkdir(stateDir, { recursive: true }).catch((error: Error) => {
      throw new DevnetError(`the state folder ${stateDir} cannot be made: ${error.message}`);
    });
    for (const channel of channels) await this.#open(channel);
    for (const { mspId, peer } of organisations) {
      if (!peer) continue;
      const identity = signing(this.#membership, mspId, peer.certPem, peer.keyPem);
      this.#peers.set(mspId, new Peer(identity, peer.address, this.channels));
    }
    await Promise.all(channels.map((channel) => this.#commitDefinitions(channel)));
    for (const { mspId, peer } of organisations) {
      const own = this.#peers.get(mspId);
      if (!peer || !own) continue;
      const options = { mspId, peers: this.#peers, membership: this.#membership, channels: this.channels };
      const server = new GatewayServer(new GatewayNode(options));
      this.#servers.push(server);
      own.address = await server.listen(peer.address, { certPem: peer.tlsCertPem, keyPem: peer.tlsKeyPem });
      this.gateways[mspId] = own.address;
    }
    void this.#verifyEarlier();
  }

  /** One channel after the other, so that it takes no more of the processor than one does. */
  async #verifyEarlier(): Promise<void> {
    for (const channel of this.channels.values()) await channel.verifyEarlier();
  }

  get failed(): Promise<Error> {
    return this.#failure.promise;
  }

  heights(): Record<string, number> {
    return Object.fromEntries([...this.channels].map(([name, channel]) => [name, channel.store.height]));
  }

  unconnected(): string[] {
    return [...this.#peers.values()].flatMap((peer) => peer.unconnected());
  }

  adopt(value: DevnetConfig): Promise<Changes> {
    return this.#inTurn(() => value);
  }

  async addChannel(channel: ChannelConfig): Promise<void> {
    await this.#inTurn((config) => ({
      ...config,
      channels: [...config.channels.filter(({ name }) => name !== channel.name), channel],
    }));
  }

  async defineChaincode(channel: string, definition: ChaincodeConfig): Promise<void> {
    await this.#inTurn((config) => ({
      ...config,
      channels: config.channels.map((item) =>
        item.name === channel
          ? { ...item, chaincodes: [...item.chaincodes.filter(({ name }) => name !== definition.name), definition] }
          : item,
      ),
    }));
  }

  /** One change after the other, each of what the one before it has left. */
  #inTurn(next: (config: DevnetConfig) => DevnetConfig): Promise<Changes> {
    const change = this.#change.then(() => {
      if (this.#closing) throw new DevnetError('the node is closing');
      return this.#apply(parseConfig(next(this.#config)));
    });
    this.#change = change.catch(() => undefined); // the caller is told; the next change begins anew
    return change;
  }

  async #apply(wanted: DevnetConfig): Promise<Changes> {
    const changes = changesBetween(this.#config, wanted);
    for (const { channel, definition } of changes.chaincodes) await this.#define(channel, definition);
    for (const channel of changes.channels) {
      await this.#open(channel);
      await this.#commitDefinitions(channel);
    }
    for (const peer of this.#peers.values()) peer.connect();
    this.#config = wanted;
    return changes;
  }

  async #open(channelConfig: ChannelConfig): Promise<void> {
    const config = this.#config;
    const wanted = configMessage(config, channelConfig);
    const { name } = channelConfig;
    const orderer = this.#orderer;
    const store = await ChannelStore.open(config.stateDir, name, () => ({
      block: configBlock({ channel: name, config: wanted, number: 0, previousHash: new Uint8Array(), orderer }),
      state: channelConfig.chaincodes.flatMap((definition) =>
        [...definitionState(definition, 1)].map(([key, value]) => ({
          type: 'put' as const,
          key: stateKey(lifecycle.namespace, key),
          value: encodeVersioned({ block: 0, tx: 0 }, value),
        })),
      ),
    }));
    // Members, certificates, revocation lists, limits may differ from those that the channel began with.
    const next = nextConfig(committedConfig(store), wanted);
    if (next) {
      const { height: number, hash: previousHash } = store;
      await store.append(configBlock({ channel: name, config: next, number, previousHash, orderer }), []);
    }
    const channel = new Channel({
      policies: new ChannelPolicies(channelConfig, config.organisations),
      store,
      membership: this.#membership,
      orderer,
      batching: batchingOf(config),
    });
    channel.events.on('failure', this.#failure.resolve);
    this.channels.set(channel.name, channel);
  }

  /** A store keeps the definitions that were committed; what the configuration says otherwise by now is committed anew. */
  async #commitDefinitions({ name, chaincodes }: ChannelConfig): Promise<void> {
    for (const definition of chaincodes) await this.#define(name, definition);
  }

  async #define(channelName: string, definition: ChaincodeConfig): Promise<void> {
    const channel = this.channels.get(channelName);
    if (!channel) throw new DevnetError(`channel ${channelName} is not there`);
    if (isCommitted(channel.store, definition)) {
      channel.policies.define(definition);
      return;
    }
    const endorsers = channel.policies.organisations.flatMap((mspId) => this.#peers.get(mspId)?.identity ?? []);
    await commitDefinition(channel, definition, endorsers);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#change;
    for (const server of this.#servers) server.close();
    for (const peer of this.#peers.values()) peer.close();
    await Promise.all([...this.channels.values()].map((channel) => channel.close()));
  }
}
