import { cookies } from 'next/headers';
import { type Theme, themeCookie, themeOf } from './theme.ts';

/** The theme that this browser's person chose; server components only. */
export async function readTheme(): Promise<Theme> {
  return themeOf((await cookies()).get(themeCookie)?.value);
}
