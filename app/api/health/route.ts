import { publicEndpoint } from '#server/endpoint.ts';
import { readHealth } from '#server/health/service.ts';

export const dynamic = 'force-dynamic';

/** State and latency of every component; 503 when one is down. */
export const GET = publicEndpoint(async () => {
  const health = await readHealth();
  return Response.json(health, {
    status: health.state === 'up' ? 200 : 503,
    headers: { 'cache-control': 'no-store' },
  });
});
