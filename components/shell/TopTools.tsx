'use client';

import { LogOut } from 'lucide-react';
import { signOut } from 'next-auth/react';
import { IconButton } from '#components/ui/Button.tsx';
import { t } from '#messages/en.ts';
import { AccountMenu } from './AccountMenu.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { ChainStatus } from './ChainStatus.tsx';
import { usePerson } from './ShellContext.tsx';
import { ThemeMenu } from './ThemeMenu.tsx';

/** The far side of the bar: command palette, which chains answer, appearance, sign out. */
export function TopTools() {
  const { theme } = usePerson();
  return (
    <div className="flex items-center gap-1 sm:gap-2">
      <CommandPalette />
      <ChainStatus />
      <div className="hidden items-center lg:flex">
        <ThemeMenu initial={theme} />
        <IconButton icon={LogOut} label={t.shell.account.signOut} onClick={() => signOut({ callbackUrl: '/sign-in' })} />
      </div>
      <div className="lg:hidden">
        <AccountMenu place="bar" />
      </div>
    </div>
  );
}
