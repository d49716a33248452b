import { z } from 'zod';
import type { Item } from '../supply/schema.ts';
import { type AlertView, type TriageState, triageStates } from '../trace/schema.ts';

/** What the authority does about alerts, step by step. */

/**
 * new → suspect → investigated → illegitimate → reported → closed. What turns out to be nothing is closed before. That a
 * product is illegitimate a person determines, and from then on the notice is due in 24 hours.
 */
export const nextStates: Readonly<Record<TriageState, readonly TriageState[]>> = {
  new: ['suspect', 'closed'],
  suspect: ['investigated', 'closed'],
  investigated: ['illegitimate', 'closed'],
  illegitimate: ['reported'],
  reported: ['closed'],
  closed: [],
};

export const alertId = z.string().regex(/^[0-9a-f]{32}$/);
const note = z.string().trim().min(3).max(2_000);

export const someAlert = z.object({ id: alertId });
/** `version`: of the triage that was seen, 0 for an alert that nobody has looked at. */
export const decideAlert = z.object({
  id: alertId,
  to: z.enum(triageStates).exclude(['new']),
  version: z.int().min(0),
  note,
});
export const noteOnAlert = z.object({ id: alertId, note });

export interface TriageNote {
  text: string;
  /** State that it led to; null for a note alone. */
  state: TriageState | null;
  by: { id: string; name: string };
  /** ISO 8601 */
  at: string;
}

/** So many things of an alert are quarantined at once: one event, in one transaction of each chain. */
export const mostThings = 1_000;

export interface AlertCase {
  alert: AlertView;
  /** Packs and cases that it is about, and how many more there are than are told. */
  things: { items: Item[]; leftOut: number };
  rule: { id: string; description: string; source: string };
  /** Event that raised it, as it is proved on the ledger. */
  event: { channel: string; block: number; transactionId: string; hash: string } | null;
  determinedAt: string | null;
  reportedAt: string | null;
  closedAt: string | null;
  /** Where it may go from here. */
  next: TriageState[];
  /** Oldest first. */
  notes: TriageNote[];
}
