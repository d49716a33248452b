import { custom, defineChain } from 'viem';
import { createConfig, injected } from 'wagmi';
import { builtInWallet, vaultSigner } from './builtInConnector.ts';
import type { BuiltInSigner } from './builtInProvider.ts';
import { askChain } from './rpc.ts';

/** wagmi for the portal's one chain: wallets that announce themselves (EIP-6963), the injected one, the built-in one. */
export function createWalletConfig(
  chainId: number,
  names: { chain: string; builtIn: string },
  origin: string,
  signer: BuiltInSigner = vaultSigner,
) {
  const chain = defineChain({
    id: chainId,
    name: names.chain,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [`${origin}/api/ethereum`] } },
  });
  return createConfig({
    chains: [chain],
    connectors: [injected(), builtInWallet(names.builtIn, signer)],
    multiInjectedProviderDiscovery: true,
    // A person waits for the receipt; the portal bounds what each may ask.
    pollingInterval: 250,
    ssr: true,
    // All reading goes through the portal, whatever the wallet's own node is.
    transports: { [chain.id]: custom({ request: askChain }) },
  });
}

export type WalletConfig = ReturnType<typeof createWalletConfig>;
