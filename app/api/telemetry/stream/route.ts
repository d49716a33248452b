import { endpoint } from '#server/endpoint.ts';
import { openTelemetryStream } from '#server/telemetry/stream.ts';

export const dynamic = 'force-dynamic';

/** That there is something new of patients whom the actor follows, as server-sent events. */
export const GET = endpoint(async ({ request, actor }) => {
  return new Response(openTelemetryStream(actor, request.signal), {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // Proxies that gather output would hold events back.
      'x-accel-buffering': 'no',
    },
  });
});
