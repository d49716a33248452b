import 'reflect-metadata';
import { verify } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { Certificate } from './certificate.ts';

/** What of the parser is not public: the bytes that the authority has signed. */
class Parsed extends x509.X509Crl {
  get signedBytes(): Uint8Array {
    const bytes = this.asn.tbsCertListRaw;
    if (!bytes) throw new Error('the revocation list has no body');
    return new Uint8Array(bytes);
  }
}

/** A list of revoked certificates of one authority. Its dates have no meaning to Fabric, nor have those of its entries. */
export class RevocationList {
  /** The authority's key identifier in hex. */
  readonly #keyId: string;
  readonly #serialNumbers: ReadonlySet<bigint>;
  readonly #signedBytes: Uint8Array;
  readonly #signature: Uint8Array;
  readonly #hash: string;

  /** Throws where the text is no revocation list, or one that does not name its authority's key. */
  constructor(pem: string) {
    if (!pem.startsWith('-----BEGIN X509 CRL-----')) throw new Error('it is no X509 CRL in PEM');
    const parsed = new Parsed(pem);
    const keyId = parsed.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId;
    // Fabric takes such a list, and then no certificate at all.
    if (keyId === undefined) throw new Error('a revocation list has no authority key identifier');
    this.#keyId = keyId.toLowerCase();
    this.#serialNumbers = new Set(parsed.entries.map((entry) => BigInt(`0x${entry.serialNumber}`)));
    this.#signedBytes = parsed.signedBytes;
    this.#signature = new Uint8Array(parsed.signature);
    this.#hash = parsed.signatureAlgorithm.hash.name.replace('-', '');
  }

  /** Whether the list, if it is really the issuer's, names the certificate. */
  revokes(certificate: Certificate, issuer: Certificate): boolean {
    return (
      issuer.keyId === this.#keyId &&
      this.#serialNumbers.has(certificate.serialNumber) &&
      verify(this.#hash, this.#signedBytes, issuer.publicKey, this.#signature)
    );
  }
}
