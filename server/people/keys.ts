import { createHash, X509Certificate } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { AppError, asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { people } from '../gateways/db/schema/people.ts';
import { type LedgerEntry, readEntry, readOwnReenrolment } from './ledgerEntry.ts';
import { allowPeople } from './policy.ts';
import type { Actor, KeysView, WalletView } from './schema.ts';
import { walletsOfPerson } from './wallets.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What the ledger has of the actor; undefined while it does not answer. */
async function recordedEntry(portal: Portal, actor: Actor): Promise<LedgerEntry | undefined> {
  try {
    return await readEntry(portal, actor.subjectId);
  } catch (error) {
    log().info({ detail: asAppError(error).detail }, 'the ledger does not answer');
    return undefined;
  }
}

/** New keys that somebody asks for in the actor's name and that are not decided yet; undefined where there are none. */
async function openReenrolment(portal: Portal, actor: Actor): Promise<KeysView['reenrolment']> {
  try {
    const { state, at, dueAt, proposedFor } = await readOwnReenrolment(portal, actor.subjectId);
    if (state !== 'proposed' && state !== 'approved') return undefined;
    return { state, at, proposedFor, ...(dueAt !== undefined && { dueAt }) };
  } catch (error) {
    const { code, detail } = asAppError(error);
    if (code !== 'NOT_FOUND') log().info({ detail }, 'the ledger does not answer');
    return undefined;
  }
}

/** Certificate, fingerprints and wallets of the actor. Throws NOT_ENROLLED. */
export async function readKeys(actor: Actor, portal: Portal = thePortal()): Promise<KeysView> {
  allowPeople(actor, 'readKeys');
  const [[person], proved, entry, reenrolment] = await Promise.all([
    portal.db
      .select({ pem: people.certificatePem, readingKey: people.readingKey })
      .from(people)
      .where(eq(people.id, actor.personId)),
    walletsOfPerson(portal, actor),
    recordedEntry(portal, actor),
    openReenrolment(portal, actor),
  ]);
  if (!person?.pem) throw new AppError('NOT_ENROLLED', 'no certificate');
  const certificate = new X509Certificate(person.pem);
  const signingKeyHash = sha256(certificate.publicKey.export({ type: 'spki', format: 'der' }));
  const recorded = entry?.keys;
  // A patient's wallets stand on no ledger.
  const known = actor.role === 'patient' ? undefined : recorded;
  const linked = known?.linkedWallets ?? [];
  const listed = proved.map(
    ({ address, linkedAt }, place): WalletView => ({
      address,
      kind: place === 0 ? 'builtIn' : 'linked',
      linkedAt: linkedAt.toISOString(),
      ...(known && { recorded: address === known.wallet || linked.includes(address) }),
    }),
  );
  const others = linked.filter((address) => !proved.some((wallet) => wallet.address === address));
  return {
    certificate: {
      subjectId: actor.subjectId,
      mspId: actor.mspId,
      serial: certificate.serialNumber.toLowerCase(),
      validFrom: certificate.validFromDate.toISOString(),
      validUntil: certificate.validToDate.toISOString(),
    },
    signingKeyHash,
    readingKeyHash: sha256(Buffer.from(person.readingKey ?? '', 'base64url')),
    ...(recorded && { recorded: recorded.signingKeyHash === signingKeyHash }),
    ...(entry && { credentials: entry.credentials ?? [] }),
    ...(reenrolment && { reenrolment }),
    wallets: [...listed, ...others.map((address): WalletView => ({ address, kind: 'linked', recorded: true }))],
  };
}
