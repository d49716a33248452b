import { isDeepStrictEqual } from 'node:util';
import { type ChaincodeConfig, type ChannelConfig, type DevnetConfig, DevnetError } from './config.ts';

/** What a running node takes up: channels that are new, and chaincodes that are new or defined otherwise, with their channel. */
export interface Changes {
  channels: ChannelConfig[];
  chaincodes: { channel: string; definition: ChaincodeConfig }[];
}

/** What differs between the configuration that runs and the wanted one. Throws a DevnetError for what only a restart can change. */
export function changesBetween(running: DevnetConfig, wanted: DevnetConfig): Changes {
  const refused: string[] = [];
  const { channels: channelsNow, ...restNow } = running;
  const { channels: channelsThen, ...restThen } = wanted;
  const rest = new Map<string, unknown>(Object.entries(restNow));
  for (const [field, value] of Object.entries(restThen)) {
    if (!isDeepStrictEqual(value, rest.get(field))) refused.push(`${field} differs`);
    rest.delete(field);
  }
  for (const field of rest.keys()) refused.push(`${field} is gone`);
  const changes: Changes = { channels: [], chaincodes: [] };
  const left = new Map(channelsNow.map((channel) => [channel.name, channel]));
  for (const channel of channelsThen) {
    const before = left.get(channel.name);
    left.delete(channel.name);
    if (before) compareChannels(before, channel, changes, refused);
    else changes.channels.push(channel);
  }
  for (const name of left.keys()) refused.push(`channel ${name} is gone`);
  if (refused.length > 0)
    throw new DevnetError(
      `a running node takes up new channels, and new or changed chaincodes, and nothing else: ${refused.join('; ')}`,
    );
  return changes;
}

function compareChannels(before: ChannelConfig, after: ChannelConfig, changes: Changes, refused: string[]): void {
  const { chaincodes: chaincodesBefore, ...restBefore } = before;
  const { chaincodes: chaincodesAfter, ...restAfter } = after;
  if (!isDeepStrictEqual(restBefore, restAfter)) refused.push(`the members of channel ${after.name} differ`);
  const left = new Map(chaincodesBefore.map((definition) => [definition.name, definition]));
  for (const definition of chaincodesAfter) {
    if (!isDeepStrictEqual(left.get(definition.name), definition))
      changes.chaincodes.push({ channel: after.name, definition });
    left.delete(definition.name);
  }
  for (const name of left.keys()) refused.push(`chaincode ${name} of channel ${after.name} is gone`);
}
