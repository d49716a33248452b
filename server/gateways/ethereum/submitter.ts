import { Wallet } from 'ethers';
import { z } from 'zod';
import { type Rpc, RpcRefusal } from './rpc.ts';

const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]+$/)
  .transform((text) => BigInt(text));
const attempts = 3;
const nonceTaken = /nonce too low|already known|replacement transaction underpriced|nonce has already/i;

/**
 * Sends transactions of one account, one after another, so that two never take the same nonce. Another process with
 * the same key may still take it first; then the next nonce is tried.
 */
export function newSubmitter(rpc: Rpc, privateKey: string): (call: { to: string; data: string }) => Promise<string> {
  const wallet = new Wallet(privateKey);
  const from = wallet.address;
  let chainId: bigint | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const send = async (call: { to: string; data: string }): Promise<string> => {
    chainId ??= quantity.parse(await rpc('eth_chainId', []));
    for (let attempt = 1; ; attempt += 1) {
      const [gas, gasPrice, nonce] = await Promise.all([
        rpc('eth_estimateGas', [{ from, ...call }]).then((answer) => quantity.parse(answer)),
        rpc('eth_gasPrice', []).then((answer) => quantity.parse(answer)),
        rpc('eth_getTransactionCount', [from, 'pending']).then((answer) => quantity.parse(answer)),
      ]);
      const signed = await wallet.signTransaction({
        ...call,
        chainId,
        nonce: Number(nonce),
        gasLimit: (gas * 12n) / 10n,
        maxFeePerGas: gasPrice * 2n,
        maxPriorityFeePerGas: gasPrice < 1_000_000_000n ? gasPrice : 1_000_000_000n,
        type: 2,
      });
      try {
        return z.string().parse(await rpc('eth_sendRawTransaction', [signed]));
      } catch (error) {
        const retry = error instanceof RpcRefusal && nonceTaken.test(error.message) && attempt < attempts;
        if (!retry) throw error;
      }
    }
  };

  return (call) => {
    const sent = last.then(() => send(call));
    last = sent.catch(() => undefined);
    return sent;
  };
}
