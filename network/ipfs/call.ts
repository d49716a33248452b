import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { badCall } from './failure.ts';
import type { IpfsNode } from './node.ts';

/** One call: its arguments and options as Kubo reads them from the address, and the body. */
export class Call {
  readonly request: IncomingMessage;
  readonly #query: URLSearchParams;

  constructor(request: IncomingMessage, query: URLSearchParams) {
    this.request = request;
    this.#query = query;
  }

  get args(): string[] {
    return this.#query.getAll('arg');
  }

  text(name: string): string | undefined {
    return this.#query.get(name) ?? undefined;
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.#query.get(name);
    if (value === null) return otherwise;
    // Go's strconv.ParseBool; an option without a value counts as set.
    if (['', '1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return true;
    if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value)) return false;
    throw badCall(`could not convert value ${JSON.stringify(value)} to type "bool" (for option "-${name}")`);
  }

  integer(name: string, type = 'int'): number | undefined {
    const value = this.#query.get(name);
    if (value === null) return undefined;
    const number = /^[+-]?\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isSafeInteger(number)) return number;
    throw badCall(`could not convert value ${JSON.stringify(value)} to type "${type}" (for option "-${name}")`);
  }
}

/** The answer to a call, begun with its first part: until then a failure can still be answered as one. */
export class Reply {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** The whole answer as one JSON object. */
  async json(value: unknown): Promise<void> {
    await this.line(value);
  }

  /** One of several JSON lines. */
  async line(value: unknown): Promise<void> {
    this.begin({ 'Content-Type': 'application/json', 'X-Chunked-Output': '1' });
    await this.#write(`${JSON.stringify(value)}\n`);
  }

  async bytes(content: AsyncIterable<Uint8Array>, headers: Record<string, string>): Promise<void> {
    for await (const part of content) {
      this.begin({ ...headers, 'X-Stream-Output': '1' });
      await this.#write(part);
    }
    this.begin({ ...headers, 'X-Stream-Output': '1' });
  }

  begin(headers: Record<string, string>): void {
    if (!this.#response.headersSent) this.#response.writeHead(200, headers);
  }

  async #write(part: string | Uint8Array): Promise<void> {
    if (this.#response.destroyed) throw new Error('The caller has gone.');
    if (this.#response.write(part)) return;
    const gone = new AbortController();
    try {
      await Promise.race([
        once(this.#response, 'drain', { signal: gone.signal }),
        once(this.#response, 'close', { signal: gone.signal }),
      ]);
    } finally {
      gone.abort();
    }
  }
}

export type Command = (node: IpfsNode, call: Call, reply: Reply) => Promise<void>;
