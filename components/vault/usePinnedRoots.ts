'use client';

import { useEffect } from 'react';
import { listAuthorities, saveVault } from '#server/people/actions.ts';
import type { VaultState } from '#server/people/schema.ts';
import { vaultClient } from './client.ts';
import { expectData } from './errors.ts';
import type { OpenedVault } from './openVault.ts';

/**
 * Has a vault from before pin the organisations' authorities when it is first opened. Where that fails, the next opening
 * tries again; until then the vault trusts nobody, and what needs trust says so.
 */
export function usePinnedRoots(
  opened: OpenedVault | null,
  stored: VaultState | null,
  onStored: (next: VaultState) => void,
  onPinned: (opened: OpenedVault) => void,
): void {
  useEffect(() => {
    if (opened === null || opened.pinned || stored === null) return;
    const pin = async () => {
      const roots = expectData(await listAuthorities(undefined));
      const { record } = await vaultClient().call('pinRoots', { record: stored.record, roots });
      const { version } = expectData(await saveVault({ baseVersion: stored.version, record }));
      onStored({ ...stored, record, version });
      onPinned({ ...opened, pinned: true });
    };
    pin().catch((error: unknown) => console.warn('no authorities are pinned', error));
    // Once for each opening: a vault that is saved meanwhile is pinned the next time.
  }, [opened]);
}
