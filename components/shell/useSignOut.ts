'use client';

import { signOut } from 'next-auth/react';
import { useCallback } from 'react';
import { useVault } from '#components/vault/VaultProvider.tsx';

/** Wipes the keys of this browser session, ends the session on the server, and goes to the sign-in page. */
export function useSignOut(): () => void {
  const vault = useVault();
  return useCallback(() => {
    void vault
      .lock()
      .catch(() => undefined)
      .then(() => signOut({ callbackUrl: '/sign-in' }));
  }, [vault]);
}
