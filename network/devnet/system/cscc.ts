import { peer } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import { committedConfig } from '../ledger/configBlock.ts';
import { denial, type SystemCall, SystemChaincodeError, textOf } from './call.ts';

/** Fabric's chaincode that tells a peer's channels and their configuration (core/scc/cscc). Answers with the result's bytes. */
export function cscc(call: SystemCall): Uint8Array {
  const { args } = call;
  const name = textOf(args[0]);
  if (args.length < 1 || (name !== 'GetChannels' && args.length < 2))
    throw new SystemChaincodeError(`Incorrect number of arguments, ${args.length}`);
  switch (name) {
    case 'GetChannels':
      return channels(call);
    case 'GetConfigBlock':
      return configBlock(readable(call, name, 'Unknown channel ID'));
    case 'GetChannelConfig':
      if (args[1]?.length === 0) throw new SystemChaincodeError('empty channel name provided');
      return committedConfig(readable(call, name, 'unknown channel ID').store).serializeBinary();
    default: // what joins channels, too: the devnet's follow from its configuration
      throw new SystemChaincodeError(`Requested function ${name} not found.`);
  }
}

/** The local MSP's members may ask; the policy is the peer's own and not a channel's. */
function channels({ mspId, caller, joined }: SystemCall): Uint8Array {
  if (caller.mspId !== mspId)
    throw new SystemChaincodeError(
      'access denied for [GetChannels]: Failed deserializing proposal creator during channelless check policy with ' +
        `policy [Members]: [expected MSP ID ${mspId}, received ${caller.mspId}]`,
    );
  const response = new peer.ChannelQueryResponse();
  for (const name of joined.keys()) {
    const info = new peer.ChannelInfo();
    info.setChannelId(name);
    response.addChannels(info);
  }
  return response.serializeBinary();
}

function readable(call: SystemCall, name: string, unknown: string): Channel {
  const channelName = textOf(call.args[1]);
  const denied = denial(call, channelName, '/Channel/Application/Readers');
  if (denied !== undefined) throw new SystemChaincodeError(`access denied for [${name}][${channelName}]: ${denied}`);
  const channel = call.joined.get(channelName);
  if (!channel) throw new SystemChaincodeError(`${unknown}, ${channelName}`);
  return channel;
}

function configBlock({ name, store }: Channel): Uint8Array {
  const bytes = store.blockBytes(store.lastConfig);
  if (!bytes) throw new Error(`channel ${name} has no block ${store.lastConfig}`);
  return bytes;
}
