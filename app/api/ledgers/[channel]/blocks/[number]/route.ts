import { z } from 'zod';
import { endpoint } from '#server/endpoint.ts';
import { parseInput } from '#server/input.ts';
import { readSupplyBlock } from '#server/ledgers/blocks.ts';

export const dynamic = 'force-dynamic';

const asked = z.object({
  channel: z.string().max(64),
  number: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
});

/** The bytes of a block of a supply channel, as its peers keep it. */
export const GET = endpoint<{ channel: string; number: string }>(async ({ params, actor }) => {
  const block = await readSupplyBlock(actor, parseInput(asked, params));
  return new Response(Uint8Array.from(block), {
    headers: {
      'content-type': 'application/octet-stream',
      // A block never changes.
      'cache-control': 'private, max-age=86400, immutable',
    },
  });
});
