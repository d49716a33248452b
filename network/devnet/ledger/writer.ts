import type { Database, Operation } from './database.ts';

interface Waiting {
  operations: readonly Operation[];
  done: () => void;
  failed: (error: Error) => void;
}

/**
 * Writes to a database in the order asked, as synced batches one after the other; what comes meanwhile shares the next.
 * The first failure is the last write: LevelDB would go on behind the record that it could not finish, and what stands
 * there cannot be read at the next start.
 */
export class Writer {
  readonly #database: Database;
  readonly #failure = Promise.withResolvers<Error>();
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  /** Why nothing more is written. */
  #ended: Error | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Settles with the error once a write has failed. */
  get failed(): Promise<Error> {
    return this.#failure.promise;
  }

  /** Resolves when all operations are on the disk; they stand in one batch, whole or not at all. */
  write(operations: readonly Operation[]): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((done, failed) => {
      this.#waiting.push({ operations, done, failed });
      this.#writing ??= this.#write();
    });
  }

  async #write(): Promise<void> {
    let batch: Waiting[] = [];
    try {
      while (this.#waiting.length > 0) {
        batch = this.#waiting;
        this.#waiting = [];
        const operations = batch.flatMap((waiting) => waiting.operations);
        await this.#database.batch<Buffer, Buffer>(operations, { sync: true });
        for (const { done } of batch) done();
      }
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const error = new Error(`the database could not be written: ${reason}`, { cause });
      this.#ended = error;
      for (const { failed } of [...batch, ...this.#waiting]) failed(error);
      this.#failure.resolve(error);
    }
    this.#writing = undefined;
  }

  /** Takes no more, and waits for what was asked before. */
  async close(): Promise<void> {
    this.#ended ??= new Error('the database is closed');
    await this.#writing;
  }
}
