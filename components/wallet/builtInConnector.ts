import { type Address, type EIP1193Provider, getAddress, SwitchChainError } from 'viem';
import { ChainNotConfiguredError, createConnector } from 'wagmi';
import { vaultClient } from '#components/vault/client.ts';
import { type BuiltInSigner, createBuiltInProvider } from './builtInProvider.ts';

export const builtInWalletId = 'medloom';

/** Signs in the worker that keeps the person's keys. */
export const vaultSigner: BuiltInSigner = {
  address: () => vaultClient().call('walletAddress', undefined),
  signTransaction: (transaction) => vaultClient().call('signWalletTransaction', { transaction }),
  signIssue: (domain, issue) => vaultClient().call('signWalletIssue', { domain, issue }),
  signMessage: (raw) => vaultClient().call('signWalletMessage', { message: { raw } }),
};

/** The wallet that everybody has: its key lies in the vault, so that a bare browser is enough. */
export function builtInWallet(name: string, signer: BuiltInSigner) {
  return createConnector<EIP1193Provider>((config) => {
    const [chain] = config.chains;
    const provider = createBuiltInProvider(chain, signer);
    const accounts = async (): Promise<readonly Address[]> => [getAddress(await signer.address())];
    return {
      id: builtInWalletId,
      name,
      type: builtInWalletId,
      async connect() {
        // One account and no capabilities; wagmi's type would have them for callers that ask for them.
        return { accounts: (await accounts()) as never, chainId: chain.id };
      },
      async disconnect() {},
      getAccounts: accounts,
      getChainId: async () => chain.id,
      getProvider: async () => provider,
      // It connects when it is used, since the vault may be locked until then.
      isAuthorized: async () => false,
      async switchChain({ chainId }) {
        if (chainId !== chain.id) throw new SwitchChainError(new ChainNotConfiguredError());
        return chain;
      },
      onAccountsChanged() {},
      onChainChanged() {},
      onDisconnect() {},
    };
  });
}
