import { z } from 'zod';
import { accessId } from '#chaincode/model/access.ts';
import { type Category, category } from '#chaincode/model/category.ts';

/** One reading of a record as everybody on the ledger knows it; categories and purpose the owner reads from the ledger. */
export interface AccessEntry {
  id: string;
  reader: { id: string; name: string; role?: string; institution?: { id: string; name: string } };
  emergency?: string;
  /** ISO 8601 */
  at: string;
  until: string;
  proof: { channel: string; transactionId: string; blockNumber: number };
}

/** An emergency with the names that the actor may know. */
export interface EmergencyView {
  id: string;
  patient: { pseudonym: string; name?: string };
  actor: { id: string; name: string };
  institution: { id: string; name: string };
  level: 'summary' | 'full';
  reason: string;
  /** ISO 8601 */
  at: string;
  until: string;
  open: boolean;
  confirmedBy?: { id: string; name: string };
  confirmedAt?: string;
  review?: { outcome: 'justified' | 'unjustified'; note: string; by: string; at: string };
}

/** How often a clinician has broken the glass, so that overuse shows. */
export interface EmergencyCount {
  actor: { id: string; name: string };
  institution: { id: string; name: string };
  total: number;
  lastThirtyDays: number;
  unreviewed: number;
  unjustified: number;
  /** Found unjustified once, or more than three in thirty days and more than twice what is usual among those who had any. */
  unusual: boolean;
}

export const listEmergencies = z.object({
  which: z.enum(['all', 'open', 'unreviewed']).default('all'),
});

/** Sealed shares as `access:readEscrow` answers them, which the connectors open and wrap anew for the reader. */
export const releaseShares = z.object({
  access: accessId,
  shares: z
    .array(
      z.object({
        reader: z.string().regex(/^escrow:[A-Za-z][A-Za-z0-9.-]{0,62}$/),
        category,
        epoch: z.int().positive(),
        wrap: z.string().max(1600),
      }),
    )
    .min(1)
    .max(50),
});

/** Shares of a category's seed, wrapped for the reader (`medloom/escrow/release/v1`); two of them put it together. */
export interface ReleasedShares {
  category: Category;
  epoch: number;
  wraps: string[];
}
