import type { Database } from '../gateways/db/database.ts';
import { signInAudit } from '../gateways/db/schema/session.ts';
import type { PersonalData } from '../people/personalData.ts';
import { clearAttempts, countAttempt, RateLimited, returnAttempt } from './rateLimit.ts';

/** Who asks before there is a session: the network address, as far as it can be told. */
export interface Caller {
  address: string;
}

/** How somebody proves who they are: to sign in, to recover by the phrase, to change what opens the keys. */
export type Method = 'password' | 'wallet' | 'recovery' | 'change';

interface Store {
  db: Database;
  personalData: PersonalData;
}

/** Who somebody says to be, and how that is to be proved. */
export interface Claim {
  method: Method;
  /** The e-mail or wallet that is claimed. */
  account: string;
  /** Absent where a session asks. */
  caller?: Caller;
}

const perAccount = { max: 10, windowSeconds: 15 * 60 };
export const perAddress = { max: 100, windowSeconds: 15 * 60 };
/** Of everybody behind one address, those who sign in well included: a hospital at the change of shifts stays below it. */
const perBusyAddress = { max: 1000, windowSeconds: 15 * 60 };

/** Guessing in one way does not use up the attempts of another. */
const counters: Record<Method, string> = {
  password: 'sign-in',
  wallet: 'sign-in',
  recovery: 'recovery',
  change: 'change',
};

/**
 * What somebody could guess is counted for the account. A wallet's signature and a phrase of 128 bits cannot be guessed,
 * so that claims of them count for the network address alone: nobody keeps the owner out by making false ones.
 */
const guessable: readonly Method[] = ['password', 'change'];

const accountKey = ({ personalData }: Store, method: Method, account: string) =>
  `${counters[method]}:account:${personalData.index('rate-account', account).toString('hex')}`;
const addressKey = ({ personalData }: Store, use: string, { address }: Caller) =>
  `${use}:address:${personalData.index('rate-address', address).toString('hex')}`;

/** Counts what an address asks for. Throws RATE_LIMITED. */
export async function countAddress(store: Store, use: string, caller: Caller, limit = perAddress): Promise<void> {
  await countAttempt(store.db, addressKey(store, use, caller), limit);
}

/** Writes down an attempt; accounts and addresses are kept as keyed hashes. */
export async function audit(
  { db, personalData }: Store,
  { method, account, caller }: Claim,
  outcome: string,
  personId?: string,
): Promise<void> {
  await db.insert(signInAudit).values({
    method,
    outcome,
    account: personalData.index('audit-account', account),
    address: caller === undefined ? null : personalData.index('audit-address', caller.address),
    personId: personId ?? null,
  });
}

/**
 * Counts the attempt by address, and by account where it could be a guess, has `identify` say who it is, and writes it
 * down. One that fits does not count as a guess: many people share an address. Undefined where it does not fit. Throws
 * RATE_LIMITED, of which the first in a window is written down.
 */
export async function attempt(
  store: Store,
  claim: Claim,
  identify: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const { method, caller } = claim;
  const use = counters[method];
  const key = guessable.includes(method) ? accountKey(store, method, claim.account) : undefined;
  try {
    if (caller !== undefined) {
      await countAddress(store, `${use}-all`, caller, perBusyAddress);
      await countAddress(store, use, caller);
    }
    if (key !== undefined) await countAttempt(store.db, key, perAccount);
  } catch (error) {
    if (error instanceof RateLimited && error.first) await audit(store, claim, 'rate-limited');
    throw error;
  }
  const personId = await identify();
  await audit(store, claim, personId === undefined ? 'refused' : 'accepted', personId);
  if (personId !== undefined) {
    if (caller !== undefined) await returnAttempt(store.db, addressKey(store, use, caller));
    if (key !== undefined) await clearAttempts(store.db, key);
  }
  return personId;
}

/** Forgets the failed sign-ins of an account whose password was replaced, so that the new one works at once. */
export async function forgiveSignIns(store: Store, account: string): Promise<void> {
  await clearAttempts(store.db, accountKey(store, 'password', account));
}
