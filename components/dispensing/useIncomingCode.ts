'use client';

import { useCallback, useEffect, useState } from 'react';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';

/**
 * Codes of prescriptions as they come, scanned, typed or in the address. One may come before the keys are open: it waits, and is
 * looked up once they are. Both functions must stay the same.
 */
export function useIncomingCode(start: (code: string) => Promise<void>, onBegin: () => void) {
  const vault = useVault();
  const { openDialog } = useUnlock();
  const [waiting, setWaiting] = useState<string | null>(null);
  const isOpen = vault.state === 'open';
  const isLocked = vault.state === 'locked';
  const begin = useCallback(
    (read: string) => {
      onBegin();
      if (isOpen) return void start(read);
      setWaiting(read);
      if (isLocked) openDialog();
    },
    [isLocked, isOpen, onBegin, openDialog, start],
  );

  useEffect(() => {
    if (waiting === null || !isOpen) return;
    setWaiting(null);
    void start(waiting);
  }, [isOpen, start, waiting]);

  // A code that was scanned with the telephone's own camera arrives in the fragment, which is removed at once.
  // So does one that comes while this page stands.
  useEffect(() => {
    const take = () => {
      const { hash, pathname } = window.location;
      if (!hash) return;
      window.history.replaceState(null, '', pathname);
      begin(`${window.location.origin}/rx${hash}`);
    };
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, [begin]);

  return { begin, isWaiting: waiting !== null, isOpen, isLocked };
}
