import { VaultError } from '#components/vault/errors.ts';
import type { Preparation, TransactListener } from '#components/vault/transact.ts';
import { equalBytes } from '#crypto/bytes.ts';
import { type Receipt, secondFactorOf, type TransactionIntent } from '#server/transactions/schema.ts';
import { challengeOfIntent } from './factor.ts';
import { type Names, wordsOf } from './wordsOf.ts';

export interface SigningOptions {
  /** Words for the ids in the intent, so that the sentence names people and things. */
  names?: Names;
  onProgress?: TransactListener;
  /**
   * `always` opens the sheet, which is the default. `factorOnly` opens it where a second factor is needed, and otherwise
   * says the sentence while it signs: for what the page itself asked about, or does by itself. `quiet` says nothing: for the
   * many parts of one thing that the page shows as a whole; a second factor is asked for all the same.
   */
  sheet?: 'always' | 'factorOnly' | 'quiet';
  /** What was prepared of this very intent before; of use where no sheet opens. */
  ahead?: Preparation | undefined;
  /** What the portal needs before it takes the intent, and what a person may read it without. */
  ready?: Promise<unknown>;
}

/** Has an intent shown in words, confirmed and recorded. Throws `SIGNING_DECLINED`, and what `transact` throws. */
export type Signed = (intent: TransactionIntent, options?: SigningOptions) => Promise<Receipt>;

export interface SigningPort {
  /** Shows the sheet; answers the intent with its second factor. Throws `SIGNING_DECLINED`. */
  ask(intent: TransactionIntent, names: Names): Promise<TransactionIntent>;
  /** Says a sentence without asking. */
  say(words: string): void;
  /** Begins what `transact` begins with, once what it needs is ready. */
  prepare(intent: TransactionIntent, ready?: Promise<unknown>): Preparation;
  /** Gives up what was prepared and is not signed. */
  abandon(preparation: Preparation): void;
  transact(intent: TransactionIntent, onProgress?: TransactListener, ahead?: Preparation): Promise<Receipt>;
}

/** What is shown is what is signed: a copy made before, so that nothing that happens meanwhile changes it. */
export function createSigned({ ask, say, prepare, abandon, transact }: SigningPort): Signed {
  return async (intent, { names = {}, onProgress, sheet = 'always', ahead: before, ready } = {}) => {
    const shown = structuredClone(intent);
    if (sheet !== 'always' && secondFactorOf(shown) === 'never') {
      if (sheet !== 'quiet') say(wordsOf(shown, names));
      await ready;
      return transact(shown, onProgress, before);
    }
    // Where nothing is added to it, the portal prepares it while it is read.
    const ahead = secondFactorOf(shown) === 'never' ? prepare(shown, ready) : undefined;
    let confirmed: TransactionIntent;
    try {
      confirmed = await ask(shown, names);
    } catch (error) {
      if (ahead !== undefined) abandon(ahead);
      throw error;
    }
    if (!equalBytes(challengeOfIntent(confirmed), challengeOfIntent(shown))) {
      throw new VaultError('PROPOSAL_MISMATCH', 'What was confirmed is not what was shown.');
    }
    await ready;
    return transact(confirmed, onProgress, ahead);
  };
}
