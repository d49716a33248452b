'use client';

import { Monitor, Moon, Sun, SunMoon } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '#components/ui/Button.tsx';
import { Menu, MenuChoice } from '#components/ui/Menu.tsx';
import { t } from '#messages/en.ts';
import { applyTheme, type Theme } from './theme.ts';

const text = t.shell.theme;
export const themeOptions = [
  { value: 'system', label: text.system, icon: Monitor },
  { value: 'light', label: text.light, icon: Sun },
  { value: 'dark', label: text.dark, icon: Moon },
] as const;

/** Light, dark, or as the system has it. */
export function ThemeMenu({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState<Theme>(initial);
  return (
    <Menu trigger={<IconButton icon={SunMoon} label={text.label} />}>
      <MenuChoice
        label={text.label}
        value={theme}
        options={themeOptions}
        onChange={(chosen) => {
          setTheme(chosen);
          applyTheme(chosen);
        }}
      />
    </Menu>
  );
}
