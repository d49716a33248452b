import { readFileSync } from 'node:fs';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, type Gateway, hash } from '@hyperledger/fabric-gateway';
import { AppError } from '#server/errors.ts';
import type { LedgerProfile } from './profile.ts';
import { newSigner } from './signer.ts';

/** Largest reply that is read; grpc-js refuses more than 4 MB unless told. */
const largestReply = 32 * 1024 * 1024;

export const deadlines = { evaluate: 5_000, endorse: 10_000, submit: 5_000, commitStatus: 15_000 } as const;

export interface Connection {
  mspId: string;
  client: Client;
  /** Signs as the organisation's own service, which may read and follow but not write for anybody. */
  service: Gateway;
}

const within = (milliseconds: number) => () => ({ deadline: Date.now() + milliseconds });

/** A gateway that speaks for an identity over a client; without a signer it only builds and forwards signed bytes. */
export function gatewayFor(
  client: Client,
  identity: { mspId: string; certificatePem: string },
  privateKeyPem?: string,
): Gateway {
  return connect({
    client,
    identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificatePem) },
    hash: hash.none,
    ...(privateKeyPem === undefined ? {} : { signer: newSigner(privateKeyPem) }),
    evaluateOptions: within(deadlines.evaluate),
    endorseOptions: within(deadlines.endorse),
    submitOptions: within(deadlines.submit),
    commitStatusOptions: within(deadlines.commitStatus),
  });
}

/** One connection for each organisation that this deployment serves, made when first used. */
export class Connections {
  readonly #profile: () => LedgerProfile;
  readonly #open = new Map<string, Connection>();

  constructor(profile: () => LedgerProfile) {
    this.#profile = profile;
  }

  of(mspId: string): Connection {
    const known = this.#open.get(mspId);
    if (known !== undefined) return known;
    const organisation = this.#profile().organisations[mspId];
    if (organisation === undefined) throw new AppError('NOT_SERVED', `this deployment does not serve ${mspId}`);
    const { address, tlsCaFile, serverName } = organisation.gateway;
    const client = new Client(address, credentials.createSsl(readFileSync(tlsCaFile)), {
      'grpc.max_receive_message_length': largestReply,
      'grpc.keepalive_time_ms': 30_000,
      'grpc.keepalive_timeout_ms': 10_000,
      // After a restart of the network people wait for the next try, so it comes soon.
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 2_000,
      ...(serverName === undefined ? {} : { 'grpc.ssl_target_name_override': serverName }),
    });
    const certificatePem = readFileSync(organisation.service.certFile, 'utf8');
    const keyPem = readFileSync(organisation.service.keyFile, 'utf8');
    const connection = { mspId, client, service: gatewayFor(client, { mspId, certificatePem }, keyPem) };
    this.#open.set(mspId, connection);
    return connection;
  }

  close(): void {
    for (const { service, client } of this.#open.values()) {
      service.close();
      client.close();
    }
    this.#open.clear();
  }
}
