'use client';

import { Ban, CirclePause, CirclePlay, type LucideIcon, MoreHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RegistryStatus } from '#chaincode/model/registry.ts';
import { IconButton } from '#components/ui/Button.tsx';
import { Menu, MenuItem, MenuLine } from '#components/ui/Menu.tsx';

/** What is said of each change of a status. */
export interface StatusWords {
  suspend: string;
  restore: string;
  revoke: string;
}

/** The menu of an entry: its own actions, and the changes of its status that are possible now. */
export function StatusMenu({
  label,
  status,
  words,
  mayRestore = true,
  onStatus,
  children,
}: {
  label: string;
  status: RegistryStatus;
  words: StatusWords;
  mayRestore?: boolean;
  onStatus: (status: RegistryStatus) => void;
  children?: ReactNode;
}) {
  const choice = (icon: LucideIcon, word: string, next: RegistryStatus) => (
    <MenuItem icon={icon} onSelect={() => onStatus(next)}>
      {word}
    </MenuItem>
  );
  return (
    <Menu trigger={<IconButton icon={MoreHorizontal} label={label} />}>
      {children}
      {children && status !== 'revoked' && <MenuLine />}
      {status === 'active' && choice(CirclePause, words.suspend, 'suspended')}
      {status === 'suspended' && mayRestore && choice(CirclePlay, words.restore, 'active')}
      {status !== 'revoked' && choice(Ban, words.revoke, 'revoked')}
    </Menu>
  );
}
