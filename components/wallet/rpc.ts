import { RpcRequestError } from 'viem';
import { z } from 'zod';

const path = '/api/ethereum';
const answer = z.union([
  z.object({ result: z.unknown() }).refine((value) => 'result' in value),
  z.object({ error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }) }),
]);
const refusal = z.object({ code: z.string(), message: z.string() });

/** The portal did not pass a call on; `code` is the server's, or `OFFLINE`. */
export class ChainUnavailable extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ChainUnavailable';
    this.code = code;
  }
}

/** Asks the portal's chain. Throws viem's `RpcRequestError` for the node's refusals and `ChainUnavailable`. */
export async function askChain({ method, params = [] }: { method: string; params?: unknown }): Promise<unknown> {
  const body = { jsonrpc: '2.0', id: 1, method, params };
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'same-origin',
    });
  } catch (cause) {
    throw new ChainUnavailable('OFFLINE', 'The portal does not answer.', { cause });
  }
  const value: unknown = await response.json().catch(() => undefined);
  const refused = refusal.safeParse(value);
  if (!response.ok) {
    throw refused.success
      ? new ChainUnavailable(refused.data.code, refused.data.message)
      : new ChainUnavailable('ETHEREUM_UNAVAILABLE', 'The Ethereum chain does not answer.');
  }
  const parsed = answer.safeParse(value);
  if (!parsed.success)
    throw new ChainUnavailable('ETHEREUM_UNAVAILABLE', 'The Ethereum chain answered something else.');
  if ('error' in parsed.data) throw new RpcRequestError({ body, url: path, error: parsed.data.error });
  return parsed.data.result;
}
