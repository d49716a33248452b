'use client';

import { createContext, type ReactNode, use, useCallback, useEffect, useState } from 'react';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { UnlockDialog } from './UnlockDialog.tsx';

interface Unlock {
  openDialog: () => void;
}

const Context = createContext<Unlock | null>(null);

/** Holds the one dialog that opens the person's keys. */
export function UnlockProvider({ children }: { children: ReactNode }) {
  const vault = useVault();
  const [open, setOpen] = useState(false);
  const openDialog = useCallback(() => setOpen(true), []);
  useEffect(() => {
    if (vault.state === 'open') setOpen(false);
  }, [vault.state]);
  return (
    <Context value={{ openDialog }}>
      {children}
      <UnlockDialog open={open && vault.state !== 'open'} onOpenChange={setOpen} />
    </Context>
  );
}

export function useUnlock(): Unlock {
  const unlock = use(Context);
  if (!unlock) throw new Error('useUnlock needs the portal’s frame around it');
  return unlock;
}
