'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useState } from 'react';
import { WagmiProvider } from 'wagmi';
import type { WalletChain } from '#server/wallet/schema.ts';
import { createWalletConfig, type WalletConfig } from './config.ts';
import { type MintInput, type MintOutcome, mintErrors, signToken } from './mint.ts';

const WalletContext = createContext<{ config: WalletConfig; tokenAddress: string; linked: readonly string[] } | null>(
  null,
);

/**
 * Wallets for the pages. `chain` is null while the Ethereum chain does not answer; then nothing can be minted, and
 * everything else works.
 */
export function WalletProvider({
  chain,
  linked = [],
  names = { chain: 'Medloom', builtIn: 'Built-in wallet' },
  children,
}: {
  chain: WalletChain | null;
  /** Wallets that the person linked, lower case: only these are used besides the built-in one. */
  linked?: readonly string[];
  names?: { chain: string; builtIn: string };
  children: ReactNode;
}) {
  const [queryClient] = useState(() => new QueryClient());
  const [wallet] = useState(() => {
    if (chain === null) return null;
    const origin = typeof window === 'undefined' ? 'http://localhost' : window.location.origin;
    return { config: createWalletConfig(chain.chainId, names, origin), tokenAddress: chain.tokenAddress };
  });
  if (wallet === null) return <WalletContext value={null}>{children}</WalletContext>;
  return (
    <WagmiProvider config={wallet.config} reconnectOnMount>
      <QueryClientProvider client={queryClient}>
        <WalletContext value={{ ...wallet, linked }}>{children}</WalletContext>
      </QueryClientProvider>
    </WagmiProvider>
  );
}

/** Signs tokens with the doctor's wallet; the outcome names what went wrong. */
export function useSignToken(): (input: MintInput) => Promise<MintOutcome> {
  const wallet = useContext(WalletContext);
  return async (input) => {
    if (wallet === null) {
      return { ok: false, error: { code: 'ETHEREUM_UNAVAILABLE', message: mintErrors.ETHEREUM_UNAVAILABLE } };
    }
    return signToken(wallet.config, wallet.tokenAddress, input, wallet.linked);
  };
}

/** wagmi's configuration; null while the Ethereum chain does not answer. */
export function useWalletConfig(): WalletConfig | null {
  return useContext(WalletContext)?.config ?? null;
}
