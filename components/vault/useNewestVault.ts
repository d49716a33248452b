'use client';

import { useEffect } from 'react';
import { reloadVault } from '#server/people/actions.ts';
import type { VaultState } from '#server/people/schema.ts';

/**
 * Looks whether the vault was changed elsewhere whenever the person comes back to this page: two browsers of one person do
 * not tell each other. `onSignedOut` where the session was ended meanwhile.
 */
export function useNewestVault(
  present: VaultState | null,
  onNewer: (newer: VaultState) => void,
  onSignedOut: () => void,
): void {
  useEffect(() => {
    if (present === null) return;
    let looking = false;
    const look = async () => {
      if (looking || document.visibilityState === 'hidden') return;
      looking = true;
      try {
        const answer = await reloadVault(undefined);
        if (answer.ok) {
          const { version, certificatePem } = answer.data;
          const newer = version > present.version || certificatePem !== present.certificatePem;
          if (newer && version >= present.version) onNewer(answer.data);
        } else if (answer.error.code === 'UNAUTHENTICATED') onSignedOut();
      } catch {
        // Offline: whatever the person does next says so.
      } finally {
        looking = false;
      }
    };
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [present, onNewer, onSignedOut]);
}
