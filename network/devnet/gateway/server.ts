import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { type common, gateway, peer } from '@hyperledger/fabric-protos';
import { DevnetError } from '../config.ts';
import { chaincodeEvents } from './chaincodeEvents.ts';
import { commitStatus } from './commitStatus.ts';
import { deliver, type Render, renderBlock, renderFiltered, renderWithPrivateData } from './deliver.ts';
import { endorse } from './endorse.ts';
import { evaluate } from './evaluate.ts';
import { toServiceError } from './failure.ts';
import type { GatewayNode } from './node.ts';
import { submit } from './submit.ts';

const maxMessageBytes = 100 * 1024 * 1024;

interface Cancellable {
  on(event: 'cancelled', listener: () => void): unknown;
}

/** Made once: a call tells that it is cancelled at each of its ends, and an error of its own has a stack to be written. */
const ended = new Error('the call has ended');

function signalOf(call: Cancellable): AbortSignal {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort(ended));
  return controller.signal;
}

function unary<Request, Response>(
  run: (request: Request, call: Cancellable) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return async (call: ServerUnaryCall<Request, Response>, callback) => {
    try {
      callback(null, await run(call.request, call));
    } catch (error) {
      callback(toServiceError(error));
    }
  };
}

/** One organisation's gRPC server: Gateway and Deliver over TLS on a port of its own. */
export class GatewayServer {
  readonly #server: Server;
  readonly #node: GatewayNode;

  constructor(node: GatewayNode) {
    this.#node = node;
    this.#server = new Server({
      'grpc.max_receive_message_length': maxMessageBytes,
      'grpc.max_send_message_length': maxMessageBytes,
      'grpc.max_concurrent_streams': 2500,
    });
    this.#server.addService(gateway.GatewayService, {
      endorse: unary((request: gateway.EndorseRequest) => endorse(node, request)),
      evaluate: unary((request: gateway.EvaluateRequest) => evaluate(node, request)),
      submit: unary((request: gateway.SubmitRequest) => submit(node, request)),
      commitStatus: unary((request: gateway.SignedCommitStatusRequest, call) =>
        commitStatus(node, request, signalOf(call)),
      ),
      chaincodeEvents: (
        call: ServerWritableStream<gateway.SignedChaincodeEventsRequest, gateway.ChaincodeEventsResponse>,
      ) => this.#events(call),
    });
    this.#server.addService(peer.DeliverService, {
      deliver: this.#deliver(renderBlock),
      deliverFiltered: this.#deliver(renderFiltered),
      deliverWithPrivateData: this.#deliver(renderWithPrivateData),
    });
  }

  async #events(
    call: ServerWritableStream<gateway.SignedChaincodeEventsRequest, gateway.ChaincodeEventsResponse>,
  ): Promise<void> {
    try {
      await chaincodeEvents(this.#node, call, signalOf(call));
      call.end();
    } catch (error) {
      call.emit('error', toServiceError(error));
    }
  }

  #deliver(render: Render) {
    return async (call: ServerDuplexStream<common.Envelope, peer.DeliverResponse>): Promise<void> => {
      const signal = signalOf(call);
      try {
        await deliver(this.#node, call, signal, render);
        call.end();
      } catch (error) {
        if (!signal.aborted) call.emit('error', toServiceError(error));
      }
    };
  }

  /** Listens; answers with the address, whose port is the one that was found when 0 was asked for. */
  listen(address: string, tls: { certPem: string; keyPem: string }): Promise<string> {
    const credentials = ServerCredentials.createSsl(null, [
      { cert_chain: Buffer.from(tls.certPem), private_key: Buffer.from(tls.keyPem) },
    ]);
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(address, credentials, (error, port) => {
        if (error) reject(new DevnetError(`${this.#node.mspId}: cannot listen on ${address}: ${error.message}`));
        else resolve(`${address.slice(0, address.lastIndexOf(':'))}:${port}`);
      });
    });
  }

  close(): void {
    this.#server.forceShutdown();
  }
}
