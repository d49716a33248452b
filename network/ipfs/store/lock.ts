/**
 * Many may add and pin at once; collecting garbage and removing blocks wants to be alone. Who waits to be alone goes before
 * those who come after, so that a stream of additions cannot keep it out.
 */
export class ReadWriteLock {
  #sharing = 0;
  #alone = false;
  readonly #waiting: { alone: boolean; enter: () => void }[] = [];

  shared<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(false, work);
  }

  exclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(true, work);
  }

  async #run<T>(alone: boolean, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#waiting.push({ alone, enter });
      this.#admit();
    });
    try {
      return await work();
    } finally {
      if (alone) this.#alone = false;
      else this.#sharing -= 1;
      this.#admit();
    }
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && !this.#alone; next = this.#waiting[0]) {
      if (next.alone && this.#sharing > 0) return;
      this.#waiting.shift();
      if (next.alone) this.#alone = true;
      else this.#sharing += 1;
      next.enter();
    }
  }
}
