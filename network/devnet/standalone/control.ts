import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '#network/processes/replaceFile.ts';
import { isAlive, processMark, startOf } from '#network/processInfo.ts';
import { DevnetError } from '../config.ts';
import { renderRecord } from './renderRecord.ts';
import type { Standalone } from './standalone.ts';

const note = processMark.extend({ address: z.string(), token: z.string() });

/** Where a running devnet takes commands, and what proves that one may give them: whoever can read this note may. */
export type ControlNote = z.infer<typeof note>;

const noteFile = (stateDir: string) => join(stateDir, 'control.json');

/** The note of the devnet that runs on a state folder; undefined where none does. */
export async function findControl(stateDir: string): Promise<ControlNote | undefined> {
  try {
    const found = note.parse(JSON.parse(readFileSync(noteFile(stateDir), 'utf8')));
    return (await isAlive(found)) ? found : undefined;
  } catch {
    return undefined; // missing, or a part of an earlier crash
  }
}

/** Takes commands for a network on a port of the loopback, with a token that stands in a file of its owner only. */
export class Control {
  readonly #server: Server;
  readonly #token = randomBytes(32).toString('hex');
  readonly #network: Standalone;
  readonly #stop: () => void;
  readonly #stateDir: string;

  /** `stop` ends the process. */
  constructor(network: Standalone, stateDir: string, stop: () => void) {
    this.#network = network;
    this.#stateDir = stateDir;
    this.#stop = stop;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the control port has no number');
    const started = (await startOf(process.pid)) ?? '';
    const content: ControlNote = {
      ...{ pid: process.pid, started, token: this.#token },
      address: `127.0.0.1:${address.port}`,
    };
    await replaceFile(noteFile(this.#stateDir), JSON.stringify(content));
  }

  #allowed(request: IncomingMessage): boolean {
    const given = Buffer.from(request.headers.authorization ?? '');
    const wanted = Buffer.from(`Bearer ${this.#token}`);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://devnet');
    request.resume();
    try {
      if (!this.#allowed(request)) send(response, 403, { error: 'the token is missing or wrong' });
      else if (request.method === 'GET' && url.pathname === '/log') await this.#log(url.searchParams, response);
      else send(response, 200, await this.#run(`${request.method} ${url.pathname}`, url.searchParams));
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (error instanceof DevnetError) send(response, 409, { error: error.message });
      else send(response, 500, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }

  async #run(command: string, options: URLSearchParams): Promise<unknown> {
    switch (command) {
      case 'GET /status':
        return this.#network.status();
      case 'POST /deploy':
        return this.#network.deploy();
      case 'POST /restart': {
        const chaincode = options.get('chaincode');
        if (chaincode === null) await this.#network.restart();
        else await this.#network.restartChaincode(chaincode);
        return this.#network.status();
      }
      case 'POST /reset':
        await this.#network.restart({ fresh: true });
        return this.#network.status();
      case 'POST /stop':
        setImmediate(this.#stop);
        return {};
      default:
        throw new DevnetError(`there is no command ${command}`);
    }
  }

  /** The log as text, or as a line of JSON for each transaction. */
  async #log(options: URLSearchParams, response: ServerResponse): Promise<void> {
    const abort = new AbortController();
    response.once('close', () => abort.abort());
    const json = options.has('json');
    response.writeHead(200, { 'content-type': json ? 'application/x-ndjson' : 'text/plain; charset=utf-8' });
    response.flushHeaders();
    const channel = options.get('channel');
    await this.#network.log(
      {
        ...(channel !== null && { channel }),
        from: Number(options.get('from') ?? 0),
        follow: options.has('follow'),
        signal: abort.signal,
      },
      (record) => write(response, `${json ? JSON.stringify(record) : renderRecord(record)}\n`, abort.signal),
    );
    response.end();
  }

  async close(): Promise<void> {
    await rm(noteFile(this.#stateDir), { force: true });
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function send(response: ServerResponse, code: number, value: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function write(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> | void {
  if (response.write(text) || signal.aborted) return;
  return new Promise((resolve) => {
    response.once('drain', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
