'use client';

import { LogOut } from 'lucide-react';
import { NoticeBell } from '#components/notices/NoticeBell.tsx';
import { IconButton } from '#components/ui/Button.tsx';
import { t } from '#messages/en.ts';
import { AccountMenu } from './AccountMenu.tsx';
import { ChainStatus } from './ChainStatus.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { usePerson } from './ShellContext.tsx';
import { ThemeMenu } from './ThemeMenu.tsx';
import { useSignOut } from './useSignOut.ts';

/** The far side of the bar: command palette, which chains answer, appearance, sign out. */
export function TopTools() {
  const { theme } = usePerson();
  const leave = useSignOut();
  return (
    <div className="flex items-center gap-1 sm:gap-2">
      <CommandPalette />
      <ChainStatus />
      <NoticeBell />
      <div className="hidden items-center lg:flex">
        <ThemeMenu initial={theme} />
        <IconButton icon={LogOut} label={t.shell.account.signOut} onClick={leave} />
      </div>
      <div className="lg:hidden">
        <AccountMenu place="bar" />
      </div>
    </div>
  );
}
