import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { certificates } from '../gateways/db/schema/care.ts';
import { people, wallets } from '../gateways/db/schema/people.ts';
import type { Saga } from '../sagas/store.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { certifiedKeyHash, keepCertificate } from './certificates.ts';
import { readEntry } from './ledgerEntry.ts';
import { allowPeople } from './policy.ts';
import type { Actor, Enrolled, requestCertificate as requesting } from './schema.ts';

const requests = { max: 20, windowSeconds: 24 * 60 * 60 };

/**
 * Has the institution certify the actor's next keys, on the word of the present one. Nothing counts yet: the ledger decides
 * when it records them. Throws NOT_ENROLLED, CONNECTOR_UNAVAILABLE, CONNECTOR_REFUSED, RATE_LIMITED.
 */
export async function requestCertificate(
  actor: Actor,
  input: z.output<typeof requesting>,
  portal: Portal = thePortal(),
): Promise<Enrolled> {
  allowPeople(actor, 'rotateKeys');
  await countAttempt(portal.db, `certificate:${actor.personId}`, requests);
  const [person] = await portal.db.select().from(people).where(eq(people.id, actor.personId));
  const [wallet] = await portal.db
    .select()
    .from(wallets)
    .where(eq(wallets.personId, actor.personId))
    .orderBy(wallets.linkedAt)
    .limit(1);
  if (!person?.certificatePem) throw new AppError('NOT_ENROLLED', 'no certificate');
  const { certificatePem } = await portal.connector.certify({
    mspId: actor.mspId,
    subjectId: actor.subjectId,
    csrPem: input.csrPem,
    readingKey: input.readingKey,
    wallet: wallet?.address ?? '',
    present: { certificatePem: person.certificatePem, proof: input.proof },
  });
  await keepCertificate(portal.db, { subjectId: actor.subjectId, pem: certificatePem });
  return { certificatePem };
}

/**
 * Brings the person's certificate and reading key in line with the keys that the ledger records, out of the certificates
 * that were issued. Answers whether they are in line now: not where no certificate of the recorded key is known.
 */
export async function settleKeys(portal: Portal, subjectId: string): Promise<boolean> {
  const recorded = (await readEntry(portal, subjectId)).keys;
  const [person] = await portal.db.select().from(people).where(eq(people.subjectId, subjectId));
  if (recorded === undefined || !person?.certificatePem) return false;
  if (certifiedKeyHash(person.certificatePem) === recorded.signingKeyHash) return true;
  const known = await portal.db.select().from(certificates).where(eq(certificates.subjectId, subjectId));
  const certificate = known.find(({ keyHash }) => keyHash === recorded.signingKeyHash);
  if (certificate === undefined) return false;
  await portal.db
    .update(people)
    .set({ certificatePem: certificate.pem, readingKey: recorded.readingKey })
    .where(eq(people.id, person.id));
  log().info({ personId: person.id }, 'keys rotated');
  return true;
}

/** Takes over what the ledger has of the actor's own keys: an answer on the way may have been lost. */
export async function settleOwnKeys(
  actor: Actor,
  _: undefined,
  portal: Portal = thePortal(),
): Promise<{ inLine: boolean }> {
  allowPeople(actor, 'rotateKeys');
  return { inLine: await settleKeys(portal, actor.subjectId) };
}

const rotated = z.object({ keys: z.object({ signingKeyHash: z.string() }) });

/**
 * Brings the person's certificate in line once a rotation is recorded; answers the new key's hash. Throws
 * LEDGER_UNAVAILABLE while the peer that is asked has not got it.
 */
export async function publishKeys(portal: Portal, { row }: Saga): Promise<string> {
  const wanted = rotated.parse(row.intent).keys.signingKeyHash;
  const recorded = (await readEntry(portal, row.subject)).keys;
  if (recorded?.signingKeyHash !== wanted) throw new AppError('LEDGER_UNAVAILABLE', 'the peer has other keys');
  if (!(await settleKeys(portal, row.subject))) throw new AppError('INTERNAL', `no certificate for ${row.subject}`);
  return wanted;
}
