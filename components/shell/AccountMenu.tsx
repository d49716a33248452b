'use client';

import { ChevronsUpDown, KeyRound, LockKeyhole, LogOut, WalletMinimal } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Avatar } from '#components/ui/Avatar.tsx';
import { Menu, MenuChoice, MenuItem, MenuLine, MenuNote } from '#components/ui/Menu.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { keysAddress } from './navigation.ts';
import { usePerson } from './ShellContext.tsx';
import { themeOptions } from './ThemeMenu.tsx';
import { applyTheme, type Theme } from './theme.ts';
import { useUnlock } from './UnlockContext.tsx';
import { useSignOut } from './useSignOut.ts';

const text = t.shell.account;

/** Who is signed in, and what belongs to the person: keys, appearance, sign out. */
export function AccountMenu({ place }: { place: 'sidebar' | 'bar' }) {
  const person = usePerson();
  const vault = useVault();
  const { openDialog } = useUnlock();
  const leave = useSignOut();
  const router = useRouter();
  const [theme, setTheme] = useState<Theme>(person.theme);
  const role = [t.shell.roles[person.role], person.institutionName].filter(Boolean).join(' · ');
  const trigger =
    place === 'sidebar' ? (
      <button type="button" className="flex w-full items-center gap-2.5 rounded-lg p-2 text-left hover:bg-surface">
        <Avatar name={person.name} size="sm" />
        <span className="min-w-0 flex-1">
          <span className="block text-sm leading-snug font-bold">
            <span className="sr-only">{text.menu} </span>
            {person.name}
          </span>
          <span className="block text-sm leading-snug text-ink-2">{role}</span>
        </span>
        <ChevronsUpDown size={15} aria-hidden className="shrink-0 text-ink-3" />
      </button>
    ) : (
      <button type="button" className="ml-1 rounded-full">
        <Avatar name={person.name} />
        <span className="sr-only">
          {text.menu} {person.name}
        </span>
      </button>
    );
  return (
    <Menu trigger={trigger} side={place === 'sidebar' ? 'top' : 'bottom'}>
      <MenuNote>
        <p className="font-bold">{person.name}</p>
        <p className="text-ink-2">{role}</p>
      </MenuNote>
      <MenuLine />
      <MenuChoice
        label={t.shell.theme.label}
        value={theme}
        options={themeOptions}
        onChange={(chosen) => {
          setTheme(chosen);
          applyTheme(chosen);
        }}
      />
      <MenuLine />
      <MenuItem icon={WalletMinimal} onSelect={() => router.push(keysAddress)}>
        {text.keys}
      </MenuItem>
      {vault.state === 'open' && (
        <MenuItem icon={LockKeyhole} onSelect={() => void vault.lock()}>
          {text.lock}
        </MenuItem>
      )}
      {vault.state === 'locked' && (
        <MenuItem icon={KeyRound} onSelect={openDialog}>
          {text.unlock}
        </MenuItem>
      )}
      <MenuItem icon={LogOut} onSelect={leave}>
        {text.signOut}
      </MenuItem>
    </Menu>
  );
}
