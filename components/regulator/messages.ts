import { z } from 'zod';
import type { Change, Health } from './view.ts';

export const change = z
  .object({
    channel: z.string(),
    function: z.string(),
    at: z.string(),
    transactionId: z.string(),
    blockNumber: z.union([z.string(), z.number()]).optional(),
  })
  .transform(
    (value): Change => ({
      key: value.transactionId,
      channel: value.channel,
      function: value.function,
      at: value.at,
      ...(value.blockNumber !== undefined && { blockNumber: String(value.blockNumber) }),
    }),
  );

export const health = z.array(
  z
    .object({
      channel: z.string(),
      answering: z.boolean(),
      height: z.number().optional(),
      lag: z.number().optional(),
      rate: z.number().optional(),
    })
    .transform((value): Health => value),
);

const parsed = <T>(schema: z.ZodType<T>, text: string): T | undefined => {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/** A `change` event of the stream; undefined where it is not one. */
export const changeMessage = (text: string): Change | undefined => parsed(change, text);

/** A `health` event of the stream; undefined where it is not one. */
export const healthMessage = (text: string): Health[] | undefined => parsed(health, text);
