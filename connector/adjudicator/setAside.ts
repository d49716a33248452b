const defaultMs = 60_000;

/** Claims that are left alone for a while, so that one holds up no other. */
export class SetAside {
  readonly #until = new Map<string, number>();
  readonly #ms: number;

  constructor(ms = defaultMs) {
    this.#ms = ms;
  }

  has(id: string): boolean {
    return (this.#until.get(id) ?? 0) > Date.now();
  }

  /** It can be done only later. */
  wait(id: string): void {
    this.#until.set(id, Date.now() + this.#ms);
  }

  /** Something failed: it is tried again at once, and from the second time on after a while. */
  failed(id: string): void {
    if (this.#until.has(id)) this.wait(id);
    else this.#until.set(id, 0);
  }

  done(id: string): void {
    this.#until.delete(id);
  }

  /** Forgets what is none of these. */
  keepOnly(ids: Iterable<string>): void {
    const kept = new Set(ids);
    for (const id of this.#until.keys()) if (!kept.has(id)) this.#until.delete(id);
  }
}
