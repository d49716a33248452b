import { endpoint } from '#server/endpoint.ts';
import { parseInput } from '#server/input.ts';
import { batchesQuery } from '#server/telemetry/schema.ts';
import { listBatches } from '#server/telemetry/service.ts';

export const dynamic = 'force-dynamic';

/** Where readings of a patient are anchored, newest first. */
export const GET = endpoint(async ({ request, actor }) => {
  const query = parseInput(batchesQuery, Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(await listBatches(actor, query), { headers: { 'cache-control': 'private, no-store' } });
});
