import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../processes/replaceFile.ts';
import { putBack, StepError } from '../step.ts';
import { type Authority, createKey, issueAuthority, issueLeaf, readPrivateKey } from './certificates.ts';
import { type IdentityPlan, organisationPlans } from './identities.ts';

/** A leaf certificate that ends sooner than this is issued anew, for the same key. */
const renewBeforeMs = 30 * 24 * 60 * 60 * 1000;

/** Thrown where a file of an organisation is present but cannot be what it should be. */
export class OrganisationDamageError extends StepError {
  constructor(file: string, what: string) {
    super(`The file ${file} ${what}.`, { advice: putBack });
    this.name = 'OrganisationDamageError';
  }
}

/**
 * Makes sure that every organisation has its CAs and identities under `<dir>/<MspId>/`: `ca.crt`, `ca.key`,
 * `tlsca.crt`, `tlsca.key`, and `<identity>.crt` and `.key` for peer, tls, admin, service, registrar and notary (PatientMSP: registrar;
 * OrdererMSP: admin, and identity and TLS of each orderer). What is there and valid is kept, so calling it again changes nothing; a leaf close to its end is renewed.
 * Keys are PKCS#8, P-256, mode 0600. Throws `OrganisationDamageError` for a file that does not fit the others.
 */
export async function createOrganisations(dir: string): Promise<void> {
  await Promise.all(
    organisationPlans().map(async (plan) => {
      const folder = join(dir, plan.mspId);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const authorities = new Map<string, Authority>();
      for (const name of plan.authorities) {
        const purpose = name === 'ca' ? 'identities' : 'TLS';
        authorities.set(name, await ensureAuthority(folder, name, `${plan.mspId} ${purpose} CA`, plan.mspId));
      }
      for (const identity of plan.identities) {
        const authority = authorities.get(identity.authority);
        if (!authority) throw new Error(`${plan.mspId} plans ${identity.file} without its ${identity.authority}`);
        await ensureLeaf(folder, identity, authority);
      }
    }),
  );
}

async function ensureAuthority(folder: string, name: string, commonName: string, mspId: string): Promise<Authority> {
  const files = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  const present = await readIfThere(files.cert);
  const keyPem = await ensureKey(files.key, present !== undefined);
  if (present !== undefined) {
    const certificate = parseCertificate(files.cert, present);
    if (!certificate.checkPrivateKey(createPrivateKey(keyPem)))
      throw new OrganisationDamageError(files.cert, 'is not the certificate of the key beside it');
    return { certPem: present, keyPem };
  }
  const certPem = await issueAuthority(commonName, mspId, keyPem);
  await writeWhole(files.cert, certPem, 0o644);
  return { certPem, keyPem };
}

async function ensureLeaf(folder: string, identity: IdentityPlan, authority: Authority): Promise<void> {
  const files = { cert: join(folder, `${identity.file}.crt`), key: join(folder, `${identity.file}.key`) };
  const present = await readIfThere(files.cert);
  const keyPem = await ensureKey(files.key, present !== undefined);
  if (present !== undefined) {
    const certificate = parseCertificate(files.cert, present);
    const issuer = new X509Certificate(authority.certPem);
    if (!certificate.checkPrivateKey(createPrivateKey(keyPem)))
      throw new OrganisationDamageError(files.cert, 'is not the certificate of the key beside it');
    if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey))
      throw new OrganisationDamageError(files.cert, `was not issued by the ${identity.authority} beside it`);
    if (certificate.validToDate.getTime() - Date.now() > renewBeforeMs) return;
  }
  await writeWhole(files.cert, await issueLeaf(authority, identity, keyPem), 0o644);
}

/** The key is written before its certificate, so a certificate without a key means that somebody removed the key. */
async function ensureKey(file: string, certificatePresent: boolean): Promise<string> {
  const present = await readIfThere(file);
  if (present !== undefined) {
    if (!readPrivateKey(present)) throw new OrganisationDamageError(file, 'is not a private key in PEM form');
    return present;
  }
  if (certificatePresent) throw new OrganisationDamageError(file, 'is missing, while its certificate is there');
  const keyPem = await createKey();
  await writeWhole(file, keyPem, 0o600);
  return keyPem;
}

function parseCertificate(file: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new OrganisationDamageError(file, 'is not a certificate in PEM form');
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** On the disk before it is used: certificates of a key that a power cut takes away could never be replaced. */
async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  await replaceFile(file, text.endsWith('\n') ? text : `${text}\n`, mode);
}
