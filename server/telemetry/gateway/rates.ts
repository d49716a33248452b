/** What one device may send in the long run, each second. */
export interface Allowance {
  frames: number;
  bytes: number;
}

/** So many seconds' worth may come at once: a device that was away sends what it has kept. */
const burstSeconds = 10;
/** Who has to wait longer than this sends too much. */
const mostDebtMs = 30_000;

interface Bucket {
  frames: number;
  bytes: number;
  at: number;
}

/** Says of each device how long the acknowledgement of what it sent has to wait, so that it sends no faster than it may. */
export class Rates {
  readonly #allowance: Allowance;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(allowance: Allowance, now: () => number = () => performance.now()) {
    this.#allowance = allowance;
    this.#now = now;
  }

  /** Milliseconds to wait; `flooding` of a device that keeps on sending although it is made to wait. */
  take(device: string, sent: { frames: number; bytes: number }): number | 'flooding' {
    const now = this.#now();
    const { frames, bytes } = this.#allowance;
    const full: Bucket = { frames: frames * burstSeconds, bytes: bytes * burstSeconds, at: now };
    const before = this.#buckets.get(device) ?? full;
    const seconds = (now - before.at) / 1000;
    const bucket = {
      frames: Math.min(full.frames, before.frames + seconds * frames) - sent.frames,
      bytes: Math.min(full.bytes, before.bytes + seconds * bytes) - sent.bytes,
      at: now,
    };
    const debtMs = 1000 * Math.max(0, -bucket.frames / frames, -bucket.bytes / bytes);
    if (debtMs > mostDebtMs) return 'flooding';
    this.#buckets.set(device, bucket);
    return Math.ceil(debtMs);
  }

  /** Forgets whoever has nothing outstanding. */
  sweep(): void {
    const idle = this.#now() - 2 * burstSeconds * 1000;
    for (const [device, { at, frames, bytes }] of this.#buckets)
      if (at < idle && frames >= 0 && bytes >= 0) this.#buckets.delete(device);
  }
}
