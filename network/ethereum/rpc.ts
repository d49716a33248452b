import { z } from 'zod';

const replySchema = z.union([
  z.object({ result: z.unknown() }).refine((reply) => reply.result !== undefined),
  z.object({ error: z.object({ code: z.number(), message: z.string() }) }),
]);

/**
 * One Ethereum JSON-RPC call, for starting and watching a node.
 * @returns the result, a string; every call made here answers with one
 * @throws when nothing answers in time, or when the node refuses
 */
export async function callEthereum(
  rpcUrl: string,
  method: string,
  params: unknown[] = [],
  patienceMs = 5_000,
): Promise<string> {
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(patienceMs),
  });
  const reply = replySchema.parse(await response.json());
  if ('error' in reply) throw new Error(`${method}: ${reply.error.message} (${reply.error.code})`);
  return z.string().parse(reply.result);
}

/** Whether an Ethereum node answers at this address, and with which chain id; `cause` says why not. */
export async function isReachable(
  rpcUrl: string,
  patienceMs = 5_000,
): Promise<{ reachable: true; chainId: number } | { reachable: false; cause: string }> {
  try {
    return { reachable: true, chainId: Number(BigInt(await callEthereum(rpcUrl, 'eth_chainId', [], patienceMs))) };
  } catch (error) {
    return { reachable: false, cause: describe(error) };
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says only "fetch failed"; what went wrong is in the cause.
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}
