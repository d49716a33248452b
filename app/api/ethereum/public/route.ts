import { publicEndpoint, readBody } from '#server/endpoint.ts';
import { AppError } from '#server/errors.ts';
import { callerAddress } from '#server/session/address.ts';
import { answerPublicRpc } from '#server/wallet/publicRpc.ts';

const largestBody = 4 * 1024;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'body is not JSON', { cause });
  }
}

/** JSON-RPC of the portal's Ethereum chain for `/verify`: reads of the token's contract, without an account. */
export const POST = publicEndpoint(async ({ request }) => {
  const body = parseJson(await readBody(request, largestBody));
  const answer = await answerPublicRpc(callerAddress(request.headers), body);
  return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
});
