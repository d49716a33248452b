import type { Signer } from '../policy/policy.ts';
import { Certificate } from './certificate.ts';
import { RevocationList } from './revocation.ts';

/** Why an identity is refused. `malformed`: the MSP cannot take it for one of its certificates; `invalid`: it may not be used. */
export class IdentityError extends Error {
  override name = 'IdentityError';
  readonly kind: 'malformed' | 'invalid';

  constructor(kind: 'malformed' | 'invalid', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What is wrong with the certificates and lists that make an MSP. */
export class MspError extends Error {
  override name = 'MspError';
}

/** An MSP's certificates and lists, each as PEM. */
export interface MspConfig {
  mspId: string;
  rootCertPem: string;
  otherRootCertPems?: readonly string[] | undefined;
  intermediateCertPems?: readonly string[] | undefined;
  crlPems?: readonly string[] | undefined;
  /** Certificates that are administrators whatever their units. */
  adminCertPems?: readonly string[] | undefined;
  /** Whether units tell clients, peers, administrators and orderers apart; true when left out. */
  nodeOus?: boolean | undefined;
}

const roles = ['client', 'peer', 'admin', 'orderer'] as const;

/** Who belongs to one organisation, by the rules of Fabric's MSP (msp/mspimpl.go, as of capability V1_4_3). */
export class Msp {
  readonly mspId: string;
  readonly #roots: readonly Certificate[];
  readonly #intermediates: readonly Certificate[];
  readonly #inner: ReadonlySet<string>;
  readonly #revocations: readonly RevocationList[];
  readonly #admins: ReadonlySet<string>;
  readonly #nodeOus: boolean;

  /** Throws MspError. */
  constructor(config: MspConfig) {
    this.mspId = config.mspId;
    this.#nodeOus = config.nodeOus ?? true;
    const read = <Value>(what: string, make: () => Value): Value => {
      try {
        return make();
      } catch (error) {
        throw new MspError(`${what} cannot be read: ${error instanceof Error ? error.message : error}`);
      }
    };
    const certificates = (what: string, pems: readonly string[] = []) =>
      pems.map((pem) => read(what, () => new Certificate(Buffer.from(pem))));
    this.#roots = certificates('the root certificate', [config.rootCertPem, ...(config.otherRootCertPems ?? [])]);
    this.#intermediates = certificates('an intermediate certificate', config.intermediateCertPems);
    this.#revocations = (config.crlPems ?? []).map((pem) => read('a revocation list', () => new RevocationList(pem)));
    for (const authority of [...this.#roots, ...this.#intermediates]) this.#checkAuthority(authority);
    this.#inner = new Set(
      this.#intermediates.flatMap((authority) => this.#chain(authority).slice(1)).map(({ id }) => id),
    );
    const admins = certificates("an administrator's certificate", config.adminCertPems);
    this.#admins = new Set(admins.map(({ id }) => id));
    for (const admin of admins) this.#checkAdmin(admin);
    if (!this.#nodeOus && admins.length === 0)
      throw new MspError('administrators must be declared when no admin ou classification is set');
  }

  #checkAuthority(authority: Certificate): void {
    const root = this.#roots.includes(authority);
    const what = root ? 'the root certificate' : 'an intermediate certificate';
    if (!authority.isAuthority) throw new MspError(`${what} is not a CA certificate`);
    if (authority.keyId === undefined) throw new MspError(`${what} has no subject key identifier`);
    if (root) return;
    try {
      const [, issuer] = this.#chain(authority);
      if (issuer) this.#checkRevocation(authority, issuer);
    } catch (error) {
      if (error instanceof IdentityError) throw new MspError(`${what} is not valid: ${error.message}`);
      throw error;
    }
  }

  #checkAdmin(admin: Certificate): void {
    try {
      const { role } = this.validate(admin);
      if (this.#nodeOus && role !== 'client' && role !== 'admin')
        throw new MspError(`an administrator's certificate is a ${role}'s`);
    } catch (error) {
      if (error instanceof IdentityError)
        throw new MspError(`an administrator's certificate is not valid: ${error.message}`);
      throw error;
    }
  }

  /** Takes a certificate for one of this MSP's, without saying whether it is still good. Throws IdentityError. */
  read(pem: Uint8Array): Certificate {
    let certificate: Certificate;
    try {
      certificate = new Certificate(pem);
    } catch {
      throw new IdentityError('malformed', 'the certificate cannot be read');
    }
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    if (asymmetricKeyType !== 'ec' || asymmetricKeyDetails?.namedCurve !== 'prime256v1')
      throw new IdentityError('malformed', 'the certificate must hold a P-256 key');
    // As in Fabric, a root of whomever is told from a member only by what follows.
    if (certificate.isSelfSigned) return certificate;
    try {
      this.#chain(certificate);
    } catch (error) {
      if (error instanceof IdentityError) throw new IdentityError('malformed', error.message);
      throw error;
    }
    return certificate;
  }

  /** What a certificate that was read is within the MSP. Its expiry is not looked at. Throws IdentityError. */
  validate(certificate: Certificate): Pick<Signer, 'role' | 'listedAdmin'> {
    if (certificate.isAuthority) throw new IdentityError('invalid', 'a CA certificate is not an identity');
    const [, issuer] = this.#chain(certificate);
    if (!issuer) throw new IdentityError('invalid', 'a root certificate is not an identity');
    if (this.#inner.has(issuer.id))
      throw new IdentityError('invalid', 'the certificate was issued by a CA that has CAs below it');
    this.#checkRevocation(certificate, issuer);
    return {
      role: this.#nodeOus ? roleOf(certificate) : undefined,
      ...(this.#admins.has(certificate.id) && { listedAdmin: true }),
    };
  }

  #checkRevocation(certificate: Certificate, issuer: Certificate): void {
    if (this.#revocations.some((list) => list.revokes(certificate, issuer)))
      throw new IdentityError('invalid', 'the certificate has been revoked');
  }

  /** The one chain from a certificate to a root, as it was when the certificate began to be valid. Throws IdentityError. */
  #chain(certificate: Certificate): Certificate[] {
    // Fabric looks at chains as of this time, so that what was once issued stays so when a certificate of it expires.
    const at = certificate.notBefore + 1000;
    const chains = certificate.isUsable(at) ? [...this.#chains([certificate], at)] : [];
    const [chain] = chains;
    if (!chain) throw new IdentityError('invalid', `the certificate was not issued by a CA of ${this.mspId}`);
    if (chains.length > 1) throw new IdentityError('invalid', 'the certificate has more than one chain to a root');
    return chain;
  }

  *#chains(chain: readonly Certificate[], at: number): Generator<Certificate[]> {
    const last = chain.at(-1);
    if (!last) return;
    if (this.#roots.some(({ id }) => id === last.id)) {
      yield [...chain];
      return;
    }
    const issuers = new Map([...this.#roots, ...this.#intermediates].map((issuer) => [issuer.id, issuer]));
    for (const issuer of issuers.values())
      if (!chain.some(({ id }) => id === issuer.id) && issuer.isUsable(at) && last.isIssuedBy(issuer, chain.length - 1))
        yield* this.#chains([...chain, issuer], at);
  }
}

function roleOf(certificate: Certificate): (typeof roles)[number] {
  const found = certificate.units.flatMap((unit) => roles.find((role) => role === unit) ?? []);
  const [role] = found;
  if (found.length !== 1 || role === undefined)
    throw new IdentityError(
      'invalid',
      'the certificate must name exactly one of client, peer, admin, orderer as its OU',
    );
  return role;
}
