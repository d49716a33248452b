import type { Database, Operation, Snapshot } from './database.ts';
import * as keys from './keys.ts';
import type { Writer } from './writer.ts';

/**
 * Takes deleted private values off the disk. LevelDB only writes that a key is deleted; the value stays in its files
 * until they are rewritten. A marker in the database tells, also after a crash, that there is something to take off.
 */
export class Erasure {
  readonly #database: Database;
  readonly #writer: Writer;
  /** Erasing writes so far: asked for, on the disk, and of which nothing is left in any file. */
  #asked = 0;
  #written = 0;
  #finished = 0;
  /** Open snapshots, with how many erasing writes they see and how many readers they have. */
  readonly #snapshots = new Map<Snapshot, { seen: number; readers: number }>();
  /** The one of the state as it is. */
  #current: Snapshot | undefined;

  private constructor(database: Database, writer: Writer) {
    this.#database = database;
    this.#writer = writer;
  }

  static async open(database: Database, writer: Writer): Promise<Erasure> {
    const erasure = new Erasure(database, writer);
    if (await database.get(keys.erasureKey)) {
      erasure.#asked = 1;
      erasure.#written = 1;
    }
    return erasure;
  }

  /** Whether deleted values may still lie on the disk. */
  get due(): boolean {
    return this.#asked > this.#finished;
  }

  /** Writes operations that delete what must leave the disk. */
  async write(operations: readonly Operation[]): Promise<void> {
    this.#asked += 1;
    await this.#writer.write([...operations, { type: 'put', key: keys.erasureKey, value: Buffer.alloc(0) }]);
    this.#written += 1;
    this.renew();
  }

  /** The state as it is; whoever asks before the next block shares it. LevelDB keeps what an open snapshot sees. */
  snapshot(): Snapshot {
    const shared = this.#current && this.#snapshots.get(this.#current);
    if (this.#current && shared) {
      shared.readers += 1;
      return this.#current;
    }
    this.#current = this.#database.snapshot();
    this.#snapshots.set(this.#current, { seen: this.#written, readers: 1 });
    return this.#current;
  }

  async release(snapshot: Snapshot): Promise<void> {
    const held = this.#snapshots.get(snapshot);
    if (!held) throw new Error('the snapshot is not open');
    held.readers -= 1;
    if (held.readers > 0) return;
    if (this.#current === snapshot) this.#current = undefined;
    await snapshot.close();
    this.#snapshots.delete(snapshot);
  }

  /** The state has changed: who asks now sees another one. */
  renew(): void {
    this.#current = undefined;
  }

  /**
   * Rewrites the files that hold private values. A compaction moves a range down to the deepest level that it is on and
   * leaves what already lies there as it is. So there are two: the first brings everything to one level, the second has
   * new entries at both ends of the range, and rewrites what lies between them on that level too.
   * What a snapshot from before a deletion still sees stays; the erasure is then due again.
   */
  async run(): Promise<void> {
    const asked = this.#asked;
    const edges = keys.privatePrefixes.flatMap((prefix) => [prefix, keys.lastOfPrefix(prefix)]);
    await this.#writer.write(edges.map((key) => ({ type: 'put', key, value: Buffer.alloc(0) })));
    const held = [...this.#snapshots.values()].some(({ seen }) => seen < asked);
    await this.#compact();
    await this.#writer.write(edges.map((key) => ({ type: 'del', key })));
    await this.#compact();
    if (held || this.#asked > asked) return;
    await this.#writer.write([{ type: 'del', key: keys.erasureKey }]);
    this.#finished = asked;
  }

  async #compact(): Promise<void> {
    for (const prefix of keys.privatePrefixes) await this.#database.compactRange(prefix, keys.afterPrefix(prefix));
  }
}
