'use client';

import { Ellipsis } from 'lucide-react';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import { Wordmark } from '#components/ui/Mark.tsx';
import { Menu, MenuItem } from '#components/ui/Menu.tsx';
import { t } from '#messages/en.ts';
import { AccountMenu } from './AccountMenu.tsx';
import { currentOf, destinations, homeOf, underThumb } from './navigation.ts';
import { usePerson } from './ShellContext.tsx';

/** The rooms of the person's role, and the person at the bottom. Wide screens only; a phone has the bar below. */
export function Sidebar() {
  const person = usePerson();
  const current = currentOf(person.role, usePathname());
  return (
    <div
      data-print="hide"
      className="sticky top-0 hidden h-[calc(100dvh-var(--banner,0px))] w-[13.25rem] shrink-0 flex-col border-r border-line bg-sunken px-3 py-4 lg:flex"
    >
      <Link href={homeOf(person.role)} className="mb-4 rounded-sm px-2 py-1">
        <Wordmark />
      </Link>
      <nav aria-label={t.shell.navigation.label} className="flex-1">
        <ul className="space-y-0.5">
          {destinations[person.role].map(({ href, label, icon: Icon }) => {
            const active = href === current;
            return (
              <li key={href}>
                <Link
                  href={href}
                  aria-current={active ? 'page' : undefined}
                  className={`flex min-h-[38px] items-center gap-3 rounded-lg border px-2.5 text-sm transition-colors ${
                    active
                      ? 'border-line bg-surface font-bold text-ink'
                      : 'border-transparent text-ink-2 hover:bg-surface hover:text-ink'
                  }`}
                >
                  <Icon size={18} aria-hidden className={active ? 'text-brand' : ''} />
                  {label}
                </Link>
              </li>
            );
          })}
        </ul>
      </nav>
      <div className="border-t border-line pt-2">
        <AccountMenu place="sidebar" />
      </div>
    </div>
  );
}

const thumb =
  'flex min-h-[60px] w-full flex-col items-center justify-center gap-1 px-1 text-center text-xs leading-none';
const spot = (active: boolean) =>
  `inline-flex h-7 w-14 items-center justify-center rounded-full ${active ? 'bg-brand-soft' : ''}`;

/** The same rooms on a phone, under the thumb; those for which there is no room open from the last place. */
export function BottomBar() {
  const person = usePerson();
  const router = useRouter();
  const current = currentOf(person.role, usePathname());
  const { shown, more } = underThumb(person.role);
  const elsewhere = more.some(({ href }) => href === current);
  const ink = (active: boolean) => (active ? 'font-bold text-brand' : 'text-ink-2');
  return (
    <nav
      data-print="hide"
      aria-label={t.shell.navigation.label}
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      <ul className="mx-auto flex max-w-xl">
        {shown.map(({ href, label, icon: Icon }) => {
          const active = href === current;
          return (
            <li key={href} className="min-w-0 flex-1">
              <Link href={href} aria-current={active ? 'page' : undefined} className={`${thumb} ${ink(active)}`}>
                <span className={spot(active)}>
                  <Icon size={19} aria-hidden />
                </span>
                {label}
              </Link>
            </li>
          );
        })}
        {more.length > 0 && (
          <li className="min-w-0 flex-1">
            <Menu
              side="top"
              trigger={
                <button type="button" className={`${thumb} ${ink(elsewhere)}`}>
                  <span className={spot(elsewhere)}>
                    <Ellipsis size={19} aria-hidden />
                  </span>
                  {t.shell.navigation.more}
                </button>
              }
            >
              {more.map(({ href, label, icon }) => (
                <MenuItem key={href} icon={icon} onSelect={() => router.push(href)}>
                  {label}
                </MenuItem>
              ))}
            </Menu>
          </li>
        )}
      </ul>
    </nav>
  );
}
