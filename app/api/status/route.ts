import { endpoint } from '#server/endpoint.ts';
import { readChainStatus } from '#server/health/service.ts';

export const dynamic = 'force-dynamic';

/** Which chains answer, for the status line of signed-in people. */
export const GET = endpoint(async ({ actor }) =>
  Response.json(await readChainStatus(actor), { headers: { 'cache-control': 'no-store' } }),
);
