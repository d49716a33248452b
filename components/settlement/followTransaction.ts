import {
  type Hex,
  MethodNotFoundRpcError,
  MethodNotSupportedRpcError,
  type Transaction,
  TransactionNotFoundError,
} from 'viem';
import { getTransaction, getTransactionCount, waitForTransactionReceipt } from 'viem/actions';
import type { WalletConfig } from '#components/wallet/config.ts';
import { chainOf, refusalOf } from './checkCall.ts';
import type { SentTransaction } from './sentTransactions.ts';
import { WalletProblem } from './walletProblem.ts';

export type HashedTransaction = SentTransaction & { hash: Hex };

export interface Followed {
  /** In which it was done: another one than was followed where the wallet has sent it again for another fee. */
  hash: Hex;
  isRepriced: boolean;
}

export interface FollowOptions {
  /** What is learnt of the transaction meanwhile, to be remembered. */
  onSeen?: (seen: HashedTransaction) => void;
  /** That it takes long, or that the chain does not answer. */
  onWaiting?: (why: 'slow' | 'unreachable') => void;
  signal?: AbortSignal | undefined;
  /** How long it is waited for at a time until the chain is asked whether it still has it, in milliseconds. */
  patienceMs?: number;
  /** How long the chain has to know nothing of it until it counts as dropped: nodes hear of it one after another. */
  droppedAfterMs?: number;
}

/**
 * Waits until a transaction is in a block, whatever becomes of it. Throws a `WalletProblem` where it was not done: REVERTED with the
 * contract's error, CANCELLED, REPLACED, DROPPED, or UNKNOWN where only its wallet knows; and what `signal` was aborted with. While the
 * chain does not answer, it goes on.
 */
export async function followTransaction(
  config: WalletConfig,
  remembered: HashedTransaction,
  { onSeen = () => {}, onWaiting = () => {}, signal, patienceMs = 30_000, droppedAfterMs = 60_000 }: FollowOptions = {},
): Promise<Followed> {
  let sent = remembered;
  let missingSince: number | undefined;
  for (;;) {
    try {
      if (!sent.isSeen) {
        const own = await orNothing(getTransaction(chainOf(config), { hash: sent.hash }));
        if (own !== undefined) sent = { ...sent, nonce: own.nonce, isSeen: true };
        if (own !== undefined) onSeen(sent);
      }
      const followed = await inBlock(config, sent, patienceMs, signal);
      return { ...followed, isRepriced: followed.isRepriced || sent.hash !== remembered.hash };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof WalletProblem) throw error;
    }
    // Neither done nor failed: the chain has it and takes long, has lost it, or does not answer.
    const place = await placeOf(config, sent);
    signal?.throwIfAborted();
    if (place === 'unreachable' || place === 'held' || typeof place === 'object') missingSince = undefined;
    if (place === 'taken') throw new WalletProblem('UNKNOWN');
    if (place === 'missing') {
      missingSince ??= Date.now();
      if (Date.now() - missingSince >= droppedAfterMs) throw new WalletProblem('DROPPED');
    }
    if (typeof place === 'object' && place.hash !== sent.hash) {
      sent = { ...sent, hash: place.hash, nonce: place.nonce, isSeen: true };
      onSeen(sent);
    }
    onWaiting(place === 'unreachable' ? place : 'slow');
    await pause(Math.min(1_000, patienceMs), signal);
  }
}

/** Throws viem's errors where it is in no block within `patienceMs`, and a `WalletProblem` where something else came of it. */
async function inBlock(
  config: WalletConfig,
  sent: HashedTransaction,
  patienceMs: number,
  signal: AbortSignal | undefined,
): Promise<Followed> {
  const { hash, from, to, data, value, nonce, isSeen } = sent;
  let reason: string | undefined;
  const receipt = await waitForTransactionReceipt(chainOf(config), {
    ...{ hash, timeout: patienceMs, pollingInterval: Math.min(1_000, patienceMs / 2), retryCount: 1 },
    ...(isSeen && { replacement: { from, nonce, to, input: data, value: BigInt(value) } }),
    ...(signal && { signal }),
    onReplaced: (replaced) => {
      reason = replaced.reason;
    },
  });
  if (reason === 'cancelled') throw new WalletProblem('CANCELLED');
  if (reason === 'replaced') throw new WalletProblem('REPLACED');
  if (receipt.status !== 'success') {
    const call = { to, data, value: BigInt(value) };
    throw new WalletProblem('REVERTED', { refusal: await refusalOf(config, from, call, receipt.blockNumber) });
  }
  return { hash: receipt.transactionHash, isRepriced: reason !== undefined };
}

/**
 * What the chain knows of a transaction that is not done: the transaction itself, where it is known or is another one that says the
 * same; `held` where another one waits in its place; `taken` where another one is in a block in its place, and the node does not say which.
 */
async function placeOf(
  config: WalletConfig,
  sent: HashedTransaction,
): Promise<Transaction | 'held' | 'taken' | 'missing' | 'unreachable'> {
  const client = chainOf(config);
  const { hash, from, nonce, isSeen } = sent;
  try {
    const own = await orNothing(getTransaction(client, { hash }));
    if (own !== undefined) return own;
    const other = await orNothing(getTransaction(client, { sender: from, nonce }));
    if (other !== undefined && saysTheSame(other, sent)) return other;
    if (!isSeen) return 'missing';
    if (other !== undefined) return 'held';
    return (await getTransactionCount(client, { address: from })) > nonce ? 'taken' : 'missing';
  } catch {
    // Whatever it is, it says nothing about the transaction; the caller is told, and asks again.
    return 'unreachable';
  }
}

/** Undefined where the node has no such transaction, or does not look for one in this way. */
async function orNothing(asked: Promise<Transaction>): Promise<Transaction | undefined> {
  try {
    return await asked;
  } catch (error) {
    const isNothing =
      error instanceof TransactionNotFoundError ||
      error instanceof MethodNotFoundRpcError ||
      error instanceof MethodNotSupportedRpcError;
    if (isNothing) return undefined;
    throw error;
  }
}

const pause = (ms: number, signal: AbortSignal | undefined) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/**
 * What the chain has of what a wallet was asked to send, whether or not the wallet's answer arrived: the transaction itself, or one
 * that says the same in its place. Undefined where it has neither. Throws UNKNOWN where something is in its place and the node does not
 * say what.
 */
export async function findAnswer(config: WalletConfig, asked: SentTransaction): Promise<HashedTransaction | undefined> {
  const client = chainOf(config);
  const { hash, from } = asked;
  const own = hash === null ? undefined : await orNothing(getTransaction(client, { hash }));
  if (own !== undefined) return { ...asked, hash: own.hash, nonce: own.nonce, isSeen: true };
  // The wallet may have had others on their way: so many places after the one that was expected are looked at.
  for (let nonce = asked.nonce; nonce < asked.nonce + (asked.isSeen ? 1 : 5); nonce += 1) {
    const found = await orNothing(getTransaction(client, { sender: from, nonce }));
    if (found === undefined) {
      const next = await getTransactionCount(client, { address: from, blockTag: 'pending' });
      if (next > nonce) throw new WalletProblem('UNKNOWN');
      return undefined;
    }
    if (saysTheSame(found, asked)) return { ...asked, hash: found.hash, nonce, isSeen: true };
  }
  return undefined;
}

const saysTheSame = (found: Transaction, { to, data, value }: SentTransaction): boolean =>
  found.to?.toLowerCase() === to.toLowerCase() &&
  found.input.toLowerCase() === data.toLowerCase() &&
  `${found.value}` === value;
