import type { Context } from 'fabric-contract-api';
import { LedgerError, parseLedgerError } from '../model/errors.ts';

/** Asks a contract of another channel, by an evaluation. Its refusals keep their codes. */
export async function askChannel(
  ctx: Context,
  [channel, contract]: readonly [channel: string, contract: string],
  ...call: string[]
): Promise<Uint8Array> {
  let message: string;
  try {
    const response = await ctx.stub.invokeChaincode(contract, call, channel);
    if (response.status < 400 && response.payload) return response.payload;
    message = response.message ?? '';
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
  }
  const refusal = parseLedgerError(message);
  if (refusal) throw new LedgerError(refusal.code, refusal.detail);
  throw new Error(`${channel} did not answer: ${message}`);
}

/** Asks the contract of the channel `registry`. */
export function askRegistry(ctx: Context, ...call: string[]): Promise<Uint8Array> {
  return askChannel(ctx, ['registry', 'registry'], ...call);
}
