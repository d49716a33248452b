import { randomBytes, toBase64Url } from './bytes.ts';
import { type Root, requireRoots } from './certificate.ts';
import { createCertificateRequest } from './certificateRequest.ts';
import { derivePassword, newPasswordSalt, passwordParameters } from './password.ts';
import { createRecoveryPhrase, recoveryKeyOf, recoverySecretOf } from './recovery.ts';
import { generateSigningKey, importSigningKey } from './signingKey.ts';
import { addressOf, type HexAddress } from './token.ts';
import { createVault } from './vault.ts';
import { newContents, type VaultContents } from './vaultContents.ts';
import { proveWallet } from './walletProof.ts';
import { createReadingKey } from './wrap.ts';

export interface Enrolment {
  /** What the server gets, in the words of its `enrol` schema. */
  salt: string;
  signInSecret: string;
  recoverySecret: string;
  /** JSON of the `VaultRecord`. */
  record: string;
  csrPem: string;
  readingKey: string;
  wallet: HexAddress;
  /** The wallet's signature over this enrolment. */
  walletProof: string;
  /** Hex SHA-256 of the signing key's SubjectPublicKeyInfo. */
  signingKeyHash: string;
  /** Shown once, never sent. */
  recoveryPhrase: string;
  /** Secret; for those who go on at once, such as a worker or a demonstration. */
  vaultKey: Uint8Array;
  contents: VaultContents;
}

/**
 * Makes all keys of a person, the vault that keeps them and the request for a certificate. The same in Node and browsers.
 * `roots`: authorities that the vault pins; without them it does so when it is first opened.
 */
export async function createEnrolment(options: {
  password: string;
  commonName: string;
  roots?: Root[];
}): Promise<Enrolment> {
  const [pkcs8, reading] = await Promise.all([generateSigningKey(), createReadingKey()]);
  const signing = await importSigningKey(pkcs8);
  const walletKey = randomBytes(32);
  const wallet = addressOf(walletKey);
  const salt = newPasswordSalt();
  const { signInSecret, wrappingKey } = await derivePassword(options.password, salt);
  const recoveryPhrase = createRecoveryPhrase();
  const { roots = [] } = options;
  await requireRoots(roots);
  const contents = { ...newContents({ signingKey: pkcs8, readingSeed: reading.seed, walletKey }), roots };
  const { record, key } = await createVault(contents, [
    { kind: 'password', salt, parameters: passwordParameters, key: wrappingKey },
    { kind: 'recovery', key: recoveryKeyOf(recoveryPhrase) },
  ]);
  const csrPem = await createCertificateRequest(signing, options.commonName);
  return {
    salt: toBase64Url(salt),
    signInSecret,
    recoverySecret: recoverySecretOf(recoveryPhrase),
    record: JSON.stringify(record),
    csrPem,
    readingKey: reading.publicKey,
    wallet,
    walletProof: proveWallet(walletKey, { subjectId: options.commonName, csrPem }),
    signingKeyHash: signing.hash,
    recoveryPhrase,
    vaultKey: key,
    contents,
  };
}
