import type { enrol } from '#server/people/actions.ts';

/** Keys just made: what will be sent, and the words that are shown once and never sent. */
export interface MadeKeys {
  sent: Omit<Parameters<typeof enrol>[0], 'token' | 'email'>;
  words: string[];
}

/** Makes all keys of a person in this page. The password and the words stay here. */
export async function makeKeys(password: string, subjectId: string): Promise<MadeKeys> {
  const { createEnrolment } = await import('#crypto/enrolment.ts');
  const made = await createEnrolment({ password, commonName: subjectId });
  made.vaultKey.fill(0);
  made.contents.signingKey.fill(0);
  made.contents.readingSeed.fill(0);
  made.contents.walletKey.fill(0);
  const { salt, signInSecret, recoverySecret, record, csrPem, readingKey, wallet, walletProof } = made;
  const sent = { salt, signInSecret, recoverySecret, record, csrPem, readingKey, wallet, walletProof };
  return { sent, words: made.recoveryPhrase.split(' ') };
}
