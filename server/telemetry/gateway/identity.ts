import { createHash, type X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { deviceId } from '#chaincode/model/identifiers.ts';
import { nodeFrameVerifier } from '#crypto/telemetry/nodeSignature.ts';
import type { Sender } from './check.ts';

/** Who shows which certificate. TLS has checked its chain to an organisation's root and that the other side holds the key. */
export interface Presented extends Sender {
  mspId: string;
  certificatePem: string;
}

/** The device whose certificate a connection was made with; undefined where it is none of a device. */
export function presentedBy(socket: TLSSocket): Presented | undefined {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  return certificate === undefined ? undefined : presentedIn(certificate);
}

export function presentedIn(certificate: X509Certificate): Presented | undefined {
  const id = /^CN=(.*)$/m.exec(certificate.subject)?.[1];
  const mspId = /^O=(.*)$/m.exec(certificate.subject)?.[1];
  const { publicKey } = certificate;
  if (!deviceId.safeParse(id).success || id === undefined || mspId === undefined) return undefined;
  if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    ...{ id, mspId, certificatePem: certificate.toString() },
    signingKeyHash: createHash('sha256').update(spki).digest('hex'),
    verify: nodeFrameVerifier(spki),
  };
}
