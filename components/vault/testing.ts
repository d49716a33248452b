/** People with real keys and certificates, for the tests of this folder. */
import 'reflect-metadata';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { randomBytes } from '#crypto/bytes.ts';
import type { Root } from '#crypto/certificate.ts';
import { derivePassword, newPasswordSalt, passwordParameters } from '#crypto/password.ts';
import { readingKeyHash } from '#crypto/reader.ts';
import { createRecoveryPhrase, recoveryKeyOf } from '#crypto/recovery.ts';
import { generateSigningKey, importSigningKey } from '#crypto/signingKey.ts';
import { createTestAuthority, type TestAuthority } from '#crypto/testAuthority.ts';
import { addressOf, type HexAddress } from '#crypto/token.ts';
import { createVault, type Opener } from '#crypto/vault.ts';
import { newContents, type VaultContents } from '#crypto/vaultContents.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import { createKeeper, type KeeperOptions, type VaultKeeper } from './keeper.ts';
import { memoryStore } from './memoryStore.ts';
import type { VaultOwner } from './openVault.ts';

export const marker = 'marker';

export interface TestPerson {
  owner: VaultOwner;
  contents: VaultContents;
  vaultKey: Uint8Array;
  recoveryPhrase: string;
  readingKey: string;
  wallet: HexAddress;
  /** Of the organisation whose certificate the person has. */
  authority: TestAuthority;
}

export interface TestPersonOptions {
  openers?: Opener[];
  /** Further attributes of the certificate. */
  attributes?: Record<string, string>;
  authority?: TestAuthority;
  /** What the vault has pinned; the authority where this is left out. */
  roots?: Root[];
}

/** A password's lock; stretching it takes a second or more, so that only few tests have one. */
export async function passwordOpener(password: string): Promise<Opener> {
  const salt = newPasswordSalt();
  const { wrappingKey } = await derivePassword(password, salt);
  return { kind: 'password', salt, parameters: passwordParameters, key: wrappingKey };
}

/** A certificate for the key of a request, by an authority of its own. */
export async function certify(csr: string, subjectId: string): Promise<string> {
  const requested = new Pkcs10CertificateRequest(csr).publicKey;
  const publicKey = await requested.export({ name: 'ECDSA', namedCurve: 'P-256' }, ['verify']);
  const authority = await createTestAuthority('HospitalMSP');
  return (await authority.issue({ subject: subjectId }, { publicKey })).pem;
}

/** A person with a vault that opens by recovery phrase and by the given openers. */
export async function newPerson(
  subjectId: string,
  mspId = 'HospitalMSP',
  { openers = [], attributes = {}, authority: given, roots: pinned }: TestPersonOptions = {},
): Promise<TestPerson> {
  const [signingKey, reading] = await Promise.all([generateSigningKey(), createReadingKey()]);
  const authority = given ?? (await createTestAuthority(mspId));
  const walletKey = randomBytes(32);
  const recoveryPhrase = createRecoveryPhrase();
  const roots = pinned ?? [{ mspId: authority.mspId, pem: authority.pem }];
  const contents = { ...newContents({ signingKey, readingSeed: reading.seed, walletKey }), roots };
  const recovery: Opener = { kind: 'recovery', key: recoveryKeyOf(recoveryPhrase) };
  const { record, key } = await createVault(contents, [...openers, recovery]);
  const { publicKey } = await importSigningKey(signingKey);
  const said = { subject: subjectId, reading: readingKeyHash(reading.publicKey), ...attributes };
  const { pem: certificatePem } = await authority.issue(said, { publicKey });
  return {
    owner: { personId: subjectId, subjectId, mspId, certificatePem, record: JSON.stringify(record) },
    contents,
    vaultKey: key,
    recoveryPhrase,
    readingKey: reading.publicKey,
    wallet: addressOf(walletKey),
    authority,
  };
}

/** An open keeper of the person's keys. */
export async function openKeeper(
  person: Pick<TestPerson, 'owner' | 'recoveryPhrase'>,
  options: Partial<KeeperOptions> = {},
): Promise<VaultKeeper> {
  const keeper = createKeeper({ store: memoryStore(), ...options });
  const unlocking = { kind: 'recovery' as const, phrase: person.recoveryPhrase };
  await keeper.open({ owner: person.owner, marker, unlocking });
  return keeper;
}
