import pg from 'pg';
import type { z } from 'zod';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';

export interface Listener<Said> {
  told(said: Said): void;
  /** Told whenever listening begins: what was said before, or while the connection was away, nobody here has heard. */
  begun?(): void;
}

const retryMs = 1_000;

/** Listens on a channel of PostgreSQL (NOTIFY) once for all who want to know in this process. */
export class Listening<Said> {
  readonly #databaseUrl: string;
  readonly #channel: string;
  readonly #said: z.ZodType<Said>;
  readonly #listeners = new Set<Listener<Said>>();
  #client: pg.Client | undefined;

  constructor(databaseUrl: string, channel: string, said: z.ZodType<Said>) {
    this.#databaseUrl = databaseUrl;
    this.#channel = channel;
    this.#said = said;
  }

  /** Hands everything to `listener` until the answered function is called. */
  subscribe(listener: Listener<Said>): () => void {
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
    const again = () => {
      if (this.#client !== client) return;
      this.#client = undefined;
      setTimeout(() => this.#connect(), retryMs).unref();
    };
    client.on('error', again);
    client.on('end', again);
    client
      .connect()
      .then(() => client.query(`listen ${this.#channel}`))
      .then(() => {
        if (this.#client === client) for (const { begun } of this.#listeners) begun?.();
      })
      .catch((error) => {
        log().warn({ channel: this.#channel, detail: asAppError(error).detail }, 'changes cannot be listened to');
        again();
      });
  }

  #disconnect(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.end().catch(() => undefined);
  }

  #tell(payload: string): void {
    const said = this.#said.parse(JSON.parse(payload));
    for (const listener of this.#listeners) listener.told(said);
  }
}
