import { env } from '#server/env.ts';

/** Whether this portal is a demonstration, which every page says. Public: it tells nothing about anybody. */
export function isDemonstration(): boolean {
  return env().MEDLOOM_MODE === 'demonstration';
}
