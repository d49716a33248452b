/** The transaction of an account that was sent last and of which no outcome is known. */
export interface Outgoing {
  /** As it was signed: its hash, nonce, fees and call follow from it. */
  raw: string;
  /** Hashes of those with the same nonce whose place it took; one of them may be mined in its stead. */
  earlier: string[];
  sentAt: Date;
}

/** Whose it is: nonces are counted for each account on each chain. */
export interface OutgoingKey {
  account: string;
  chainId: number;
}

/**
 * Where it is kept while it is on its way, so that a process that starts anew, and any other with the same account, looks for it
 * before it sends another.
 */
export interface OutgoingStore {
  read(key: OutgoingKey): Promise<Outgoing | undefined>;
  /** Puts `next` where `former` is, undefined being nothing. False, and nothing changed, where something else is there meanwhile. */
  replace(key: OutgoingKey, former: Outgoing | undefined, next: Outgoing | undefined): Promise<boolean>;
}
