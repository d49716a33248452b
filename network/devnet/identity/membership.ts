import { createPrivateKey, hash, type KeyObject, X509Certificate } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import type { Signer } from '../policy/policy.ts';
import { isLowS, signLowS, verifyLowS } from './signature.ts';

/** Why an identity is refused. */
export class IdentityError extends Error {
  override name = 'IdentityError';
}

const cacheLimit = 20_000;

/** A map that forgets its oldest entries, for what can be computed again. */
class BoundedMap<Value> {
  readonly #entries = new Map<string, Value>();

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: Value): void {
    if (this.#entries.size >= cacheLimit && !this.#entries.has(key)) {
      const oldest = this.#entries.keys().next().value;
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, value);
  }
}

const roles = new Set(['client', 'peer', 'admin', 'orderer']);

/** A certificate of an MSP, checked against the MSP's root. */
export interface Identity extends Signer {
  /** SerializedIdentity bytes, as they stand in headers and endorsements. */
  readonly bytes: Uint8Array;
  readonly publicKey: KeyObject;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** An identity with its private key. */
export interface SigningIdentity extends Identity {
  sign(message: Uint8Array): Uint8Array;
}

function cacheKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The digest has a fixed length, so that no byte of the message can pass for one of the signature. */
function verificationKey(message: Uint8Array, signature: Uint8Array): string {
  return hash('sha256', message, 'base64') + cacheKey(signature);
}

function roleOf(certificate: X509Certificate): Signer['role'] {
  const units = certificate.subject
    .split('\n')
    .filter((line) => line.startsWith('OU='))
    .map((line) => line.slice(3))
    .filter((unit) => roles.has(unit));
  const [role] = units;
  if (units.length !== 1 || role === undefined)
    throw new IdentityError('the certificate must name exactly one of client, peer, admin, orderer as its OU');
  return role as Signer['role'];
}

/** Knows the MSPs of the network: parses identities, checks them, verifies their signatures. */
export class Membership {
  readonly #roots = new Map<string, X509Certificate>();
  readonly #identities = new BoundedMap<Identity>();
  /** Signatures found good, with the key that they are good for. */
  readonly #verified = new BoundedMap<KeyObject>();

  constructor(organisations: readonly { mspId: string; rootCertPem: string }[]) {
    for (const { mspId, rootCertPem } of organisations) this.#roots.set(mspId, new X509Certificate(rootCertPem));
  }

  /** Parses a SerializedIdentity and checks issuer, validity and role. Throws IdentityError. */
  identity(bytes: Uint8Array): Identity {
    const key = cacheKey(bytes);
    const known = this.#identities.get(key) ?? this.#parse(bytes);
    const now = Date.now();
    if (now < known.notBefore) throw new IdentityError('the certificate is not valid yet');
    if (now > known.notAfter) throw new IdentityError('the certificate has expired');
    this.#identities.set(key, known);
    return known;
  }

  #parse(bytes: Uint8Array): Identity {
    let serialised: msp.SerializedIdentity;
    try {
      serialised = msp.SerializedIdentity.deserializeBinary(bytes);
    } catch {
      throw new IdentityError('the identity is malformed');
    }
    const mspId = serialised.getMspid();
    const root = this.#roots.get(mspId);
    if (!root) throw new IdentityError(`MSP ${mspId} is unknown`);
    let certificate: X509Certificate;
    try {
      certificate = new X509Certificate(serialised.getIdBytes_asU8());
    } catch {
      throw new IdentityError('the certificate cannot be read');
    }
    if (!certificate.checkIssued(root) || !certificate.verify(root.publicKey))
      throw new IdentityError(`the certificate was not issued by the CA of ${mspId}`);
    if (certificate.ca) throw new IdentityError('a CA certificate is not an identity');
    const publicKey = certificate.publicKey;
    if (publicKey.asymmetricKeyType !== 'ec' || publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
      throw new IdentityError('the certificate must hold a P-256 key');
    return {
      mspId,
      role: roleOf(certificate),
      bytes,
      publicKey,
      notBefore: Date.parse(certificate.validFrom),
      notAfter: Date.parse(certificate.validTo),
    };
  }

  /** Whether the signature is the identity's over the message. A signature once found good is remembered. */
  verify(identity: Identity, message: Uint8Array, signature: Uint8Array): boolean {
    if (!isLowS(signature)) return false;
    const key = verificationKey(message, signature);
    if (this.#verified.get(key) === identity.publicKey) return true;
    if (!verifyLowS(identity.publicKey, message, signature)) return false;
    this.#verified.set(key, identity.publicKey);
    return true;
  }

  /** An identity that this process signs with. */
  signingIdentity(mspId: string, certPem: string, keyPem: string): SigningIdentity {
    const serialised = new msp.SerializedIdentity();
    serialised.setMspid(mspId);
    serialised.setIdBytes(Buffer.from(certPem));
    const identity = this.identity(serialised.serializeBinary());
    const key = createPrivateKey(keyPem);
    if (!new X509Certificate(certPem).checkPrivateKey(key))
      throw new IdentityError(`${mspId}: the private key does not belong to the certificate`);
    return {
      ...identity,
      sign: (message) => {
        const signature = signLowS(key, message);
        this.#verified.set(verificationKey(message, signature), identity.publicKey);
        return signature;
      },
    };
  }
}
