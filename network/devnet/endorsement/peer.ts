import { peer } from '@hyperledger/fabric-protos';
import { ChaincodeConnection, ChaincodeUnavailable } from '../chaincode/connection.ts';
import type { ChaincodeCall } from '../chaincode/interest.ts';
import { ChaincodeRequests } from '../chaincode/requests.ts';
import { Simulation } from '../chaincode/simulation.ts';
import type { Channel } from '../channel/channel.ts';
import type { Identity, SigningIdentity } from '../identity/membership.ts';
import { disseminationFault } from './dissemination.ts';
import type { Proposal } from './proposal.ts';
import type { StateView } from './view.ts';

const executeTimeoutMs = 30_000;
const shimErrorThreshold = 400;

/** A proposal that a peer simulated and, when it may become a transaction, signed. */
export interface Endorsement {
  mspId: string;
  response: peer.Response;
  payload: Uint8Array;
  message: peer.Endorsement;
  /** TxReadWriteSet bytes. */
  results: Uint8Array;
  /** TxPvtReadWriteSet bytes, where there are private writes. They must be kept before the transaction is submitted. */
  privateWrites: Uint8Array | undefined;
  /** What was touched, for the choice of further endorsers. */
  calls: ChaincodeCall[];
}

/** Why a peer did not endorse. `chaincode`: the contract refused; `unavailable`: its process cannot be reached. */
export class EndorsementError extends Error {
  override name = 'EndorsementError';
  readonly mspId: string;
  readonly address: string;
  readonly kind: 'chaincode' | 'unavailable' | 'peer';

  constructor(
    peerNode: { mspId: string; address: string },
    kind: 'chaincode' | 'unavailable' | 'peer',
    message: string,
  ) {
    super(message);
    this.mspId = peerNode.mspId;
    this.address = peerNode.address;
    this.kind = kind;
  }
}

interface Context {
  proposal: Proposal;
  creator: Identity;
  view: StateView;
}

/** One organisation's peer: its signing identity and its streams to its chaincode processes. */
export class Peer {
  readonly identity: SigningIdentity;
  readonly #channels: ReadonlyMap<string, Channel>;
  readonly #connections = new Map<string, ChaincodeConnection>();
  address: string;

  constructor(identity: SigningIdentity, address: string, channels: ReadonlyMap<string, Channel>) {
    this.identity = identity;
    this.address = address;
    this.#channels = channels;
    this.connect();
  }

  /** Dials the chaincode processes of all channels that it has no stream to, and leaves those that are not named any more. */
  connect(): void {
    const targets = new Set<string>();
    for (const { policies } of this.#channels.values())
      for (const { addresses } of policies.chaincodes()) {
        const target = addresses[this.mspId];
        if (target !== undefined) targets.add(target);
      }
    for (const [target, connection] of this.#connections)
      if (!targets.has(target)) {
        this.#connections.delete(target);
        connection.close();
      }
    for (const target of targets)
      if (!this.#connections.has(target)) this.#connections.set(target, new ChaincodeConnection(this.mspId, target));
  }

  /** Addresses of the chaincode servers that it dials and that have not registered with it, or not again. */
  unconnected(): string[] {
    return [...this.#connections].filter(([, connection]) => !connection.ready).map(([address]) => address);
  }

  get mspId(): string {
    return this.identity.mspId;
  }

  /** Whether the organisation runs the chaincode on the channel. */
  runs(channel: Channel, chaincode: string): boolean {
    return (
      channel.policies.organisations.includes(this.mspId) &&
      channel.policies.chaincode(chaincode)?.addresses[this.mspId] !== undefined
    );
  }

  /** Simulates a checked proposal and signs the result. Throws EndorsementError. */
  async endorse(proposal: Proposal, channel: Channel, creator: Identity, view: StateView): Promise<Endorsement> {
    const { txId, chaincode } = proposal;
    const definition = channel.policies.chaincode(chaincode);
    if (!definition || !this.runs(channel, chaincode))
      throw new EndorsementError(
        this,
        'peer',
        `make sure the chaincode ${chaincode} has been successfully defined on channel ${channel.name} and try again`,
      );
    const simulation = new Simulation({
      channel,
      txId,
      snapshot: view.snapshot(channel),
      peer: this.identity,
      creator,
    });
    simulation.readDefinition(chaincode);
    const completed = await this.#run({ proposal, creator, view }, simulation, chaincode, proposal.input).catch(
      (error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        const kind = error instanceof ChaincodeUnavailable ? 'unavailable' : 'peer';
        throw new EndorsementError(this, kind, `error in simulation: failed to execute transaction ${txId}: ${text}`);
      },
    );
    if (completed.getType() !== peer.ChaincodeMessage.Type.COMPLETED)
      throw new EndorsementError(
        this,
        'peer',
        `error in simulation: transaction returned with failure: ${Buffer.from(completed.getPayload_asU8()).toString()}`,
      );
    const response = peer.Response.deserializeBinary(completed.getPayload_asU8());
    if (response.getStatus() >= shimErrorThreshold || response.getStatus() < 200)
      throw new EndorsementError(
        this,
        'chaincode',
        `chaincode response ${response.getStatus()}, ${response.getMessage()}`,
      );
    const { results: sets, calls, fault: ofKeys } = simulation.finish();
    const fault = disseminationFault(channel.policies, this.mspId, sets.privateCollections()) ?? ofKeys;
    if (fault !== undefined) throw new EndorsementError(this, 'peer', `error in simulation: ${fault}`);
    const results = sets.publicBytes();
    const payload = responsePayload(proposal, definition.version, response, results, completed);
    const message = new peer.Endorsement();
    message.setEndorser(this.identity.bytes);
    message.setSignature(this.identity.sign(Buffer.concat([payload, this.identity.bytes])));
    const { mspId } = this;
    return {
      mspId,
      response,
      payload,
      message,
      results,
      privateWrites: sets.privateBytes(),
      calls,
    };
  }

  async #run(
    context: Context,
    simulation: Simulation,
    chaincode: string,
    input: peer.ChaincodeInput,
  ): Promise<peer.ChaincodeMessage> {
    const { proposal } = context;
    const target = simulation.channel.policies.chaincode(chaincode)?.addresses[this.mspId];
    const connection = target === undefined ? undefined : this.#connections.get(target);
    if (!connection) throw new Error(`${this.mspId} does not run chaincode ${chaincode} on ${simulation.channel.name}`);
    const requests = new ChaincodeRequests(simulation, chaincode, (name, called) =>
      this.#invoke(context, simulation, name, called),
    );
    try {
      return await connection.execute({
        channel: simulation.channel.name,
        txId: proposal.txId,
        input,
        proposal: proposal.signed,
        handle: (message) => requests.handle(message),
        timeoutMs: executeTimeoutMs,
      });
    } finally {
      await requests.finish();
    }
  }

  /** A chaincode calls another: on the same channel in the same simulation, on another one only to read. */
  async #invoke(
    context: Context,
    caller: Simulation,
    name: string,
    input: peer.ChaincodeInput,
  ): Promise<peer.ChaincodeMessage> {
    const slash = name.indexOf('/');
    const channelName = slash < 0 ? caller.channel.name : name.slice(slash + 1);
    const chaincode = (slash < 0 ? name : name.slice(0, slash)).split(':')[0] ?? '';
    const called =
      channelName === caller.channel.name ? caller : this.#simulateElsewhere(context, channelName, caller.txId);
    called.readDefinition(chaincode);
    try {
      if (!called.channel.policies.chaincode(chaincode))
        throw new Error(
          `invalid invocation: [channel ${channelName}] failed to get chaincode container info for ${chaincode}: ` +
            `chaincode ${chaincode} not found`,
        );
      return await this.#run(context, called, chaincode, input);
    } catch (cause) {
      throw new Error(`execute failed: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }

  #simulateElsewhere({ creator, view }: Context, channelName: string, txId: string): Simulation {
    const channel = this.#channels.get(channelName);
    if (!channel?.policies.organisations.includes(this.mspId))
      throw new Error(`Failed to get policy manager for channel [${channelName}]`);
    const denied = channel.policies.accessRefusal('/Channel/Application/Writers', creator);
    if (denied !== undefined) throw new Error(denied);
    return new Simulation({ channel, txId, snapshot: view.snapshot(channel), peer: this.identity, creator });
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close();
  }
}

function responsePayload(
  proposal: Proposal,
  version: string,
  response: peer.Response,
  results: Uint8Array,
  completed: peer.ChaincodeMessage,
): Uint8Array {
  const id = new peer.ChaincodeID();
  id.setName(proposal.chaincode);
  id.setVersion(version);
  const action = new peer.ChaincodeAction();
  action.setResults(results);
  action.setResponse(response);
  action.setChaincodeId(id);
  const event = completed.getChaincodeEvent();
  if (event) {
    event.setChaincodeId(proposal.chaincode);
    event.setTxId(proposal.txId);
    action.setEvents(event.serializeBinary());
  }
  const payload = new peer.ProposalResponsePayload();
  payload.setProposalHash(proposal.hash);
  payload.setExtension$(action.serializeBinary());
  return payload.serializeBinary();
}
