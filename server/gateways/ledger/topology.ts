import { randomBytes } from 'node:crypto';
import { chooseChannel } from '#chaincode/model/channelMap.ts';
import { AppError } from '#server/errors.ts';
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

/** A new pseudonym `pt-<number>-…`, whose channel of these is chosen once and for ever. */
export function newPseudonymOn(careChannels: readonly string[]): string {
  const name = randomName();
  return `pt-${chooseChannel(careChannels, name).slice('care-'.length)}-${name}`;
}

/** The one place that answers "which channel?", but for what `registry` alone can say (`LedgerGateway`). */
export interface Topology {
  /** All care channels that can be reached, whether or not they take new patients. */
  careChannels(): string[];
  channels(): string[];
  kindOf(channel: string): LedgerProfile['channels'][number]['kind'];
  /** Contracts on a channel. */
  contractsOf(channel: string): string[];
  /** Organisations with members on a channel. */
  organisationsOf(channel: string): string[];
  /** The care channel that an id of a patient or a prescription names. */
  careChannelOf(id: string): string;
  /**
   * Organisation of this deployment through whose gateway a person of `mspId` reaches a channel: the person's own; the first
   * one served there for those whose organisation runs no peer, and for reading on nobody's behalf. Throws NOT_SERVED.
   */
  servedBy(channel: string, mspId?: string): string;
  /** Organisations of a channel whose peers hold its private data, where the profile names them. */
  secretHolders(channel: string): string[] | undefined;
}

/** Topology of a profile, as it is at each call. */
export function topologyOf(profile: () => LedgerProfile): Topology {
  const find = (name: string) => {
    const channel = profile().channels.find((candidate) => candidate.name === name);
    if (channel === undefined) throw new Error(`the ledger profile has no channel ${name}`);
    return channel;
  };
  return {
    careChannels: () =>
      profile()
        .channels.filter(({ kind }) => kind === 'care')
        .map(({ name }) => name),
    channels: () => profile().channels.map(({ name }) => name),
    kindOf: (channel) => find(channel).kind,
    contractsOf: (channel) => find(channel).contracts,
    organisationsOf: (channel) => find(channel).organisations,
    careChannelOf: (id) => find(`care-${id.split('-')[1]}`).name,
    servedBy: (channel, mspId) => {
      const { organisations, withoutPeers } = profile();
      const served = find(channel).organisations.filter((member) => organisations[member] !== undefined);
      const anybody = mspId === undefined || withoutPeers.includes(mspId);
      const chosen = anybody ? served[0] : served.find((member) => member === mspId);
      if (chosen !== undefined) return chosen;
      throw new AppError('NOT_SERVED', `this deployment does not serve ${mspId ?? 'anybody'} on channel ${channel}`);
    },
    secretHolders: (channel) => find(channel).secretHolders,
  };
}
