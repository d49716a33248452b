import { z } from 'zod';
import { type ChannelHealth, channelHealth } from '#server/ledgers/schema.ts';
import type { ChangeView } from '#server/regulator/schema.ts';

const change: z.ZodType<ChangeView> = z.object({
  channel: z.string(),
  blockNumber: z.number(),
  transactionId: z.string(),
  contract: z.string(),
  function: z.string(),
  state: z.string(),
  at: z.string(),
});

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
export const healthMessage = (text: string): ChannelHealth[] | undefined => parsed(z.array(channelHealth), text);
