import { status } from '@grpc/grpc-js';
import { gateway, type peer } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import { EndorsementError, type Peer } from '../endorsement/peer.ts';
import { type Proposal, ProposalRefusal } from '../endorsement/proposal.ts';
import { SystemChaincodeError } from '../system/call.ts';
import { invokeSystemChaincode } from '../system/invoke.ts';
import { isSystemChaincode } from '../system/names.ts';
import { Failure, type FailureDetail } from './failure.ts';
import type { GatewayNode, OpenProposal } from './node.ts';

/** gateway.Gateway/Evaluate: runs the function on one peer and gives back its response; nothing is ordered. */
export async function evaluate(node: GatewayNode, request: gateway.EvaluateRequest): Promise<gateway.EvaluateResponse> {
  const proposal = node.readProposal(request.getProposedTransaction(), {
    absent: 'failed to unpack transaction proposal: a signed proposal is required',
    unreadable: 'failed to unpack transaction proposal: ',
  });
  if (!proposal.channel) throw unpacking('no channel id provided');
  if (!proposal.chaincode) throw unpacking(`no chaincode name is provided, channel id [${proposal.channel}]`);
  const channel = node.configuredChannel(proposal.channel, status.UNAVAILABLE);
  const peers = candidates(node, proposal, channel, request.getTargetOrganizationsList());
  const open = openFor(node, proposal, channel, peers);
  try {
    const result = new gateway.EvaluateResponse();
    result.setResult(await firstResponse(node, open, peers));
    return result;
  } finally {
    await open.view.release();
  }
}

function unpacking(what: string): Failure {
  return new Failure(status.INVALID_ARGUMENT, `failed to unpack transaction proposal: ${what}`);
}

/** The peers that may see the proposal, the gateway's own first; transient data stays with it unless the client says otherwise. */
function candidates(
  node: GatewayNode,
  proposal: Proposal,
  channel: Channel,
  targets: readonly string[],
): [Peer, ...Peer[]] {
  const guarded = targets.length === 0 && proposal.hasTransientData;
  const allowed = guarded ? [node.mspId] : targets;
  const [first, ...others] = node
    .peersOf(channel, proposal.chaincode)
    .filter(({ mspId }) => allowed.length === 0 || allowed.includes(mspId));
  if (first) return [first, ...others];
  const none = `no peers available to evaluate chaincode ${proposal.chaincode} in channel ${channel.name}`;
  throw new Failure(
    status.FAILED_PRECONDITION,
    guarded
      ? `no endorsers found in the gateway's organization; retry specifying target organization(s) to protect transient data: ${none}`
      : none,
  );
}

function openFor(node: GatewayNode, proposal: Proposal, channel: Channel, peers: [Peer, ...Peer[]]): OpenProposal {
  try {
    return node.open(proposal, channel);
  } catch (error) {
    if (!(error instanceof ProposalRefusal)) throw error;
    const [first] = peers;
    // The gateway takes for a client's fault only what its own peer tells it in full; all else it asks the next peer.
    if (first.mspId === node.mspId && !error.expired)
      throw refused(status.FAILED_PRECONDITION, error.message, node.refusedBy([first], error));
    throw exhausted(status.UNAVAILABLE, node.refusedBy(peers, error));
  }
}

function refused(code: status, message: string, details: readonly FailureDetail[]): Failure {
  return new Failure(code, `evaluate call to endorser returned error: ${message}`, details);
}

function exhausted(code: status, details: readonly FailureDetail[]): Failure {
  return new Failure(code, 'failed to evaluate transaction, see attached details for more info', details);
}

/** Asks one peer after the other until a chaincode has answered, be it with an error. */
async function firstResponse(node: GatewayNode, open: OpenProposal, peers: readonly Peer[]): Promise<peer.Response> {
  const details: FailureDetail[] = [];
  for (const candidate of peers) {
    try {
      return await respond(node, open, candidate);
    } catch (error) {
      if (!(error instanceof EndorsementError)) throw error;
      details.push({ address: error.address, mspId: error.mspId, message: error.message });
      if (error.kind === 'chaincode') throw refused(status.UNKNOWN, error.message, details);
    }
  }
  throw exhausted(status.ABORTED, details);
}

async function respond(node: GatewayNode, open: OpenProposal, candidate: Peer): Promise<peer.Response> {
  const { proposal, channel, creator, view } = open;
  const { chaincode } = proposal;
  if (!isSystemChaincode(chaincode)) return (await candidate.endorse(proposal, channel, creator, view)).response;
  const { mspId } = candidate;
  const joined = node.joinedBy(mspId);
  const args = proposal.input.getArgsList_asU8();
  try {
    return await invokeSystemChaincode(chaincode, { mspId, joined, channel, caller: creator, args });
  } catch (error) {
    if (!(error instanceof SystemChaincodeError)) throw error;
    throw new EndorsementError(candidate, 'chaincode', `chaincode response ${error.status}, ${error.message}`);
  }
}
