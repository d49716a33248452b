import { z } from 'zod';
import { env } from '#server/env.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { RpcRefusal } from '../gateways/ethereum/rpc.ts';
import { countAttempt } from '../session/rateLimit.ts';

const calls = { max: 600, windowSeconds: 60 };

const base = z.object({ jsonrpc: z.literal('2.0'), id: z.union([z.int(), z.string().max(64), z.null()]) });
const hex = z.string().regex(/^0x[0-9a-fA-F]*$/);
const topic = hex.length(66);

/** What verifies a token, and nothing else: of the token's contract alone. */
const requestOf = (token: string) => {
  const own = z.string().refine((address) => address.toLowerCase() === token.toLowerCase());
  return z.union([
    base.extend({
      method: z.enum(['eth_chainId', 'eth_blockNumber']),
      params: z.array(z.unknown()).max(0).default([]),
    }),
    base.extend({
      method: z.literal('eth_call'),
      params: z.tuple([z.object({ to: own, data: hex.max(1_000) }), z.string().max(80)]),
    }),
    base.extend({
      method: z.literal('eth_getLogs'),
      // By event and token: never all of what everybody did. Clients write null for what they do not ask by.
      params: z.tuple([
        z.object({
          address: own,
          topics: z.union([
            z.tuple([topic, topic]),
            z.tuple([topic, topic, z.null()]),
            z.tuple([topic, topic, z.null(), z.null()]),
          ]),
          fromBlock: z.string().max(80),
          toBlock: z.string().max(80),
        }),
      ]),
    }),
    base.extend({ method: z.literal('eth_getTransactionByHash'), params: z.tuple([hex.length(66)]) }),
  ]);
};

/**
 * The portal's chain for whoever verifies a token without an account: it sees which token is asked for, and nothing of what the
 * asking person was shown. Throws INVALID_INPUT, RATE_LIMITED, ETHEREUM_UNAVAILABLE.
 */
export async function answerPublicRpc(
  caller: string,
  body: unknown,
  portal: Portal = thePortal(),
  token: string = env().PRESCRIPTION_TOKEN_ADDRESS,
): Promise<unknown> {
  const parsed = requestOf(token).safeParse(body);
  if (!parsed.success) throw new AppError('INVALID_INPUT', 'not a call that is passed on');
  await countAttempt(portal.db, `verify:${caller}`, calls);
  const { id, method, params } = parsed.data;
  try {
    return { jsonrpc: '2.0', id, result: await portal.ethereum.forward(method, params) };
  } catch (error) {
    // A revert says that there is no such token.
    if (!(error instanceof RpcRefusal)) throw error;
    return { jsonrpc: '2.0', id, error: { code: error.code, message: error.message, data: error.data } };
  }
}
