import { createHash } from 'node:crypto';

/**
 * One version of the channel map: the channels among which new patients and new products are spread. Versions count from
 * 1, each names all channels of the one before and at least one more, and the newest is in force.
 */
export interface ChannelMap {
  version: number;
  /** `care-<number>`: the number is part of each pseudonym. */
  care: string[];
  /** `supply-<number>` */
  supply: string[];
}

/** What forbids `next` after `before`, in words; undefined where it may follow. */
export function faultOfNext(before: ChannelMap | undefined, next: ChannelMap): string | undefined {
  const due = (before?.version ?? 0) + 1;
  if (next.version !== due) return `version ${due} is due, not ${next.version}`;
  if (before === undefined) return undefined;
  const known = [...before.care, ...before.supply];
  const named = new Set([...next.care, ...next.supply]);
  const lost = known.filter((channel) => !named.has(channel));
  if (lost.length > 0) return `it lacks ${lost.join(', ')}, which version ${before.version} has`;
  if (named.size === known.length) return `it adds no channel to version ${before.version}`;
  return undefined;
}

function score(channel: string, name: string): bigint {
  return createHash('sha256').update(`${channel}\0${name}`).digest().readBigUInt64BE();
}

/**
 * The channel with the highest score for `name` (rendezvous hashing), whatever their order: a channel more wins its share
 * of the names and leaves all others where they were.
 */
export function chooseChannel(channels: readonly string[], name: string): string {
  const [best] = channels
    .map((channel) => ({ channel, score: score(channel, name) }))
    .sort((a, b) => (a.score < b.score ? 1 : -1));
  if (best === undefined) throw new Error('there is no channel to choose from');
  return best.channel;
}
