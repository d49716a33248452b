import 'reflect-metadata';
import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { decodeSignature, encodeSignature, lowerS } from './signature.ts';

const serverAuthentication = '1.3.6.1.5.5.7.3.1';
const anyUse = '2.5.29.37.0';
/** Extensions that may be critical, since they are looked at here or say nothing about an MSP's members. */
const understood = new Set(['15', '17', '19', '30', '31', '32', '35', '37', '14'].map((last) => `2.5.29.${last}`));

/** What of the parser is not public: the bytes that the issuer has signed. */
class Parsed extends x509.X509Certificate {
  get signedBytes(): Uint8Array {
    const bytes = this.asn.tbsCertificateRaw;
    if (!bytes) throw new Error('the certificate has no body');
    return new Uint8Array(bytes);
  }
}

/** The first PEM block of a text, whatever it is called, as Fabric takes it. */
export function firstPemBlock(bytes: Uint8Array): Buffer | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const [, , body] = /-----BEGIN ([^\n-]*)-----\s*\n([A-Za-z0-9+/=\s]*?)-----END \1-----/.exec(text) ?? [];
  return body === undefined ? undefined : Buffer.from(body, 'base64');
}

/** A certificate with the parts that an MSP looks at. Throws where the bytes hold none in PEM. */
export class Certificate {
  readonly #x509: X509Certificate;
  /** Names the certificate whatever the form of the issuer's signature: (r, s) and (r, -s) are one, as in Fabric. */
  readonly id: string;
  readonly publicKey: KeyObject;
  /** Milliseconds since 1970, as are `notAfter` and times below. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly isAuthority: boolean;
  /** How many authorities may stand between this one and a leaf. */
  readonly #pathLength: number;
  readonly #mayIssue: boolean;
  readonly #usable: boolean;
  /** Organisational units of the subject, each as often as it stands there. */
  readonly units: readonly string[];
  readonly serialNumber: bigint;
  /** Subject key identifier in hex. */
  readonly keyId: string | undefined;

  constructor(pem: Uint8Array) {
    const der = firstPemBlock(pem);
    if (!der) throw new Error('there is no PEM block');
    this.#x509 = new X509Certificate(der);
    const parsed = new Parsed(new Uint8Array(der));
    this.publicKey = this.#x509.publicKey;
    this.notBefore = parsed.notBefore.getTime();
    this.notAfter = parsed.notAfter.getTime();
    const constraints = parsed.getExtension(x509.BasicConstraintsExtension);
    this.isAuthority = constraints?.ca ?? false;
    this.#pathLength = constraints?.pathLength ?? Number.POSITIVE_INFINITY;
    const usages = parsed.getExtension(x509.KeyUsagesExtension)?.usages;
    this.#mayIssue = usages === undefined || (usages & x509.KeyUsageFlags.keyCertSign) !== 0;
    const extended = this.#x509.keyUsage;
    this.#usable =
      (!extended?.length || extended.some((use) => use === serverAuthentication || use === anyUse)) &&
      parsed.extensions.every(({ critical, type }) => !critical || understood.has(type));
    this.units = parsed.subjectName.getField('OU');
    this.serialNumber = BigInt(`0x${parsed.serialNumber}`);
    this.keyId = parsed.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId.toLowerCase();
    const signature = decodeSignature(Buffer.from(parsed.signature));
    const lowered = signature ? encodeSignature(signature.r, lowerS(signature.s)) : Buffer.from(parsed.signature);
    this.id = createHash('sha256').update(parsed.signedBytes).update(lowered).digest('hex');
  }

  /** Whether the other is an authority that has signed this one and may stand that many authorities above a leaf. */
  isIssuedBy(other: Certificate, authoritiesBetween: number): boolean {
    return (
      other.isAuthority &&
      other.#mayIssue &&
      authoritiesBetween <= other.#pathLength &&
      this.#x509.checkIssued(other.#x509) &&
      this.#x509.verify(other.publicKey)
    );
  }

  get isSelfSigned(): boolean {
    return this.isAuthority && this.#x509.checkIssued(this.#x509) && this.#x509.verify(this.publicKey);
  }

  /** Whether it may stand in a chain that is looked at as of a time. */
  isUsable(at: number): boolean {
    return this.#usable && this.notBefore <= at && at <= this.notAfter;
  }

  hasKey(privateKey: KeyObject): boolean {
    return this.#x509.checkPrivateKey(privateKey);
  }
}
