import { and, eq, inArray } from 'drizzle-orm';
import { mostLinkedWallets } from '#chaincode/model/registry.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { people, wallets } from '../gateways/db/schema/people.ts';
import { readStanding } from '../prescriptions/ledger.ts';
import { endWalletSessions } from '../session/service.ts';
import { checkWalletMessage } from '../session/wallet.ts';
import { allowPeople } from './policy.ts';
import { openName } from './record.ts';
import { type Actor, linkStatement } from './schema.ts';

/** Wallets that a person has proved, the one of enrolment first. */
export function walletsOfPerson(portal: Portal, { personId }: Pick<Actor, 'personId'>) {
  return portal.db.select().from(wallets).where(eq(wallets.personId, personId)).orderBy(wallets.linkedAt);
}

interface WalletHolder {
  personId: string;
  name: string;
}

/** Who of an institution has which of these wallets, by address; those that nobody of it has are left out. */
export async function holdersOf(
  portal: Portal,
  institutionId: string,
  addresses: readonly string[],
): Promise<Map<string, WalletHolder>> {
  const rows = await portal.db
    .select({ address: wallets.address, person: people })
    .from(wallets)
    .innerJoin(people, eq(people.id, wallets.personId))
    .where(and(inArray(wallets.address, [...addresses]), eq(people.institutionId, institutionId)));
  return new Map(
    rows.map(({ address, person }) => [address, { personId: person.id, name: openName(portal.personalData, person) }]),
  );
}

/** Who of an institution has a wallet; undefined where nobody of it has. */
export const holderOf = async (
  portal: Portal,
  institutionId: string,
  address: string,
): Promise<WalletHolder | undefined> => (await holdersOf(portal, institutionId, [address])).get(address);

/** Addresses that the actor linked besides the built-in wallet, oldest first. */
export async function listLinkedWallets(actor: Actor, portal: Portal = thePortal()): Promise<string[]> {
  allowPeople(actor, 'readKeys');
  return (await walletsOfPerson(portal, actor)).slice(1).map(({ address }) => address);
}

/** Takes a wallet off a person, if it is theirs: it signs in no longer, and where it did the session ends. */
export async function removeWallet(db: Database, personId: string, address: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.delete(wallets).where(and(eq(wallets.address, address), eq(wallets.personId, personId)));
    await endWalletSessions(tx, personId, address);
  });
}

/**
 * Takes a wallet off the actor's account; it no longer signs in, and its sessions end. A wallet on the registry leaves by the actor's own
 * transaction instead. Throws NOT_FOUND, WRONG_STATE.
 */
export async function unlinkWallet(
  actor: Actor,
  { address }: { address: string },
  portal: Portal = thePortal(),
): Promise<{ address: string }> {
  allowPeople(actor, 'unlinkWallet');
  const [first, ...linked] = await walletsOfPerson(portal, actor);
  if (address === first?.address) {
    throw new AppError('WRONG_STATE', 'built in', { message: 'The built-in wallet belongs to your keys and stays.' });
  }
  if (!linked.some((wallet) => wallet.address === address)) throw new AppError('NOT_FOUND', 'not linked');
  if (actor.role !== 'patient') {
    const { practitioner } = await readStanding(portal.ledger, actor.subjectId);
    if (practitioner.keys?.linkedWallets?.includes(address)) {
      throw new AppError('WRONG_STATE', 'on the registry', {
        message: 'This wallet is on the registry.',
        next: 'Unlock your keys, so that you can sign that it leaves.',
      });
    }
  }
  await removeWallet(portal.db, actor.personId, address);
  return { address };
}

/**
 * Links a wallet to the actor, by an EIP-4361 message with a fresh challenge that the wallet signed. The wallet may then
 * sign in. Throws SIGNATURE_INVALID, and CONFLICT where the wallet is somebody else's.
 */
export async function linkWallet(
  actor: Actor,
  input: { message: string; signature: string },
  portal: Portal = thePortal(),
): Promise<{ address: string }> {
  allowPeople(actor, 'linkWallet');
  const claim = await checkWalletMessage(portal, input);
  if (!claim?.proved || claim.statement !== linkStatement(actor.subjectId)) {
    throw new AppError('SIGNATURE_INVALID', 'wallet', {
      message: 'The wallet’s signature does not fit.',
      next: 'Sign the message again.',
    });
  }
  const { address } = claim;
  const own = await walletsOfPerson(portal, actor);
  if (own.length > mostLinkedWallets && !own.some((wallet) => wallet.address === address)) {
    throw new AppError('WRONG_STATE', `${own.length} wallets`, {
      message: `No more than ${mostLinkedWallets} wallets can be linked.`,
      next: 'Unlink one first.',
    });
  }
  await portal.db.insert(wallets).values({ address, personId: actor.personId }).onConflictDoNothing();
  const [row] = await portal.db.select().from(wallets).where(eq(wallets.address, address));
  if (row?.personId !== actor.personId) {
    throw new AppError('CONFLICT', 'linked to another person', {
      message: 'This wallet is linked to another account.',
    });
  }
  return { address };
}
