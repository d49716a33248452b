import pg from 'pg';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { Portal } from '#server/portal.ts';
import { type ChangeNotice, changeNotice, changesChannel } from '../indexer/record.ts';

type Listener = (change: ChangeNotice) => void;

/** Listens to PostgreSQL once for all open streams of this process. */
export class Changes {
  readonly #databaseUrl: string;
  readonly #listeners = new Set<Listener>();
  #client: pg.Client | undefined;

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
  }

  /** Hands every change to `listener` until the answered function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#connect();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#disconnect();
    };
  }

  #connect(): void {
    if (this.#client !== undefined || this.#listeners.size === 0) return;
    const client = new pg.Client({ connectionString: this.#databaseUrl, connectionTimeoutMillis: 5_000 });
    this.#client = client;
    client.on('notification', ({ payload }) => {
      // One that is being given up tells nobody who has subscribed since.
      if (this.#client === client) this.#tell(payload ?? '');
    });
    // After a break the page's own reload of figures fills the gap; the stream only has to live on.
    const again = () => {
      if (this.#client !== client) return;
      this.#client = undefined;
      setTimeout(() => this.#connect(), 1_000).unref();
    };
    client.on('error', again);
    client.on('end', again);
    client
      .connect()
      .then(() => client.query(`listen ${changesChannel}`))
      .catch((error) => {
        log().warn({ detail: asAppError(error).detail }, 'changes cannot be listened to');
        again();
      });
  }

  #disconnect(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.end().catch(() => undefined);
  }

  #tell(payload: string): void {
    const change = changeNotice.parse(JSON.parse(payload));
    for (const listener of this.#listeners) listener(change);
  }
}

declare global {
  var medloomChanges: Changes | undefined;
}

/** The listener of this process, shared by every copy of this module that Next makes. */
export function changesOf(portal: Portal): Changes {
  globalThis.medloomChanges ??= new Changes(portal.settings.databaseUrl);
  return globalThis.medloomChanges;
}
