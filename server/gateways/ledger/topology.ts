import { createHash, randomBytes } from 'node:crypto';
import type { LedgerProfile } from './profile.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** 26 lower-case base32 characters: 130 random bits. */
function randomName(): string {
  // 256 is a multiple of 32, so that every character is equally likely.
  return [...randomBytes(26)].map((byte) => alphabet[byte % 32]).join('');
}

/** A new id of a practitioner. */
export function newPractitionerId(): string {
  return `prac-${randomName()}`;
}

function score(channel: string, name: string): bigint {
  return createHash('sha256').update(`${channel}\0${name}`).digest().readBigUInt64BE();
}

/**
 * The channel with the highest score for `name` (rendezvous hashing): adding a channel moves only the names that it
 * wins, and every process gives the same answer.
 */
export function chooseChannel(channels: readonly string[], name: string): string {
  const [best] = channels
    .map((channel) => ({ channel, score: score(channel, name) }))
    .sort((a, b) => (a.score < b.score ? 1 : -1));
  if (best === undefined) throw new Error('there is no channel to choose from');
  return best.channel;
}

/** The one place that answers "which channel?". */
export interface Topology {
  careChannels(): string[];
  channels(): string[];
  kindOf(channel: string): LedgerProfile['channels'][number]['kind'];
  /** Contracts on a channel. */
  contractsOf(channel: string): string[];
  /** A new pseudonym `pt-<channel>-…`, whose channel is chosen once and for ever. */
  newPseudonym(): string;
  /** The care channel that an id of a patient or a prescription names. */
  careChannelOf(id: string): string;
  /**
   * Organisation of this deployment through whose gateway `mspId` reaches a channel: its own where it is served, else the
   * first served member (patients run no peer).
   */
  servedBy(channel: string, mspId?: string): string;
  /** Organisations of a channel whose peers hold its private data, where the profile names them. */
  secretHolders(channel: string): string[] | undefined;
}

/** Topology of a profile. */
export function topologyOf(profile: LedgerProfile): Topology {
  const find = (name: string) => {
    const channel = profile.channels.find((candidate) => candidate.name === name);
    if (channel === undefined) throw new Error(`the ledger profile has no channel ${name}`);
    return channel;
  };
  const careChannels = () => profile.channels.filter(({ kind }) => kind === 'care').map(({ name }) => name);
  return {
    careChannels,
    channels: () => profile.channels.map(({ name }) => name),
    kindOf: (channel) => find(channel).kind,
    contractsOf: (channel) => find(channel).contracts,
    newPseudonym: () => {
      const name = randomName();
      return `pt-${chooseChannel(careChannels(), name).slice('care-'.length)}-${name}`;
    },
    careChannelOf: (id) => find(`care-${id.split('-')[1]}`).name,
    servedBy: (channel, mspId) => {
      const members = find(channel).organisations.filter((member) => profile.organisations[member] !== undefined);
      const chosen = members.find((member) => member === mspId) ?? members[0];
      if (chosen === undefined) throw new Error(`no organisation of this deployment is on channel ${channel}`);
      return chosen;
    },
    secretHolders: (channel) => find(channel).secretHolders,
  };
}
