import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { type Bytes, copyBytes, toBase64Url } from '#crypto/bytes.ts';
import { createCertificateRequest } from '#crypto/certificateRequest.ts';
import { newPasswordSalt, passwordParameters } from '#crypto/password.ts';
import { createRecoveryPhrase, recoveryKeyOf, recoverySecretOf } from '#crypto/recovery.ts';
import { generateSigningKey, importSigningKey } from '#crypto/signingKey.ts';
import { createTestAuthority } from '#crypto/testAuthority.ts';
import { addressOf } from '#crypto/token.ts';
import { createVault } from '#crypto/vault.ts';
import { newContents } from '#crypto/vaultContents.ts';
import { proveWallet } from '#crypto/walletProof.ts';
import { createPerson, invitePerson, type NewPerson } from '../people/accounts.ts';
import { enrolPerson } from '../people/enrolment.ts';
import { operator } from '../people/policy.ts';
import type { enrol } from '../people/schema.ts';
import { testKey } from './certificate.ts';
import type { World } from './world.ts';

/** What a browser derives from a password: random here, since stretching one takes its time. */
export function newPassword(): { salt: Bytes; signInSecret: string; wrappingKey: Bytes } {
  return {
    salt: newPasswordSalt(),
    signInSecret: toBase64Url(randomBytes(32)),
    wrappingKey: copyBytes(randomBytes(32)),
  };
}

/** Has the form of a request; the connector of these tests looks into none. */
const csrPem = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n';

/** An invited person with what the page of the invitation would send. */
export interface Invited {
  personId: string;
  subjectId: string;
  email: string;
  phrase: string;
  password: ReturnType<typeof newPassword>;
  walletKey: Uint8Array;
  input: z.output<typeof enrol>;
}

/** Invites somebody and makes a vault that password and phrase open. */
export async function invite(
  world: World,
  person: NewPerson,
  walletKey: Uint8Array = randomBytes(32),
): Promise<Invited> {
  const { personId, subjectId } = await createPerson(operator, person, world.portal);
  const { token } = await invitePerson(operator, { personId }, world.portal);
  world.connector.certificates.set(subjectId, (await testKey(subjectId)).certificatePem);
  const phrase = createRecoveryPhrase();
  const password = newPassword();
  const secrets = { signingKey: copyBytes([1]), readingSeed: copyBytes(randomBytes(32)) };
  const { record } = await createVault(newContents({ ...secrets, walletKey: copyBytes(walletKey) }), [
    { kind: 'password', salt: password.salt, parameters: passwordParameters, key: password.wrappingKey },
    { kind: 'recovery', key: recoveryKeyOf(phrase) },
  ]);
  const input = {
    ...{ token, email: person.email, salt: toBase64Url(password.salt), signInSecret: password.signInSecret },
    ...{ recoverySecret: recoverySecretOf(phrase), record: JSON.stringify(record) },
    ...{ csrPem, readingKey: 'R'.repeat(1622), wallet: addressOf(walletKey) },
    walletProof: proveWallet(walletKey, { subjectId, csrPem }),
  };
  return { personId, subjectId, email: person.email, phrase, password, walletKey, input };
}

/** Invites and enrols somebody. */
export async function enrolled(world: World, person: NewPerson): Promise<Invited> {
  const invited = await invite(world, person);
  await enrolPerson({ address: 'test' }, invited.input, world.portal);
  return invited;
}

/** What the page of a link for new keys would send, with keys whose certificate the connector of these tests can give. */
export async function makeNewKeys(world: World, { subjectId, email }: Invited, token: string) {
  const signing = await importSigningKey(await generateSigningKey());
  const csr = await createCertificateRequest(signing, subjectId);
  const authority = await createTestAuthority('PatientMSP');
  const { pem } = await authority.issue({ subject: subjectId }, { publicKey: signing.publicKey });
  world.connector.renewals.set(csr, pem);
  const walletKey = randomBytes(32);
  const phrase = createRecoveryPhrase();
  const password = newPassword();
  const secrets = { signingKey: copyBytes([2]), readingSeed: copyBytes(randomBytes(32)) };
  const { record } = await createVault(newContents({ ...secrets, walletKey: copyBytes(walletKey) }), [
    { kind: 'password', salt: password.salt, parameters: passwordParameters, key: password.wrappingKey },
    { kind: 'recovery', key: recoveryKeyOf(phrase) },
  ]);
  const input: z.output<typeof enrol> = {
    ...{ token, email, salt: toBase64Url(password.salt), signInSecret: password.signInSecret },
    ...{ recoverySecret: recoverySecretOf(phrase), record: JSON.stringify(record) },
    ...{ csrPem: csr, readingKey: 'N'.repeat(1622), wallet: addressOf(walletKey) },
    walletProof: proveWallet(walletKey, { subjectId, csrPem: csr }),
  };
  const keys = { signingKeyHash: signing.hash, readingKey: input.readingKey, wallet: input.wallet };
  return { phrase, password, input, keys, certificatePem: pem };
}
