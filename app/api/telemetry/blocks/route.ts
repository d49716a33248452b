import { z } from 'zod';
import { cid } from '#chaincode/model/identifiers.ts';
import { largestCircleBlock, putBlock, readBlock } from '#server/circles/blocks.ts';
import { endpoint, readBytes } from '#server/endpoint.ts';
import { parseInput } from '#server/input.ts';
import { blockQuery } from '#server/telemetry/schema.ts';

export const dynamic = 'force-dynamic';

/** Takes the block of a commit or of a sealed plan; answers its address and hash. */
export const PUT = endpoint(async ({ request, actor }) => {
  const { patient } = parseInput(blockQuery, Object.fromEntries(new URL(request.url).searchParams));
  const bytes = await readBytes(request, largestCircleBlock);
  return Response.json(await putBlock(actor, { patient, bytes }), { headers: { 'cache-control': 'no-store' } });
});

const whichBlock = z.object({ cid });

/** A block of a circle in which the actor is. */
export const GET = endpoint(async ({ request, actor }) => {
  const which = parseInput(whichBlock, Object.fromEntries(new URL(request.url).searchParams));
  const bytes = await readBlock(actor, which);
  return new Response(Buffer.from(bytes), {
    headers: { 'content-type': 'application/vnd.ipld.dag-cbor', 'cache-control': 'private, no-cache' },
  });
});
