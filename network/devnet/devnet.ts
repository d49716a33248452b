import { mkdir } from 'node:fs/promises';
import { Channel } from './channel/channel.ts';
import { ChannelPolicies } from './channel/policies.ts';
import { type DevnetConfig, DevnetError, parseConfig } from './config.ts';
import { Peer } from './endorsement/peer.ts';
import { GatewayNode } from './gateway/node.ts';
import { GatewayServer } from './gateway/server.ts';
import { IdentityError, Membership, type SigningIdentity } from './identity/membership.ts';
import { genesisBlock } from './ledger/genesis.ts';
import { encodeVersioned, stateKey } from './ledger/keys.ts';
import { ChannelStore } from './ledger/store.ts';

/** A running devnet. */
export interface Devnet {
  /** Gateway address (host:port, TLS) by MSP. */
  gateways: Record<string, string>;
  /** Number of blocks of a channel, by name. */
  heights(): Record<string, number>;
  /** Settles with the error when a channel can no longer write blocks. */
  failed: Promise<Error>;
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
  const config = parseConfig(value);
  const membership = new Membership([...config.organisations, config.orderer]);
  const orderer = signing(membership, config.orderer.mspId, config.orderer.certPem, config.orderer.keyPem);
  await mkdir(config.stateDir, { recursive: true }).catch((error: Error) => {
    throw new DevnetError(`the state folder ${config.stateDir} cannot be made: ${error.message}`);
  });
  const channels = new Map<string, Channel>();
  const peers = new Map<string, Peer>();
  const servers: GatewayServer[] = [];
  const gateways: Record<string, string> = {};
  const failed = Promise.withResolvers<Error>();
  let closing: Promise<void> | undefined;
  const close = async () => {
    for (const server of servers) server.close();
    for (const node of peers.values()) node.close();
    await Promise.all([...channels.values()].map((channel) => channel.close()));
  };
  try {
    for (const channelConfig of config.channels) {
      const channel = await openChannel(config, channelConfig, membership, orderer);
      channel.events.on('failure', failed.resolve);
      channels.set(channel.name, channel);
    }
    for (const { mspId, peer } of config.organisations)
      if (peer)
        peers.set(mspId, new Peer(signing(membership, mspId, peer.certPem, peer.keyPem), peer.address, channels));
    for (const { mspId, peer } of config.organisations) {
      const own = peers.get(mspId);
      if (!peer || !own) continue;
      const server = new GatewayServer(new GatewayNode({ mspId, peers, membership, channels }));
      servers.push(server);
      own.address = await server.listen(peer.address, { certPem: peer.tlsCertPem, keyPem: peer.tlsKeyPem });
      gateways[mspId] = own.address;
    }
  } catch (error) {
    await close();
    throw error;
  }
  void verifyEarlier([...channels.values()]);
  return {
    gateways,
    heights: () => Object.fromEntries([...channels].map(([name, channel]) => [name, channel.store.height])),
    failed: failed.promise,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** One channel after the other, so that it takes no more of the processor than one does. */
async function verifyEarlier(channels: readonly Channel[]): Promise<void> {
  for (const channel of channels) await channel.verifyEarlier();
}

async function openChannel(
  config: DevnetConfig,
  channelConfig: DevnetConfig['channels'][number],
  membership: Membership,
  orderer: SigningIdentity,
): Promise<Channel> {
  const store = await ChannelStore.open(config.stateDir, channelConfig.name, () => ({
    block: genesisBlock(config, channelConfig, orderer),
    state: channelConfig.chaincodes.map(({ name }) => ({
      type: 'put',
      key: stateKey('_lifecycle', `namespaces/fields/${name}/Sequence`),
      value: encodeVersioned({ block: 0, tx: 0 }, Buffer.from('1')),
    })),
  }));
  return new Channel({
    policies: new ChannelPolicies(
      channelConfig,
      config.organisations.map(({ mspId }) => mspId),
    ),
    store,
    membership,
    orderer,
    batching: { timeoutMs: config.batchTimeoutMs ?? 100, maxMessageCount: config.maxMessageCount ?? 500 },
  });
}
