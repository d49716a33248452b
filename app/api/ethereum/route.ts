import { endpoint, readBody } from '#server/endpoint.ts';
import { AppError } from '#server/errors.ts';
import { forwardRpc } from '#server/wallet/service.ts';

const largestBody = 128 * 1024;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'body is not JSON', { cause });
  }
}

/** JSON-RPC of the portal's Ethereum chain for the built-in wallet. */
export const POST = endpoint(async ({ request, actor }) => {
  const body = parseJson(await readBody(request, largestBody));
  return Response.json(await forwardRpc(actor, body), { headers: { 'cache-control': 'no-store' } });
});
