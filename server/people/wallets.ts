import { eq } from 'drizzle-orm';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { wallets } from '../gateways/db/schema/people.ts';
import { checkWalletMessage } from '../session/wallet.ts';
import { allowPeople } from './policy.ts';
import type { Actor } from './schema.ts';

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
  if (!claim?.proved) {
    throw new AppError('SIGNATURE_INVALID', 'wallet', {
      message: 'The wallet’s signature does not fit.',
      next: 'Sign the message again.',
    });
  }
  const { address } = claim;
  await portal.db.insert(wallets).values({ address, personId: actor.personId }).onConflictDoNothing();
  const [row] = await portal.db.select().from(wallets).where(eq(wallets.address, address));
  if (row?.personId !== actor.personId) {
    throw new AppError('CONFLICT', 'linked to another person', {
      message: 'This wallet is linked to another account.',
    });
  }
  return { address };
}
