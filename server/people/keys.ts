import { createHash, X509Certificate } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { PublicKeys } from '#chaincode/model/registry.ts';
import { AppError, asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { people } from '../gateways/db/schema/people.ts';
import { readStanding } from '../prescriptions/ledger.ts';
import { allowPeople } from './policy.ts';
import type { Actor, KeysView, WalletView } from './schema.ts';
import { walletsOfPerson } from './wallets.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Keys that the registry records for the actor; undefined for a patient, and while the registry does not answer. */
async function recordedKeys(portal: Portal, actor: Actor): Promise<PublicKeys | undefined> {
  if (actor.role === 'patient') return undefined;
  try {
    return (await readStanding(portal.ledger, actor.subjectId)).practitioner.keys;
  } catch (error) {
    log().info({ detail: asAppError(error).detail }, 'the registry does not answer');
    return undefined;
  }
}

/** Certificate, fingerprints and wallets of the actor. Throws NOT_ENROLLED. */
export async function readKeys(actor: Actor, portal: Portal = thePortal()): Promise<KeysView> {
  allowPeople(actor, 'readKeys');
  const [[person], proved, recorded] = await Promise.all([
    portal.db
      .select({ pem: people.certificatePem, readingKey: people.readingKey })
      .from(people)
      .where(eq(people.id, actor.personId)),
    walletsOfPerson(portal, actor),
    recordedKeys(portal, actor),
  ]);
  if (!person?.pem) throw new AppError('NOT_ENROLLED', 'no certificate');
  const certificate = new X509Certificate(person.pem);
  const signingKeyHash = sha256(certificate.publicKey.export({ type: 'spki', format: 'der' }));
  const linked = recorded?.linkedWallets ?? [];
  const listed = proved.map(
    ({ address, linkedAt }, place): WalletView => ({
      address,
      kind: place === 0 ? 'builtIn' : 'linked',
      linkedAt: linkedAt.toISOString(),
      ...(recorded && { recorded: address === recorded.wallet || linked.includes(address) }),
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
    wallets: [...listed, ...others.map((address): WalletView => ({ address, kind: 'linked', recorded: true }))],
  };
}
