import type { Address } from 'viem';
import type { WalletRights } from '#server/claims/schema.ts';

/** The treasurer's address, where it is one of the person's own wallets. */
export function ownTreasurer({ treasurer, own }: WalletRights): Address | undefined {
  if (treasurer === null || !own.some(({ address }) => address === treasurer)) return undefined;
  return `0x${treasurer.slice(2)}`;
}
