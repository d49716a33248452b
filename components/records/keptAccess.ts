import { z } from 'zod';
import { accessHours } from '#chaincode/model/access.ts';
import type { PermittedNow } from '#chaincode/model/consent.ts';

/** Accesses that this browser session has, so that going back and forth makes no entries on the ledger. Their ids open nothing. */

const shape = z.object({ id: z.string(), until: z.number() });
export type KeptAccess = z.infer<typeof shape>;

const keyOf = (patient: string, reason: string) => `medloom-access:${patient}:${reason}`;

/** Notes an access from now on. */
export function keepAccess(patient: string, reason: string, id: string, now = Date.now()): void {
  const kept: KeptAccess = { id, until: now + accessHours * 3600_000 };
  sessionStorage.setItem(keyOf(patient, reason), JSON.stringify(kept));
}

/** The access that was noted, unless it has ended. */
export function keptAccess(patient: string, reason: string, now = Date.now()): KeptAccess | undefined {
  const text = sessionStorage.getItem(keyOf(patient, reason));
  if (text === null) return undefined;
  try {
    const kept = shape.parse(JSON.parse(text));
    return kept.until > now ? kept : undefined;
  } catch {
    // Written by something else; it is asked for anew.
    return undefined;
  }
}

/** The reason of an access by consent: once something else is permitted, it is another. */
export const sharedReason = ({ purpose, categories }: PermittedNow): string => `${purpose}/${categories.join('+')}`;
