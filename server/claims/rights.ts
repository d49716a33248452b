import type { Portal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { walletsOfPerson } from '../people/wallets.ts';
import type { WalletRights } from './schema.ts';

/** Who runs the account of an insurer's hash, and what the actor's wallets may do for it. Throws ETHEREUM_UNAVAILABLE. */
export async function walletRights(portal: Portal, actor: Actor, insurer: string): Promise<WalletRights> {
  const { settlement } = portal;
  const wallets = await walletsOfPerson(portal, actor);
  const [treasurer, ...own] = await Promise.all([
    settlement.treasurerOf(insurer),
    ...wallets.map(async ({ address }) => ({ address, ...(await settlement.rightsOf(insurer, address)) })),
  ]);
  return { treasurer: treasurer ?? null, own };
}
