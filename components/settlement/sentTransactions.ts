import { z } from 'zod';

/**
 * What was sent from this browser and is in no block yet, so that a page goes on waiting for it after a reload instead of sending it
 * again. Nothing in it is secret: all of it is on Ethereum, or soon will be.
 */

const hex = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]*$/)]).check(z.maxLength(20_000));
const address = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{40}$/)]);
const hash = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{64}$/)]);

const sent = z.object({
  /** What it is for, the same however often it is tried. */
  key: z.string().min(1).max(300),
  chainId: z.int().positive(),
  from: address,
  to: address,
  data: hex,
  /** In wei, decimal. */
  value: z.string().regex(/^\d{1,78}$/),
  /** The wallet's next one when it was asked; the transaction's own once that was seen. */
  nonce: z.int().nonnegative(),
  /** Whether the nonce is the transaction's own. */
  isSeen: z.boolean(),
  /** Null from when the wallet is asked until it answers. */
  hash: hash.nullable(),
  /** Milliseconds since 1970. */
  at: z.number(),
});
export type SentTransaction = z.infer<typeof sent>;

const storageKey = 'medloom-sent-transactions';
/** No node keeps a transaction that waits for longer. */
const keptMs = 7 * 24 * 60 * 60_000;
const mostKept = 20;

/** What this needs of `localStorage`. */
export type SentStorage = Pick<Storage, 'getItem' | 'setItem'>;

function read(storage: SentStorage, now: number): SentTransaction[] {
  let json: unknown;
  try {
    json = JSON.parse(storage.getItem(storageKey) ?? '[]');
  } catch {
    // Another program wrote it; nothing is known then.
    return [];
  }
  const known = z.array(sent).safeParse(json);
  return known.success ? known.data.filter(({ at }) => now - at < keptMs) : [];
}

/** What was sent for this, and is not known to be over; undefined where nothing was. */
export const findSent = (
  key: string,
  storage: SentStorage = localStorage,
  now: number = Date.now(),
): SentTransaction | undefined => read(storage, now).find((each) => each.key === key);

/** Remembers what the wallet is asked to send, or what is known of it since. Throws where it is too long to be remembered. */
export function keepSent(
  transaction: SentTransaction,
  storage: SentStorage = localStorage,
  now: number = Date.now(),
): void {
  const others = read(storage, now).filter(({ key }) => key !== transaction.key);
  storage.setItem(storageKey, JSON.stringify([sent.parse(transaction), ...others].slice(0, mostKept)));
}

/** Forgets what is over. */
export function forgetSent(key: string, storage: SentStorage = localStorage, now: number = Date.now()): void {
  storage.setItem(storageKey, JSON.stringify(read(storage, now).filter((each) => each.key !== key)));
}
