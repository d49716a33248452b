import { status } from '@grpc/grpc-js';
import type { peer } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import type { Peer } from '../endorsement/peer.ts';
import { checkProposal, type Proposal, ProposalError, readProposal } from '../endorsement/proposal.ts';
import { StateView } from '../endorsement/view.ts';
import { type Identity, IdentityError, type Membership } from '../identity/membership.ts';
import { Failure } from './failure.ts';

/** A proposal that passed all checks, with the state that all its simulations read; the view must be released. */
export interface OpenProposal {
  proposal: Proposal;
  channel: Channel;
  creator: Identity;
  view: StateView;
}

/** What one organisation's gateway works with. */
export class GatewayNode {
  readonly mspId: string;
  readonly peers: ReadonlyMap<string, Peer>;
  readonly membership: Membership;
  readonly #channels: ReadonlyMap<string, Channel>;

  constructor(options: {
    mspId: string;
    peers: ReadonlyMap<string, Peer>;
    membership: Membership;
    channels: ReadonlyMap<string, Channel>;
  }) {
    this.mspId = options.mspId;
    this.peers = options.peers;
    this.membership = options.membership;
    this.#channels = options.channels;
  }

  /** A channel that the organisation is on. */
  channel(name: string, code: status): Channel {
    const channel = this.#channels.get(name);
    if (!channel?.policies.organisations.includes(this.mspId)) throw new Failure(code, `channel '${name}' not found`);
    return channel;
  }

  /** The peers that run a chaincode on a channel, this organisation's first. */
  peersOf(channel: Channel, chaincode: string): Peer[] {
    return [...this.peers.values()]
      .filter((candidate) => candidate.runs(channel, chaincode))
      .sort((a, b) => Number(b.mspId === this.mspId) - Number(a.mspId === this.mspId));
  }

  /** Reads and checks a proposal. A refusal has `refusal` as its code, as Fabric's calls differ in that. */
  openProposal(signed: peer.SignedProposal | undefined, refusal: status): OpenProposal {
    let proposal: Proposal;
    try {
      proposal = readProposal(signed);
    } catch (error) {
      if (!(error instanceof ProposalError)) throw error;
      throw new Failure(status.INVALID_ARGUMENT, `failed to unpack transaction proposal: ${error.message}`);
    }
    const channel = this.channel(proposal.channel, status.UNAVAILABLE);
    try {
      const creator = checkProposal(proposal, channel, this.membership);
      return { proposal, channel, creator, view: new StateView() };
    } catch (error) {
      if (!(error instanceof ProposalError)) throw error;
      const own = this.peers.get(this.mspId);
      throw new Failure(
        refusal,
        refusal === status.ABORTED
          ? 'failed to endorse transaction, see attached details for more info'
          : `evaluate call to endorser returned error: ${error.message}`,
        [{ address: own?.address ?? '', mspId: this.mspId, message: error.message }],
      );
    }
  }

  /** The client behind a signed request. Throws PERMISSION_DENIED. */
  client(channel: Channel, identityBytes: Uint8Array, message: Uint8Array, signature: Uint8Array): Identity {
    const denied = (why: string) =>
      new Failure(status.PERMISSION_DENIED, `access denied: channel [${channel.name}]: ${why}`);
    try {
      const identity = this.membership.identity(identityBytes);
      if (!channel.policies.acceptsClient(identity.mspId)) throw denied(`${identity.mspId} is not a client`);
      if (!this.membership.verify(identity, message, signature)) throw denied('the signature is wrong');
      return identity;
    } catch (error) {
      if (error instanceof IdentityError) throw denied(error.message);
      throw error;
    }
  }
}
