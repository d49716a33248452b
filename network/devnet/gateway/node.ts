import { status } from '@grpc/grpc-js';
import type { gateway, peer } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import type { Peer } from '../endorsement/peer.ts';
import { checkProposal, type Proposal, ProposalError, ProposalRefusal, readProposal } from '../endorsement/proposal.ts';
import { StateView } from '../endorsement/view.ts';
import type { Identity, Membership } from '../identity/membership.ts';
import { IdentityError } from '../identity/msp.ts';
import { isSystemChaincode } from '../system/names.ts';
import { Failure, type FailureDetail } from './failure.ts';

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

  /** The channels that an organisation's peer has joined. */
  joinedBy(mspId: string): ReadonlyMap<string, Channel> {
    return new Map([...this.#channels].filter(([, channel]) => channel.policies.organisations.includes(mspId)));
  }

  /** A channel that the organisation is on. */
  channel(name: string): Channel | undefined {
    const channel = this.#channels.get(name);
    return channel?.policies.organisations.includes(this.mspId) ? channel : undefined;
  }

  /** A channel of the orderer, whether or not the organisation is on it. */
  ordered(name: string): Channel | undefined {
    return this.#channels.get(name);
  }

  /** A channel whose configuration a call needs. Throws a Failure with the code in Fabric's words. */
  configuredChannel(name: string, code: status): Channel {
    const channel = this.channel(name);
    if (channel) return channel;
    const inner = `could not get last config for channel ${name}`;
    throw new Failure(code, `failed to get config for channel [${name}]: ${inner}`);
  }

  /** The peers that run a chaincode on a channel, this organisation's first. */
  peersOf(channel: Channel, chaincode: string): Peer[] {
    return [...this.peers.values()]
      .filter((candidate) =>
        isSystemChaincode(chaincode)
          ? channel.policies.organisations.includes(candidate.mspId)
          : candidate.runs(channel, chaincode),
      )
      .sort((a, b) => Number(b.mspId === this.mspId) - Number(a.mspId === this.mspId));
  }

  /** Takes a proposal apart. Throws INVALID_ARGUMENT, with the texts that Evaluate and Endorse have for it. */
  readProposal(signed: peer.SignedProposal | undefined, texts: { absent: string; unreadable: string }): Proposal {
    if (!signed?.getProposalBytes_asU8().length) throw new Failure(status.INVALID_ARGUMENT, texts.absent);
    try {
      return readProposal(signed);
    } catch (error) {
      if (!(error instanceof ProposalError)) throw error;
      throw new Failure(status.INVALID_ARGUMENT, `${texts.unreadable}${error.message}`);
    }
  }

  /** Checks a proposal as a peer does. Throws ProposalRefusal. */
  open(proposal: Proposal, channel: Channel): OpenProposal {
    const creator = checkProposal(proposal, channel, this.membership, isSystemChaincode(proposal.chaincode));
    return { proposal, channel, creator, view: new StateView() };
  }

  /** What peers had to say that did not take a proposal; those of other organisations were asked over gRPC. */
  refusedBy(peers: readonly Peer[], refusal: ProposalRefusal): FailureDetail[] {
    return peers.map(({ mspId, address }) => ({
      ...{ mspId, address },
      message: mspId === this.mspId ? refusal.message : `rpc error: code = Unknown desc = ${refusal.message}`,
    }));
  }

  /** Finds who can endorse a proposal, and has it checked. Throws a Failure as Fabric's Endorse does. */
  openForEndorsement(request: gateway.EndorseRequest): OpenProposal {
    const proposal = this.readProposal(request.getProposedTransaction(), {
      absent: 'the proposed transaction must contain a signed proposal',
      unreadable: '',
    });
    const channel = this.channel(proposal.channel);
    // Nothing of a system chaincode can be submitted here: its peers are not looked for.
    const system = isSystemChaincode(proposal.chaincode);
    const peers = channel && !system ? this.peersOf(channel, proposal.chaincode) : [];
    const wanted = [...new Set(request.getEndorsingOrganizationsList())];
    const missing = wanted.filter((mspId) => !peers.some((candidate) => candidate.mspId === mspId));
    if (missing.length > 0)
      throw new Failure(status.UNAVAILABLE, `failed to find any endorsing peers for org(s): ${missing.join(', ')}`);
    const [first] = peers;
    if (wanted.length === 0 && first?.mspId !== this.mspId && proposal.hasTransientData)
      throw new Failure(
        status.FAILED_PRECONDITION,
        "no endorsers found in the gateway's organization; retry specifying endorsing organization(s) to protect transient data",
      );
    if (!channel || !first) {
      const why =
        system || channel?.policies.chaincode(proposal.chaincode) === undefined
          ? `No metadata was found for chaincode ${proposal.chaincode} in channel ${proposal.channel}`
          : 'required chaincodes are not installed on sufficient peers';
      throw new Failure(
        status.FAILED_PRECONDITION,
        `no combination of peers can be derived which satisfy the endorsement policy: ${why}`,
      );
    }
    try {
      return this.open(proposal, channel);
    } catch (error) {
      if (!(error instanceof ProposalRefusal)) throw error;
      const asked = wanted.length > 0 ? peers.filter(({ mspId }) => wanted.includes(mspId)) : [first];
      throw new Failure(
        status.ABORTED,
        wanted.length > 0
          ? 'failed to collect enough transaction endorsements, see attached details for more info'
          : 'failed to endorse transaction, see attached details for more info',
        this.refusedBy(asked, error),
      );
    }
  }

  /** The caller behind a signed message: undefined where the identity is none of the channel's, or did not sign it. */
  caller(
    channel: Channel,
    identityBytes: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): Identity | undefined {
    try {
      const identity = this.membership.identity(identityBytes);
      const good = channel.policies.knows(identity.mspId) && this.membership.verify(identity, message, signature);
      return good ? identity : undefined;
    } catch (error) {
      if (error instanceof IdentityError) return undefined;
      throw error;
    }
  }

  /** The channel that a signed request is for, if its signer may read it. Throws PERMISSION_DENIED. */
  readable(name: string, request: { identity: Uint8Array; bytes: Uint8Array; signature: Uint8Array }): Channel {
    const channel = this.channel(name);
    const denied = channel
      ? channel.policies.accessRefusal(
          '/Channel/Application/Readers',
          this.caller(channel, request.identity, request.bytes, request.signature),
        )
      : `Failed to get policy manager for channel [${name}]`;
    if (!channel || denied !== undefined) throw new Failure(status.PERMISSION_DENIED, denied ?? '');
    return channel;
  }
}
