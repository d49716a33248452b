/** So many requests of one asker count within a window. */
export interface Rate {
  most: number;
  windowMs: number;
}

/** Counts requests by who asks; in memory, since one process serves an institution. */
export class RateLimit {
  readonly #rate: Rate;
  readonly #counts = new Map<string, { since: number; count: number }>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Seconds to wait; 0 where the request counts. */
  take(asker: string, now = Date.now()): number {
    const { most, windowMs } = this.#rate;
    if (this.#counts.size > 10_000)
      for (const [key, { since }] of this.#counts) if (since + windowMs <= now) this.#counts.delete(key);
    const known = this.#counts.get(asker);
    if (!known || known.since + windowMs <= now) {
      this.#counts.set(asker, { since: now, count: 1 });
      return 0;
    }
    known.count += 1;
    return known.count <= most ? 0 : Math.ceil((known.since + windowMs - now) / 1000);
  }
}
