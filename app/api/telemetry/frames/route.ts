import { encode } from '@ipld/dag-cbor';
import { endpoint } from '#server/endpoint.ts';
import { parseInput } from '#server/input.ts';
import { framesQuery } from '#server/telemetry/schema.ts';
import { readFrames } from '#server/telemetry/service.ts';

export const dynamic = 'force-dynamic';

/** Sealed frames of a patient as dag-cbor, `[[place, frame], …]`, oldest first. */
export const GET = endpoint(async ({ request, actor }) => {
  const query = parseInput(framesQuery, Object.fromEntries(new URL(request.url).searchParams));
  const frames = await readFrames(actor, query);
  const body = encode(frames.map(({ seq, bytes }) => [seq, new Uint8Array(bytes)]));
  return new Response(Buffer.from(body), {
    headers: { 'content-type': 'application/vnd.ipld.dag-cbor', 'cache-control': 'private, no-store' },
  });
});
