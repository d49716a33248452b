import { createPublicClient, http, isAddress } from 'viem';
import type { WalletChain } from '#server/wallet/schema.ts';
import type { VerifyChain } from './verifyDisclosure.ts';

const timeoutMs = 15_000;

/** The token's contract through a node: the portal's, or one that the reader names by its https address. */
export function openVerifyChain({ tokenAddress }: Pick<WalletChain, 'tokenAddress'>, node: string | null): VerifyChain {
  if (!isAddress(tokenAddress)) throw new TypeError('no contract');
  const url = node ?? `${window.location.origin}/api/ethereum/public`;
  return {
    client: createPublicClient({ transport: http(url, { timeout: timeoutMs, retryCount: 0 }) }),
    token: tokenAddress,
  };
}
