import { setTimeout as delay } from 'node:timers/promises';
import { Transaction, Wallet } from 'ethers';
import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import type { Outgoing, OutgoingKey, OutgoingStore } from './outgoing.ts';
import { type Rpc, RpcRefusal } from './rpc.ts';

const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]+$/)
  .transform((text) => BigInt(text));
const receiptStatus = z.object({ status: quantity }).nullable();
const attempts = 3;
const nonceTaken = /nonce too low|replacement transaction underpriced|nonce has already/i;
const knownAlready = /already known|already imported|known transaction/i;
const pollMs = 250;
const oneGwei = 1_000_000_000n;

export interface Call {
  to: string;
  data: string;
}

export interface Patience {
  /** How long a call waits for what is on its way. */
  minedWithinMs: number;
  /** After how long without an outcome a transaction counts as stuck. */
  stuckMs: number;
}

/** Sends transactions of one account, one after another: none before the one before has an outcome. */
export interface Submitter {
  /**
   * Waits until what was sent last, by whichever process, has its outcome. Throws ETHEREUM_UNAVAILABLE where it has none: then it was
   * handed to the node again or, where it is stuck, replaced by one with the same nonce and a higher fee. Throws `RpcRefusal`.
   */
  settle(): Promise<void>;
  /**
   * Sends a call and waits until it is mined; what the chain would refuse is not sent. Throws ETHEREUM_UNAVAILABLE where it is not
   * mined in time, and stays on its way. Throws `RpcRefusal`.
   */
  send(call: Call): Promise<{ transactionHash: string; reverted: boolean }>;
  /** Gas that a call takes now. Throws `RpcRefusal` where the chain would refuse it. */
  estimate(call: Call): Promise<bigint>;
}

const hashesOf = ({ raw, earlier }: Outgoing): string[] => [Transaction.from(raw).hash ?? '', ...earlier];

/** A pool takes the place of a transaction only for a tenth more of both fees; an eighth is enough whatever is rounded. */
const raised = (fee: bigint | null) => ((fee ?? 0n) * 9n) / 8n + 1n;
const larger = (a: bigint, b: bigint) => (a > b ? a : b);
const smaller = (a: bigint, b: bigint) => (a < b ? a : b);

/**
 * `store` has each transaction before the node does, so that none is lost or doubled whenever a process ends. Another process with the
 * same key and another store may still take a nonce first; then the next is tried.
 */
export function newSubmitter(rpc: Rpc, privateKey: string, store: OutgoingStore, patience: Patience): Submitter {
  const wallet = new Wallet(privateKey);
  const account = wallet.address;
  let key: OutgoingKey | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const keyed = async () => {
    key ??= { account: account.toLowerCase(), chainId: Number(quantity.parse(await rpc('eth_chainId', []))) };
    return key;
  };
  const estimate = async (call: Call) =>
    quantity.parse(await rpc('eth_estimateGas', [{ from: account, to: call.to, data: call.data }]));
  const price = async () => quantity.parse(await rpc('eth_gasPrice', []));
  const count = async (block: 'latest' | 'pending') =>
    Number(quantity.parse(await rpc('eth_getTransactionCount', [account, block])));

  /** Hands a signed transaction to the node, which may have it already. */
  const handOver = async ({ raw }: Outgoing) => {
    try {
      await rpc('eth_sendRawTransaction', [raw]);
    } catch (error) {
      if (!(error instanceof RpcRefusal) || !knownAlready.test(error.message)) throw error;
    }
  };

  /** What came of it, or of one that it replaced; undefined while none of them is mined within the time. */
  const outcomeOf = async (outgoing: Outgoing, withinMs: number) => {
    for (let waited = 0; ; waited += pollMs) {
      for (const transactionHash of hashesOf(outgoing)) {
        const receipt = receiptStatus.parse(await rpc('eth_getTransactionReceipt', [transactionHash]));
        if (receipt !== null) return { transactionHash, reverted: receipt.status !== 1n };
      }
      if (waited >= withinMs) return undefined;
      await delay(pollMs);
    }
  };

  const settle = async (): Promise<void> => {
    const own = await keyed();
    const outgoing = await store.read(own);
    if (outgoing === undefined) return;
    const done = () => store.replace(own, outgoing, undefined);
    if ((await outcomeOf(outgoing, 0)) !== undefined) return void (await done());
    const { hash } = Transaction.from(outgoing.raw);
    if (Date.now() - outgoing.sentAt.getTime() < patience.stuckMs) {
      // The process may have ended before the node had it, and a node may have dropped it.
      const refused = await handOver(outgoing).then(() => '', refusalText);
      if ((await outcomeOf(outgoing, patience.minedWithinMs)) !== undefined) return void (await done());
      throw new AppError('ETHEREUM_UNAVAILABLE', `${hash} is not mined${refused}`);
    }
    const next = await count('latest');
    // Its nonce is another's for good: what it was to bring is looked for on the chain, as ever.
    if (next > Transaction.from(outgoing.raw).nonce) return void (await done());
    const replacing = await replacementOf(outgoing, next);
    if (!(await store.replace(own, outgoing, replacing))) throw new AppError('ETHEREUM_UNAVAILABLE', 'another sends');
    try {
      await handOver(replacing);
    } catch (error) {
      // The node has the former at most; its fee is no base for a higher one. It is looked at after the same time again.
      if (error instanceof RpcRefusal) await store.replace(own, replacing, { ...outgoing, sentAt: new Date() });
      throw error;
    }
    throw new AppError('ETHEREUM_UNAVAILABLE', `${hash} was stuck and is replaced`);
  };

  /**
   * The same call with a higher fee and the same nonce, or the first that is free where the chain lost some. A fee that is far above the
   * market's is raised no more: what is stuck all the same waits for something else, and would only pay more.
   */
  const replacementOf = async (outgoing: Outgoing, next: number): Promise<Outgoing> => {
    const former = Transaction.from(outgoing.raw);
    const market = await price();
    const paysEnough = (former.maxFeePerGas ?? 0n) > market * 8n && former.nonce === next;
    if (paysEnough) return { ...outgoing, sentAt: new Date() };
    const maxFeePerGas = larger(market * 2n, raised(former.maxFeePerGas));
    const raw = await wallet.signTransaction({
      ...{ to: former.to, data: former.data, chainId: former.chainId, gasLimit: former.gasLimit, type: 2 },
      nonce: next,
      maxFeePerGas,
      maxPriorityFeePerGas: smaller(
        maxFeePerGas,
        larger(smaller(market, oneGwei), raised(former.maxPriorityFeePerGas)),
      ),
    });
    return { raw, earlier: hashesOf(outgoing), sentAt: new Date() };
  };

  const send = async (call: Call) => {
    const own = await keyed();
    for (let attempt = 1; ; attempt += 1) {
      await settle();
      const [gas, gasPrice, nonce] = await Promise.all([estimate(call), price(), count('pending')]);
      const raw = await wallet.signTransaction({
        ...{ to: call.to, data: call.data, chainId: own.chainId, nonce, gasLimit: (gas * 12n) / 10n, type: 2 },
        maxFeePerGas: gasPrice * 2n,
        maxPriorityFeePerGas: smaller(gasPrice, oneGwei),
      });
      const outgoing: Outgoing = { raw, earlier: [], sentAt: new Date() };
      if (!(await store.replace(own, undefined, outgoing))) {
        if (attempt < attempts) continue;
        throw new AppError('ETHEREUM_UNAVAILABLE', 'another sends');
      }
      try {
        await handOver(outgoing);
      } catch (error) {
        if (!(error instanceof RpcRefusal)) throw error;
        // The node has not taken it. Where no answer came it may have, and it stays kept.
        await store.replace(own, outgoing, undefined);
        if (nonceTaken.test(error.message) && attempt < attempts) continue;
        throw error;
      }
      const outcome = await outcomeOf(outgoing, patience.minedWithinMs);
      if (outcome === undefined)
        throw new AppError('ETHEREUM_UNAVAILABLE', `${Transaction.from(raw).hash} is not mined`);
      await store.replace(own, outgoing, undefined);
      return outcome;
    }
  };

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  return { settle: () => inTurn(settle), send: (call) => inTurn(() => send(call)), estimate };
}

/** Why the node did not take it again, for the log; whatever else happens is thrown. */
function refusalText(error: unknown): string {
  if (error instanceof RpcRefusal) return `: ${error.message}`;
  throw error;
}
