'use client';

import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import type { Connector } from 'wagmi';
import { watchConnectors } from 'wagmi/actions';
import { builtInWalletId } from '#components/wallet/builtInConnector.ts';
import { foreignWallets } from '#components/wallet/link.ts';
import { useWalletConfig } from '#components/wallet/WalletProvider.tsx';

const none: readonly Connector[] = [];

/** The wallets of this browser, those that announce themselves later included, and the chosen one: at first the first. */
export function useWallets({ withBuiltIn }: { withBuiltIn: boolean }) {
  const config = useWalletConfig();
  const watch = useCallback(
    (onChange: () => void) => (config === null ? () => {} : watchConnectors(config, { onChange })),
    [config],
  );
  const all = useSyncExternalStore(
    watch,
    () => config?.connectors ?? none,
    () => none,
  );
  const wallets = useMemo(() => {
    if (config === null || all.length === 0) return none;
    const builtIn = withBuiltIn ? all.filter(({ id }) => id === builtInWalletId) : [];
    return [...builtIn, ...foreignWallets(config)];
  }, [config, all, withBuiltIn]);
  const [chosen, choose] = useState<string>();
  return { wallets, wallet: wallets.find(({ uid }) => uid === chosen) ?? wallets[0], choose };
}
