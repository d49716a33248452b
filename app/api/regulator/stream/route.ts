import { endpoint } from '#server/endpoint.ts';
import { openStream } from '#server/regulator/stream.ts';

export const dynamic = 'force-dynamic';

/** Changes over all channels and their health, as server-sent events. */
export const GET = endpoint(async ({ request, actor }) => {
  return new Response(openStream(actor, request.signal), {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // Proxies that gather output would hold events back.
      'x-accel-buffering': 'no',
    },
  });
});
