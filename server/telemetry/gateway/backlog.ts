/** Counts frames that are acknowledged and that no ledger has yet, and lets whoever brings more wait while they are too many. */
export class Backlog {
  readonly #most: number;
  #count = 0;
  #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count >= this.#most;
  }

  /** Those who wait at present. */
  get waiting(): number {
    return this.#waiting.length;
  }

  add(frames: number): void {
    this.#count += frames;
  }

  /** Sets it to what the database says, and lets go on who waits if there is room. */
  set(frames: number): void {
    this.#count = frames;
    if (this.isFull) return;
    const go = this.#waiting;
    this.#waiting = [];
    for (const resume of go) resume();
  }

  /** Resolves when there is room, or rejects when the process stops. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.isFull) {
      await new Promise<void>((resolve, reject) => {
        const stop = () => reject(new Error('the gateway stops'));
        signal.addEventListener('abort', stop, { once: true });
        this.#waiting.push(() => {
          signal.removeEventListener('abort', stop);
          resolve();
        });
      });
    }
  }
}
