import { createPrivateKey, hash, type KeyObject } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import type { Signer } from '../policy/policy.ts';
import { Certificate } from './certificate.ts';
import { IdentityError, Msp, type MspConfig } from './msp.ts';
import { isLowS, signLowS, verifyLowS } from './signature.ts';

/** An identity with its certificate takes about 10 KB, a signature 250 bytes. */
const identityLimit = 5_000;
const signatureLimit = 20_000;

/** A map that forgets its oldest entries, for what can be computed again. */
class BoundedMap<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: Value): void {
    if (this.#entries.size >= this.#limit && !this.#entries.has(key)) {
      const oldest = this.#entries.keys().next().value;
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, value);
  }
}

/** A valid certificate of an MSP. */
export interface Identity extends Signer {
  /** SerializedIdentity bytes, as they stand in headers and endorsements. */
  readonly bytes: Uint8Array;
  /** MSP and certificate, whatever the form of the bytes: who counts once. */
  readonly id: string;
  readonly publicKey: KeyObject;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
}

/** An identity with its private key. */
export interface SigningIdentity extends Identity {
  sign(message: Uint8Array): Uint8Array;
}

function cacheKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The end of a certificate, where its signature is, tells it from others nearly always, and is quicker to look up than all of it. */
function identityKey(bytes: Uint8Array): string {
  return cacheKey(bytes.subarray(-128));
}

/** The digest has a fixed length, so that no byte of the message can pass for one of the signature. */
function verificationKey(message: Uint8Array, signature: Uint8Array): string {
  return hash('sha256', message, 'base64') + cacheKey(signature);
}

function readSerialised(bytes: Uint8Array): { mspId: string; pem: Uint8Array } {
  try {
    const serialised = msp.SerializedIdentity.deserializeBinary(bytes);
    return { mspId: serialised.getMspid(), pem: serialised.getIdBytes_asU8() };
  } catch {
    throw new IdentityError('malformed', 'the identity is malformed');
  }
}

/** Knows the MSPs of the network: parses identities, checks them, verifies their signatures. */
export class Membership {
  readonly #msps: ReadonlyMap<string, Msp>;
  readonly #identities = new BoundedMap<Identity>(identityLimit);
  /** Signatures found good, with the key that they are good for. */
  readonly #verified = new BoundedMap<KeyObject>(signatureLimit);

  /** Throws MspError. */
  constructor(organisations: readonly MspConfig[]) {
    this.#msps = new Map(organisations.map((config) => [config.mspId, new Msp(config)]));
  }

  /** Parses a SerializedIdentity and checks it against its MSP; when it expires is the caller's matter. Throws IdentityError. */
  identity(bytes: Uint8Array): Identity {
    const known = this.#known(bytes);
    if (known) return known;
    const identity = this.#parse(bytes);
    this.#identities.set(identityKey(bytes), identity);
    return identity;
  }

  #known(bytes: Uint8Array): Identity | undefined {
    const known = this.#identities.get(identityKey(bytes));
    return known && Buffer.compare(known.bytes, bytes) === 0 ? known : undefined;
  }

  #parse(bytes: Uint8Array): Identity {
    const { mspId, pem } = readSerialised(bytes);
    const own = this.#msps.get(mspId);
    if (!own) throw new IdentityError('malformed', `MSP ${mspId} is unknown`);
    const certificate = own.read(pem);
    const { publicKey, notAfter, id } = certificate;
    return { mspId, ...own.validate(certificate), bytes, publicKey, notAfter, id: `${mspId} ${id}` };
  }

  /** The MSP that an identity is of; undefined where it is malformed. It need not be valid. */
  mspOf(bytes: Uint8Array): string | undefined {
    try {
      return this.identity(bytes).mspId;
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error;
      return error.kind === 'invalid' ? readSerialised(bytes).mspId : undefined;
    }
  }

  /** Whether an identity holds a certificate, of whomever, whose time is over. */
  hasExpired(bytes: Uint8Array): boolean {
    const known = this.#known(bytes);
    if (known) return Date.now() > known.notAfter;
    try {
      return Date.now() > new Certificate(readSerialised(bytes).pem).notAfter;
    } catch {
      return false; // what cannot be read is refused elsewhere
    }
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
    if (!new Certificate(Buffer.from(certPem)).hasKey(key))
      throw new IdentityError('invalid', `${mspId}: the private key does not belong to the certificate`);
    if (Date.now() > identity.notAfter)
      throw new IdentityError('invalid', `${mspId}: the signing identity has expired`);
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
