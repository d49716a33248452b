import { status } from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import { EndorsementError } from '../endorsement/peer.ts';
import { Failure, type FailureDetail } from './failure.ts';
import type { GatewayNode } from './node.ts';

const codes = { chaincode: status.UNKNOWN, peer: status.ABORTED, unavailable: status.UNAVAILABLE } as const;

/** gateway.Gateway/Evaluate: runs the function on one peer and gives back its response; nothing is ordered. */
export async function evaluate(node: GatewayNode, request: gateway.EvaluateRequest): Promise<gateway.EvaluateResponse> {
  const open = node.openProposal(request.getProposedTransaction(), status.FAILED_PRECONDITION);
  const { proposal, channel, creator, view } = open;
  try {
    const targets = request.getTargetOrganizationsList();
    const allowed = targets.length > 0 ? targets : proposal.hasTransientData ? [node.mspId] : undefined;
    const peers = node
      .peersOf(channel, proposal.chaincode)
      .filter((candidate) => !allowed || allowed.includes(candidate.mspId));
    if (peers.length === 0)
      throw new Failure(
        status.FAILED_PRECONDITION,
        `no endorsing peers found for chaincode ${proposal.chaincode} on channel ${channel.name}` +
          (allowed ? ` in organisation(s) ${allowed.join(', ')}` : ''),
      );
    const details: FailureDetail[] = [];
    let last: EndorsementError | undefined;
    for (const candidate of peers) {
      try {
        const { response } = await candidate.endorse(proposal, channel, creator, view);
        const result = new gateway.EvaluateResponse();
        result.setResult(response);
        return result;
      } catch (error) {
        if (!(error instanceof EndorsementError)) throw error;
        details.push({ address: error.address, mspId: error.mspId, message: error.message });
        last = error;
        if (error.kind === 'chaincode')
          throw new Failure(status.UNKNOWN, `evaluate call to endorser returned error: ${error.message}`, details);
      }
    }
    throw new Failure(
      codes[last?.kind ?? 'peer'],
      'failed to evaluate transaction, see attached details for more info',
      details,
    );
  } finally {
    await view.release();
  }
}
