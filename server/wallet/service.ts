import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { RpcRefusal } from '../gateways/ethereum/rpc.ts';
import { type Actor, roles } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { isPassedOn, type RpcRequest, rpcBody } from './schema.ts';

const calls = { max: 600, windowSeconds: 60 };
const transactions = { max: 60, windowSeconds: 60 };

/** Refuses whoever has no role here. Every role may have a wallet. */
function allowChain(actor: Actor): void {
  if (!roles.includes(actor.role)) throw new AppError('FORBIDDEN', `unknown role ${actor.role}`);
}

/** JSON-RPC 2.0, section 5.1. Wallets try calls that few nodes have, and at this answer take another way at once. */
const methodNotFound = -32_601;

async function answer(portal: Portal, { id, method, params }: RpcRequest) {
  if (!isPassedOn(method)) {
    return { jsonrpc: '2.0', id, error: { code: methodNotFound, message: `${method} is not passed on` } };
  }
  try {
    return { jsonrpc: '2.0', id, result: await portal.ethereum.forward(method, params) };
  } catch (error) {
    // A revert is an answer, which the wallet reads; it is passed on whole.
    if (!(error instanceof RpcRefusal)) throw error;
    return { jsonrpc: '2.0', id, error: { code: error.code, message: error.message, data: error.data } };
  }
}

/**
 * Passes a wallet's JSON-RPC calls on to the portal's chain: only what a wallet needs, so that the chain's own controls
 * stay out of reach, and only for people who are signed in. Throws INVALID_INPUT, RATE_LIMITED, ETHEREUM_UNAVAILABLE.
 */
export async function forwardRpc(actor: Actor, body: unknown, portal: Portal = thePortal()): Promise<unknown> {
  allowChain(actor);
  const parsed = rpcBody.safeParse(body);
  if (!parsed.success) throw new AppError('INVALID_INPUT', 'not a call that is passed on');
  const requests = Array.isArray(parsed.data) ? parsed.data : [parsed.data];
  const sent = requests.filter(({ method }) => method === 'eth_sendRawTransaction').length;
  await countAttempt(portal.db, `rpc:${actor.personId}`, calls, requests.length);
  if (sent > 0) await countAttempt(portal.db, `rpc-send:${actor.personId}`, transactions, sent);
  const answers = await Promise.all(requests.map((request) => answer(portal, request)));
  return Array.isArray(parsed.data) ? answers : answers[0];
}
