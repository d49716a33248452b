import { status } from '@grpc/grpc-js';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import type { ChaincodeCall } from '../chaincode/interest.ts';
import { type Endorsement, EndorsementError, type Peer } from '../endorsement/peer.ts';
import { chooseEndorsers, eligiblePeers, PlanError, requirementsOf } from '../endorsement/plan.ts';
import type { Proposal } from '../endorsement/proposal.ts';
import { Failure, type FailureDetail } from './failure.ts';
import type { GatewayNode, OpenProposal } from './node.ts';

type Attempt = Endorsement | EndorsementError;

/** Collects the endorsements of one proposal, asking each peer at most once. */
class Collection {
  readonly #open: OpenProposal;
  readonly #attempts = new Map<string, Promise<Attempt>>();

  constructor(open: OpenProposal) {
    this.#open = open;
  }

  ask(node: Peer): Promise<Attempt> {
    let attempt = this.#attempts.get(node.mspId);
    if (!attempt) {
      const { proposal, channel, creator, view } = this.#open;
      attempt = node.endorse(proposal, channel, creator, view).catch((error: unknown) => {
        if (error instanceof EndorsementError) return error;
        return new EndorsementError(node, 'peer', error instanceof Error ? error.message : String(error));
      });
      this.#attempts.set(node.mspId, attempt);
    }
    return attempt;
  }

  /** Waits for all attempts, so that nothing reads from the view any more. */
  async settle(): Promise<void> {
    await Promise.all(this.#attempts.values());
  }
}

function detail(error: EndorsementError): FailureDetail {
  return { address: error.address, mspId: error.mspId, message: error.message };
}

/** gateway.Gateway/Endorse: collects what the policies ask for and assembles the transaction to be signed. */
export async function endorse(node: GatewayNode, request: gateway.EndorseRequest): Promise<gateway.EndorseResponse> {
  const open = node.openForEndorsement(request);
  const collection = new Collection(open);
  try {
    const organisations = request.getEndorsingOrganizationsList();
    const endorsements =
      organisations.length > 0
        ? await endorseBy(node, open, collection, organisations)
        : await endorseByPolicy(node, open, collection);
    const response = new gateway.EndorseResponse();
    response.setPreparedTransaction(prepare(open.proposal, endorsements));
    await keepPrivateWrites(open, endorsements);
    return response;
  } finally {
    // Peers that were asked but not needed may still be at work; the view is theirs until they are done.
    void collection.settle().then(() => open.view.release());
  }
}

/** The client names the organisations and answers for the policy. */
async function endorseBy(
  node: GatewayNode,
  { proposal, channel }: OpenProposal,
  collection: Collection,
  organisations: readonly string[],
): Promise<Endorsement[]> {
  const chosen = node.peersOf(channel, proposal.chaincode).filter(({ mspId }) => organisations.includes(mspId));
  return agree(chosen, await Promise.all(chosen.map((candidate) => collection.ask(candidate))));
}

/** All must have endorsed, and the same result. */
function agree(asked: readonly Peer[], attempts: readonly Attempt[]): Endorsement[] {
  const endorsements: Endorsement[] = [];
  const details: FailureDetail[] = [];
  attempts.forEach((attempt, index) => {
    const candidate = asked[index];
    const [first] = endorsements;
    if (attempt instanceof EndorsementError) details.push(detail(attempt));
    else if (candidate && first && !Buffer.from(attempt.payload).equals(first.payload))
      details.push(mismatch(candidate));
    else endorsements.push(attempt);
  });
  if (details.length > 0) throw notEnough(details);
  return endorsements;
}

function notEnough(details: readonly FailureDetail[]): Failure {
  return new Failure(
    status.ABORTED,
    'failed to collect enough transaction endorsements, see attached details for more info',
    details,
  );
}

/** The gateway chooses: its own organisation first, then the smallest set that satisfies every policy. */
async function endorseByPolicy(node: GatewayNode, open: OpenProposal, collection: Collection): Promise<Endorsement[]> {
  const { proposal, channel } = open;
  const peers = node.peersOf(channel, proposal.chaincode);
  const first = peers.find((candidate) => candidate.mspId === node.mspId);
  const started = first ? [first, ...peers.filter((candidate) => candidate !== first)] : peers;
  const result = await firstEndorsement(open, collection, started, first);
  const failed = new Map<string, FailureDetail>();
  const calls = result.calls.length > 0 ? result.calls : [plainCall(proposal.chaincode)];
  try {
    const policies = requirementsOf(channel, calls);
    const { eligible, protectedCollections, unprotected } = eligiblePeers(
      started,
      channel,
      calls,
      proposal.hasTransientData,
    );
    for (;;) {
      const remaining = eligible.filter((candidate) => !failed.has(candidate.mspId));
      const chosen = chooseEndorsers(remaining, policies, new Set([result.mspId]));
      if (!chosen) {
        if (failed.size > 0) throw notEnough([...failed.values()]);
        if (proposal.hasTransientData && chooseEndorsers(unprotected, policies, new Set([result.mspId])))
          throw new Failure(
            status.FAILED_PRECONDITION,
            'requires endorsement from organisation(s) that are not in the distribution policy of the private data ' +
              `collection(s): [${protectedCollections.join(' ')}]; retry specifying trusted endorsing organizations to protect transient data`,
          );
        throw new PlanError('no peer combination can satisfy the endorsement policy');
      }
      const attempts = await Promise.all(chosen.map((candidate) => collection.ask(candidate)));
      const endorsements: Endorsement[] = [];
      attempts.forEach((attempt, index) => {
        const candidate = chosen[index];
        if (attempt instanceof EndorsementError) failed.set(attempt.mspId, detail(attempt));
        else if (candidate && !Buffer.from(attempt.payload).equals(result.payload))
          failed.set(candidate.mspId, mismatch(candidate));
        else endorsements.push(attempt);
      });
      if (endorsements.length === chosen.length) return endorsements;
    }
  } catch (error) {
    if (error instanceof PlanError) throw new Failure(status.FAILED_PRECONDITION, error.message);
    throw error;
  }
}

function mismatch(candidate: Peer): FailureDetail {
  return {
    address: candidate.address,
    mspId: candidate.mspId,
    message: 'ProposalResponsePayloads do not match',
  };
}

/** The interest of a transaction that touched nothing. */
function plainCall(chaincode: string): ChaincodeCall {
  return { chaincode, collection: undefined, readsPrivate: false, keyPolicies: [], disregardsChaincode: false };
}

/**
 * The first endorsement, whose reads and writes tell who else must endorse. Likely endorsers are asked at the same time.
 */
async function firstEndorsement(
  open: OpenProposal,
  collection: Collection,
  peers: readonly Peer[],
  local: Peer | undefined,
): Promise<Endorsement> {
  const { proposal, channel } = open;
  const definition = channel.policies.chaincode(proposal.chaincode);
  if (!definition)
    throw new Failure(
      status.FAILED_PRECONDITION,
      `chaincode ${proposal.chaincode} is not defined on channel ${channel.name}`,
    );
  // Who else may see transient data is known only from what it is written to.
  if (!proposal.hasTransientData)
    for (const candidate of chooseEndorsers(peers, [definition.endorsement], new Set()) ?? [])
      void collection.ask(candidate);
  const details: FailureDetail[] = [];
  for (const candidate of local ? [local] : peers) {
    const attempt = await collection.ask(candidate);
    if (!(attempt instanceof EndorsementError)) return attempt;
    details.push(detail(attempt));
    if (attempt.kind === 'chaincode') break;
  }
  if (details.length === 0)
    throw new Failure(
      status.FAILED_PRECONDITION,
      `no peer runs chaincode ${proposal.chaincode} on channel ${channel.name}`,
    );
  throw new Failure(status.ABORTED, 'failed to endorse transaction, see attached details for more info', details);
}

/** All endorsers gave the same result, so that the private writes of one are those of all. */
async function keepPrivateWrites(
  { proposal, channel }: OpenProposal,
  endorsements: readonly Endorsement[],
): Promise<void> {
  const [first] = endorsements;
  if (!first?.privateWrites) return;
  try {
    await channel.store.kept.keep(proposal.txId, first.results, first.privateWrites);
  } catch (error) {
    throw new Failure(status.UNAVAILABLE, error instanceof Error ? error.message : String(error));
  }
}

/** Assembles the transaction, ready for the client's signature. */
function prepare(proposal: Proposal, endorsements: readonly Endorsement[]): common.Envelope {
  const [first] = endorsements;
  if (!first) throw new Failure(status.ABORTED, 'failed to assemble transaction: there is no endorsement');
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(first.payload);
  endorsed.setEndorsementsList(endorsements.map(({ message }) => message));
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(proposal.payloadBytes);
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(proposal.header.getSignatureHeader_asU8());
  action.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([action]);
  const payload = new common.Payload();
  payload.setHeader(proposal.header);
  payload.setData(transaction.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope;
}
