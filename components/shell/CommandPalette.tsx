'use client';

import { Command } from 'cmdk';
import { KeyRound, LockKeyhole, LogOut, type LucideIcon, Search, UserRoundSearch, WalletMinimal } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Dialog as Primitive } from 'radix-ui';
import { useEffect, useState } from 'react';
import { Kbd } from '#components/ui/Kbd.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { destinations, keysAddress } from './navigation.ts';
import { usePerson } from './ShellContext.tsx';
import { themeOptions } from './ThemeMenu.tsx';
import { applyTheme } from './theme.ts';
import { useUnlock } from './UnlockContext.tsx';
import { useSignOut } from './useSignOut.ts';

const text = t.shell.palette;

/** Everything that can be reached or done, by a few letters. Opens with Ctrl K or ⌘ K. */
export function CommandPalette() {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const router = useRouter();
  const { role } = usePerson();
  const leave = useSignOut();
  const vault = useVault();
  const { openDialog } = useUnlock();

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        setOpen((was) => !was);
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const run = (action: () => void) => {
    setOpen(false);
    setTyped('');
    action();
  };

  return (
    <Primitive.Root open={open} onOpenChange={setOpen}>
      <Primitive.Trigger
        aria-keyshortcuts="Control+K"
        className="inline-flex min-h-8 items-center gap-2.5 rounded-lg border-control text-sm text-ink-2 hover:text-ink max-sm:size-10 max-sm:justify-center sm:border sm:bg-surface sm:px-2.5 md:w-[18.5rem]"
      >
        <Search size={17} aria-hidden className="shrink-0" />
        <span className="sr-only md:not-sr-only md:flex-1 md:text-left md:whitespace-nowrap">{text.open}</span>
        <span className="hidden md:inline">
          <Kbd>Ctrl K</Kbd>
        </span>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade bg-[oklch(0.2_0.02_225/0.5)]" />
        <Primitive.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-24px))] -translate-x-1/2 animate-fade overflow-hidden rounded-xl border border-line-strong bg-surface"
        >
          <Primitive.Title className="sr-only">{text.title}</Primitive.Title>
          <Command label={text.title} loop>
            <div className="flex items-center gap-3 border-b border-line px-4">
              <Search size={18} aria-hidden className="text-ink-3" />
              <Command.Input
                placeholder={text.placeholder}
                value={typed}
                onValueChange={setTyped}
                className="h-13 w-full bg-transparent text-base outline-none"
              />
            </div>
            <Command.List className="max-h-[50vh] overflow-y-auto p-2">
              <Command.Empty className="px-3 py-8 text-center text-sm text-ink-2">{text.empty}</Command.Empty>
              <Group heading={text.goTo}>
                {destinations[role].map(({ href, label, icon }) => (
                  <Item key={href} icon={icon} onSelect={() => run(() => router.push(href))}>
                    {label}
                  </Item>
                ))}
              </Group>
              {role === 'doctor' && typed.trim().length >= 2 && (
                <Group heading={text.patients}>
                  {/* Looking for a patient is written down, so it is asked for and never done by the way. */}
                  <Item
                    icon={UserRoundSearch}
                    forceMount
                    onSelect={() =>
                      run(() => router.push(`/doctor/patients?query=${encodeURIComponent(typed.trim())}`))
                    }
                  >
                    {text.findPatient(typed.trim())}
                  </Item>
                </Group>
              )}
              <Group heading={text.appearance}>
                {themeOptions.map(({ value, label, icon }) => (
                  <Item key={value} icon={icon} onSelect={() => run(() => applyTheme(value))}>
                    {label}
                  </Item>
                ))}
              </Group>
              <Group heading={text.account}>
                <Item icon={WalletMinimal} onSelect={() => run(() => router.push(keysAddress))}>
                  {t.shell.account.keys}
                </Item>
                {vault.state === 'open' && (
                  <Item icon={LockKeyhole} onSelect={() => run(() => void vault.lock())}>
                    {t.shell.account.lock}
                  </Item>
                )}
                {vault.state === 'locked' && (
                  <Item icon={KeyRound} onSelect={() => run(openDialog)}>
                    {t.shell.account.unlock}
                  </Item>
                )}
                <Item icon={LogOut} onSelect={() => run(leave)}>
                  {t.shell.account.signOut}
                </Item>
              </Group>
            </Command.List>
          </Command>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Group({ heading, children }: { heading: string; children: React.ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3"
    >
      {children}
    </Command.Group>
  );
}

function Item({
  icon: Icon,
  children,
  onSelect,
  forceMount = false,
}: {
  icon: LucideIcon;
  children: string;
  onSelect: () => void;
  /** It stands whatever is typed. */
  forceMount?: boolean;
}) {
  return (
    <Command.Item
      onSelect={onSelect}
      forceMount={forceMount}
      className="flex min-h-10 cursor-pointer items-center gap-3 rounded-md px-3 text-sm data-[selected=true]:bg-brand-soft"
    >
      <Icon size={17} aria-hidden className="text-ink-2" />
      {children}
    </Command.Item>
  );
}
