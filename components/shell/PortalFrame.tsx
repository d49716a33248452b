'use client';

import type { ReactNode } from 'react';
import { SigningProvider } from '#components/signing/SigningProvider.tsx';
import { VaultProvider } from '#components/vault/VaultProvider.tsx';
import { WalletProvider } from '#components/wallet/WalletProvider.tsx';
import { t } from '#messages/en.ts';
import type { VaultState } from '#server/people/schema.ts';
import type { WalletChain } from '#server/wallet/schema.ts';
import { type ShellPerson, ShellProvider } from './ShellContext.tsx';
import { BottomBar, Sidebar } from './Sidebar.tsx';
import { UnlockProvider } from './UnlockContext.tsx';

/** The frame around every page of a signed-in person. */
export function PortalFrame({
  person,
  vault,
  chain,
  linkedWallets,
  children,
}: {
  person: ShellPerson;
  vault: VaultState | null;
  /** Null while the Ethereum chain does not answer. */
  chain: WalletChain | null;
  /** Addresses, lower case, that the person linked besides the built-in wallet. */
  linkedWallets: string[];
  children: ReactNode;
}) {
  return (
    <ShellProvider person={person}>
      <VaultProvider person={person} vault={vault}>
        <WalletProvider chain={chain} linked={linkedWallets}>
          <UnlockProvider>
            <SigningProvider>
              <a
                href="#content"
                className="sr-only z-50 rounded-lg bg-surface px-4 py-2 font-semibold focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
              >
                {t.shell.skip}
              </a>
              <div className="flex min-h-[calc(100dvh-var(--banner,0px))]">
                <Sidebar />
                <div className="flex min-w-0 flex-1 flex-col">{children}</div>
              </div>
              <BottomBar />
            </SigningProvider>
          </UnlockProvider>
        </WalletProvider>
      </VaultProvider>
    </ShellProvider>
  );
}
