import { z } from 'zod';
import type { ChangeView, ChannelHealth } from '#server/regulator/schema.ts';

const change: z.ZodType<ChangeView> = z.object({
  channel: z.string(),
  blockNumber: z.number(),
  transactionId: z.string(),
  contract: z.string(),
  function: z.string(),
  state: z.string(),
  at: z.string(),
});

const health: z.ZodType<ChannelHealth[]> = z.array(
  z.object({
    channel: z.string(),
    kind: z.enum(['registry', 'care', 'supply', 'claims']),
    answering: z.boolean(),
    height: z.number(),
    transactions: z.number(),
    invalid: z.number(),
    rate: z.number(),
    lag: z.number(),
    lagMs: z.number(),
  }),
);

function parsed<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** A `change` event of the stream; undefined where it is not one. */
export const changeMessage = (text: string): ChangeView | undefined => parsed(change, text);

/** A `health` event of the stream; undefined where it is not one. */
export const healthMessage = (text: string): ChannelHealth[] | undefined => parsed(health, text);
