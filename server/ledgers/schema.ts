import { z } from 'zod';

/** How one chain is doing. */
export const channelHealth = z.object({
  channel: z.string(),
  kind: z.enum(['registry', 'care', 'supply', 'claims']),
  answering: z.boolean(),
  /** Blocks followed so far. */
  height: z.number(),
  transactions: z.number(),
  invalid: z.number(),
  /** Changes in the last minute. */
  rate: z.number(),
  /** Blocks known to be committed that the read model has not got yet. */
  lag: z.number(),
  /** Milliseconds from a transaction's own time until it stood in the read model, as last measured. */
  lagMs: z.number(),
  /** Whose peers endorsed its valid transactions, the most frequent first. */
  endorsers: z.array(z.object({ mspId: z.string(), transactions: z.number(), lastBlock: z.number() })),
});
export type ChannelHealth = z.infer<typeof channelHealth>;

/** Spans of time that figures are shown for, with the width of one point. */
export const spans = { hour: { minutes: 60, step: 1 }, day: { minutes: 1_440, step: 15 } } as const;
export const span = z.enum(['hour', 'day']);
export type Span = z.infer<typeof span>;

/** A chain's figures over time; steps in which nothing was measured are left out. */
export const channelSeries = z.object({
  channel: z.string(),
  points: z.array(
    z.object({
      /** Beginning of the step, ISO 8601. */
      at: z.string(),
      transactions: z.number(),
      invalid: z.number(),
      /** Mean milliseconds from a transaction's own time until it stood in the read model; null where there was none. */
      delayMs: z.number().nullable(),
      /** Mean milliseconds that a peer took to answer; null where none answered. */
      answerMs: z.number().nullable(),
      unanswered: z.number(),
    }),
  ),
});
export type ChannelSeries = z.infer<typeof channelSeries>;

/** Answer of `GET /api/ledgers`. */
export const ledgerFigures = z.object({ health: z.array(channelHealth), series: z.array(channelSeries) });
export type LedgerFigures = z.infer<typeof ledgerFigures>;
