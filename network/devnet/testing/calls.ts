import { randomBytes } from 'node:crypto';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { common, gateway, google, msp, peer } from '@hyperledger/fabric-protos';
import type { Authority } from '#network/organisations/certificates.ts';
import { computeTxId } from '../ledger/transaction.ts';
import { signerOf } from './client.ts';
import type { Credential } from './organisations.ts';

/** What a call answered: OK, or the name of the code with the message and each detail as `MSP: message`. */
export interface Answer {
  code: string;
  message: string;
  details: string[];
}

interface Readable {
  serializeBinary(): Uint8Array;
}

/** Calls a gateway's services with messages that a test has put together itself, however wrong. */
export class RawCalls {
  readonly #client: Client;

  constructor(address: string, tlsCa: Authority) {
    this.#client = new Client(address, credentials.createSsl(Buffer.from(tlsCa.certPem)), {
      'grpc.ssl_target_name_override': 'localhost',
    });
  }

  /** A call with one answer; `result` has its bytes. */
  unary(
    method: 'Evaluate' | 'Endorse' | 'Submit' | 'CommitStatus',
    request: Readable,
  ): Promise<Answer & { result?: Buffer }> {
    const deadline = Date.now() + 60_000;
    return new Promise((resolve) => {
      this.#client.makeUnaryRequest(
        `/gateway.Gateway/${method}`,
        (message: Readable) => Buffer.from(message.serializeBinary()),
        (bytes) => bytes,
        request,
        { deadline },
        (error, result) =>
          resolve(error ? refusal(error) : { code: 'OK', message: '', details: [], ...(result && { result }) }),
      );
    });
  }

  /** The refusal of a request for events. */
  events(request: Readable): Promise<Answer> {
    const stream = this.#client.makeServerStreamRequest(
      '/gateway.Gateway/ChaincodeEvents',
      (message: Readable) => Buffer.from(message.serializeBinary()),
      (bytes) => bytes,
      request,
    );
    return new Promise((resolve) => {
      stream.on('error', (error: ServiceError) => resolve(refusal(error)));
      stream.on('data', () => {});
    });
  }

  /** The name of the status that ends an answer to a request for blocks, after so many blocks. */
  deliver(request: Readable): Promise<{ status: string; blocks: number }> {
    const stream = this.#client.makeBidiStreamRequest(
      '/protos.Deliver/Deliver',
      (message: Readable) => Buffer.from(message.serializeBinary()),
      (bytes) => peer.DeliverResponse.deserializeBinary(bytes),
    );
    return new Promise((resolve, reject) => {
      let blocks = 0;
      stream.on('error', reject);
      stream.on('data', (response: peer.DeliverResponse) => {
        if (response.hasBlock()) blocks += 1;
        else {
          stream.end();
          resolve({ status: nameIn(common.Status, response.getStatus()), blocks });
        }
      });
      stream.write(request);
    });
  }

  close(): void {
    this.#client.close();
  }
}

function refusal(error: ServiceError): Answer {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const details = Buffer.isBuffer(bytes) ? google.rpc.Status.deserializeBinary(bytes).getDetailsList() : [];
  return {
    code: status[error.code],
    message: error.details,
    details: details.map((any) => {
      const detail = gateway.ErrorDetail.deserializeBinary(any.getValue_asU8());
      return `${detail.getMspId()}: ${detail.getMessage()}`;
    }),
  };
}

function nameIn(values: object, value: number): string {
  return Object.entries(values).find(([, candidate]) => candidate === value)?.[0] ?? String(value);
}

export function serialised({ mspId, certPem }: Pick<Credential, 'mspId' | 'certPem'>): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(Buffer.from(certPem));
  return identity.serializeBinary();
}

/** The parts of a proposal that a test may change before it is signed. */
export interface ProposalParts {
  channelHeader: common.ChannelHeader;
  signatureHeader: common.SignatureHeader;
  extension: peer.ChaincodeHeaderExtension;
  spec: peer.ChaincodeSpec;
}

export interface ProposalOptions {
  credential: Credential;
  channel: string;
  chaincode: string;
  args?: readonly (string | Uint8Array)[];
  transient?: Readonly<Record<string, string>>;
  alter?: (parts: ProposalParts) => void;
  /** Makes the signature another. */
  forge?: (signature: Uint8Array) => Uint8Array;
}

const emptyTimestamp = Uint8Array.of((3 << 3) | 2, 0);

/** Headers as a client writes them. The transaction id is made of what `alter` leaves, unless it sets one. */
export function headers(
  options: Pick<ProposalOptions, 'credential' | 'channel' | 'chaincode' | 'alter'>,
  spec = new peer.ChaincodeSpec(),
): common.Header {
  const { credential, channel, chaincode, alter } = options;
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(serialised(credential));
  signatureHeader.setNonce(randomBytes(24));
  const id = new peer.ChaincodeID();
  id.setName(chaincode);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(id);
  const channelHeader = common.ChannelHeader.deserializeBinary(emptyTimestamp);
  channelHeader.getTimestamp()?.fromDate(new Date());
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.setChannelId(channel);
  alter?.({ channelHeader, signatureHeader, extension, spec });
  if (!channelHeader.getTxId()) channelHeader.setTxId(computeTxId(signatureHeader));
  if (!channelHeader.getExtension$()) channelHeader.setExtension$(extension.serializeBinary());
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  return header;
}

/** A signed proposal. */
export async function signedProposal(options: ProposalOptions): Promise<peer.SignedProposal> {
  const { chaincode, args = [], transient = {} } = options;
  const id = new peer.ChaincodeID();
  id.setName(chaincode);
  const input = new peer.ChaincodeInput();
  input.setArgsList(args.map((arg) => (typeof arg === 'string' ? Buffer.from(arg) : arg)));
  const spec = new peer.ChaincodeSpec();
  spec.setType(peer.ChaincodeSpec.Type.NODE);
  spec.setChaincodeId(id);
  spec.setInput(input);
  const header = headers(options, spec);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation.serializeBinary());
  for (const [key, value] of Object.entries(transient)) payload.getTransientmapMap().set(key, Buffer.from(value));
  const proposal = new peer.Proposal();
  proposal.setHeader(header.serializeBinary());
  proposal.setPayload(payload.serializeBinary());
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(proposal.serializeBinary());
  signed.setSignature(await signatureOf(options, proposal.serializeBinary()));
  return signed;
}

/** A signed envelope of what is no endorsed transaction, or not yet. */
export async function signedEnvelope(options: ProposalOptions & { data?: Uint8Array }): Promise<common.Envelope> {
  const payload = new common.Payload();
  payload.setHeader(headers(options));
  payload.setData(options.data ?? Buffer.from('no transaction'));
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  envelope.setSignature(await signatureOf(options, payload.serializeBinary()));
  return envelope;
}

export async function signatureOf(
  { credential, forge = (signature) => signature }: Pick<ProposalOptions, 'credential' | 'forge'>,
  message: Uint8Array,
): Promise<Uint8Array> {
  return forge(await signerOf(credential)(message));
}
