import { institutionStatement, staffWrapStatement } from '#chaincode/model/statements.ts';
import { wrapInstitutionSeed } from '#components/vault/institutionKey.ts';
import { randomBytes, wipe } from '#crypto/bytes.ts';
import { readingKeyHash } from '#crypto/reader.ts';
import { importSigningKey } from '#crypto/signingKey.ts';
import { signStatement } from '#crypto/statement.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import type { Portal } from '#server/portal.ts';
import { readInstitution } from '#server/registry/ledger.ts';
import type { Participant, Signer } from './accounts.ts';
import { transact } from './transact.ts';

/**
 * Makes an institution's reading key, as its admin's browser does, and gives it to the staff; nothing where it has one. The
 * staff's keys were made here a moment ago, so that no certificate has to say whose they are.
 */
export async function ensureInstitutionKey(
  portal: Portal,
  institution: string,
  admin: Signer,
  staff: readonly Participant[],
): Promise<void> {
  if ((await readInstitution(portal.ledger, institution)).reading) return;
  const generation = 1;
  const by = admin.actor.subjectId;
  const { privateKey } = await importSigningKey(admin.keys.signingKey);
  const { seed, publicKey } = await createReadingKey(randomBytes(32));
  const unsigned = { generation, readingKey: publicKey, by };
  const signature = await signStatement(privateKey, institutionStatement(institution, unsigned));
  const wraps = await Promise.all(
    staff.map(async ({ actor, readingKey }) => {
      const reader = { id: actor.subjectId, readingKey };
      const given = {
        practitioner: reader.id,
        generation,
        readerKeyHash: readingKeyHash(readingKey),
        wrap: await wrapInstitutionSeed(institution, generation, seed, reader),
      };
      return { ...given, signature: await signStatement(privateKey, staffWrapStatement(institution, by, given)) };
    }),
  );
  wipe(seed);
  const reading = { ...unsigned, signature };
  await transact(portal, admin, { kind: 'putInstitutionReading', institution, reading, staff: wraps });
}
