import { institutionHash } from '#contracts/typedData.ts';
import type { Portal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { holdersOf, walletsOfPerson } from '../people/wallets.ts';
import type { AccountWallet, InsurerAccount, WalletRights } from './schema.ts';

/** Who runs the account of an insurer's hash, and what the actor's wallets may do for it. Throws ETHEREUM_UNAVAILABLE. */
export async function walletRights(portal: Portal, actor: Actor, insurer: string): Promise<WalletRights> {
  const { settlement } = portal;
  const wallets = await walletsOfPerson(portal, actor);
  const [{ treasurer }, ...own] = await Promise.all([
    settlement.insurerOf(insurer),
    ...wallets.map(async ({ address }) => ({ address, ...(await settlement.rightsOf(insurer, address)) })),
  ]);
  return { treasurer: treasurer ?? null, own };
}

const mostWallets = 100;

/**
 * Which wallets may pay and release for the actor's insurer, and whose they are as far as the portal knows. `told`: whom the chain has
 * told of; null where it does not, so that treasurer, adjudicator and the actor are looked at. Throws ETHEREUM_UNAVAILABLE.
 */
export async function accountWallets(
  portal: Portal,
  actor: Actor,
  insurer: string,
  { told, own }: Pick<WalletRights, 'own'> & { told: readonly string[] | null },
): Promise<Pick<InsurerAccount, 'treasurerName' | 'signer' | 'wallets' | 'hasAllWallets'>> {
  const { settlement } = portal;
  const hash = institutionHash(insurer);
  const { treasurer, signer } = await settlement.insurerOf(hash);
  const known = [treasurer, signer, ...own.map(({ address }) => address)].flatMap((address) => address ?? []);
  const asked = told?.slice(0, mostWallets) ?? [...new Set(known)];
  const [people, rights] = await Promise.all([
    holdersOf(portal, insurer, [...asked, ...known]),
    Promise.all(asked.map(async (address) => ({ address, ...(await settlement.rightsOf(hash, address)) }))),
  ]);
  const named = ({ address, ...may }: (typeof rights)[number]): AccountWallet => {
    const holder = people.get(address);
    const whose = { name: holder?.name ?? null, isOwn: holder?.personId === actor.personId };
    return { address, ...whose, isAdjudicator: address === signer, ...may };
  };
  return {
    treasurerName: (treasurer && people.get(treasurer)?.name) ?? null,
    signer: signer ?? null,
    // Another may have been taken away since the chain told of it.
    wallets: rights.filter(({ spends, releases }) => spends || releases).map(named),
    hasAllWallets: told !== null && told.length <= mostWallets,
  };
}
