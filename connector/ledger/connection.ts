import { readFileSync } from 'node:fs';
import { type CallOptions, Client, credentials } from '@grpc/grpc-js';
import {
  type ChaincodeEvent,
  type CloseableAsyncIterable,
  CommitError,
  connect,
  hash,
} from '@hyperledger/fabric-gateway';
import { ledgerFailure } from './failure.ts';
import type { LedgerIdentity } from './identity.ts';
import { createSigner } from './signer.ts';

export interface LedgerCall {
  channel: string;
  contract: string;
  function: string;
  args: string[];
  /** What stands in no block; the peers that endorse see it. */
  transient?: Record<string, Uint8Array>;
  /** Organisations whose peers must answer; left out, the gateway chooses by the endorsement policy. */
  organisations?: string[];
}

/** What a contract says of a transaction that is valid. */
export interface LedgerEvent {
  name: string;
  payload: Uint8Array;
}

/** What one officer does through an organisation's gateway. Failures are `ConnectorError`s. */
export interface LedgerConnection {
  /** Asks a peer, without a transaction. */
  evaluate(call: LedgerCall): Promise<string>;
  /** Submits a transaction and returns once it is committed as valid. */
  submit(call: LedgerCall): Promise<void>;
  /** Events of a contract's valid transactions from now on, until `signal` aborts; throws when the connection breaks. */
  events(channel: string, contract: string, signal: AbortSignal): Promise<AsyncIterable<LedgerEvent>>;
}

/** One that also answers what is no text: blocks, of `qscc`. */
export interface BlockLedger extends Pick<LedgerConnection, 'evaluate'> {
  evaluateBytes(call: LedgerCall): Promise<Uint8Array>;
}

/** A transaction that the peers have endorsed: what the contract answers, before it is ordered. */
export interface EndorsedCall {
  result: string;
  /** Submits it and returns once it is committed as valid. */
  submit(): Promise<void>;
}

/** A connection that shows what a transaction would do before it is submitted. */
export interface EndorsingConnection {
  endorse(call: LedgerCall): Promise<EndorsedCall>;
}

/** One that asks, too, in the same name. */
export type ActingConnection = EndorsingConnection & Pick<LedgerConnection, 'evaluate'>;

export type OfficerConnection = LedgerConnection & EndorsingConnection & BlockLedger;

/** The one connection to an organisation's gateway, which its officers share. */
export interface GatewayConnection {
  as(officer: LedgerIdentity): OfficerConnection;
  close(): void;
}

export interface GatewayEndpoint {
  address: string;
  tlsCaFile: string;
  serverName?: string | undefined;
}

const within = (milliseconds: number) => (): CallOptions => ({ deadline: Date.now() + milliseconds });

/** Connects lazily: a gateway that is down is told by the first call. */
export function openGateway(endpoint: GatewayEndpoint): GatewayConnection {
  const client = new Client(endpoint.address, credentials.createSsl(readFileSync(endpoint.tlsCaFile)), {
    'grpc.max_receive_message_length': 16 * 1024 * 1024,
    // Who only listens would not notice that the other side is gone.
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    ...(endpoint.serverName ? { 'grpc.ssl_target_name_override': endpoint.serverName } : {}),
  });
  return { as: (officer) => connectAs(client, officer), close: () => client.close() };
}

function connectAs(client: Client, identity: LedgerIdentity): OfficerConnection {
  const gateway = connect({
    client,
    identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificatePem) },
    signer: createSigner(identity.privateKey),
    hash: hash.none,
    evaluateOptions: within(5_000),
    endorseOptions: within(15_000),
    submitOptions: within(5_000),
    commitStatusOptions: within(30_000),
  });
  const prepare = (call: LedgerCall) => ({
    contract: gateway.getNetwork(call.channel).getContract(call.contract),
    options: {
      arguments: call.args,
      ...(call.transient ? { transientData: call.transient } : {}),
      ...(call.organisations ? { endorsingOrganizations: call.organisations } : {}),
    },
  });
  const evaluateBytes = (call: LedgerCall) =>
    told(async () => {
      const { contract, options } = prepare(call);
      return contract.evaluate(call.function, options);
    });
  return {
    evaluateBytes,
    evaluate: async (call) => Buffer.from(await evaluateBytes(call)).toString('utf8'),
    submit: (call) =>
      told(async () => {
        const { contract, options } = prepare(call);
        await contract.submit(call.function, options);
      }),
    endorse: (call) =>
      told(async () => {
        const { contract, options } = prepare(call);
        const transaction = await contract.newProposal(call.function, options).endorse();
        return {
          result: Buffer.from(transaction.getResult()).toString('utf8'),
          submit: () =>
            told(async () => {
              const { successful, code, transactionId } = await (await transaction.submit()).getStatus();
              if (!successful) throw new CommitError({ code, transactionId });
            }),
        };
      }),
    events: async (channel, contract, signal) => {
      const events = await gateway.getNetwork(channel).getChaincodeEvents(contract);
      signal.addEventListener('abort', () => events.close(), { once: true });
      const iterator = events[Symbol.asyncIterator]();
      // Asked for at once: the end of a stream that nobody reads yet is an error that nobody takes, and would end this process.
      const first = iterator.next();
      first.catch(() => undefined);
      return untilAborted(events, iterator, first, signal);
    },
  };
}

/** A failure of the client as the connector's own. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw ledgerFailure(error);
  }
}

async function* untilAborted(
  events: CloseableAsyncIterable<ChaincodeEvent>,
  iterator: AsyncIterator<ChaincodeEvent>,
  first: Promise<IteratorResult<ChaincodeEvent>>,
  signal: AbortSignal,
) {
  try {
    if (signal.aborted) return;
    for (let next = await first; !next.done; next = await iterator.next()) {
      const { eventName, payload } = next.value;
      yield { name: eventName, payload };
    }
  } catch (error) {
    if (!signal.aborted) throw ledgerFailure(error);
  } finally {
    events.close();
  }
}
