import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, type Gateway, GatewayError, hash, type Identity, type Signer } from '@hyperledger/fabric-gateway';
import type { Authority } from '#network/organisations/certificates.ts';
import { signLowS } from '../identity/signature.ts';
import type { Credential } from './organisations.ts';

/** A client of one organisation's gateway, with the stock fabric-gateway. */
export interface TestClient extends Disposable {
  gateway: Gateway;
  grpc: Client;
  close(): void;
}

export function identityOf({ mspId, certPem }: Credential): Identity {
  return { mspId, credentials: Buffer.from(certPem) };
}

/** Signs whole messages (no pre-hashing) with OpenSSL, low S. */
export function signerOf({ keyPem }: Credential): Signer {
  const key = createPrivateKey(keyPem);
  return async (message) => signLowS(key, message);
}

/** A signer whose key is not the certificate's. */
export function strangerSigner(): Signer {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return async (message) => signLowS(privateKey, message);
}

/** Connects to an organisation's gateway over TLS. Without a signer the client signs offline. */
export function connectClient(options: {
  address: string;
  tlsCa: Pick<Authority, 'certPem'>;
  credential: Credential;
  signer?: Signer | null;
  /** The name in the gateway's TLS certificate; `localhost` when left out. */
  serverName?: string;
}): TestClient {
  const { address, tlsCa, credential } = options;
  const signer = options.signer === undefined ? signerOf(credential) : options.signer;
  const grpc = new Client(address, credentials.createSsl(Buffer.from(tlsCa.certPem)), {
    'grpc.ssl_target_name_override': options.serverName ?? 'localhost',
  });
  const gateway = connect({
    client: grpc,
    identity: identityOf(credential),
    hash: hash.none,
    ...(signer && { signer }),
  });
  const close = () => {
    gateway.close();
    grpc.close();
  };
  return { gateway, grpc, close, [Symbol.dispose]: close };
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

/** The error of a call that must fail in the gateway. */
export async function gatewayError(call: Promise<unknown>): Promise<GatewayError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}
