import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { env } from 'node:process';
import { withoutNpmRun } from '#network/processes/npmEnvironment.ts';
import { findFreePort } from '#network/processes/port.ts';
import { startTethered } from '#network/processes/tether.ts';
import { type Supervised, supervise } from '#network/supervise.ts';
import { DevnetError } from '../config.ts';
import type { ChaincodeProcess } from './plan.ts';

/** Waits before each new start of a server that ended; after the last it is given up until it is restarted by hand. */
const waitsMs = [300, 1_000, 3_000, 10_000, 30_000];

interface Server {
  process: ChaincodeProcess;
  port: number;
  supervised: Supervised<Awaited<ReturnType<typeof startTethered>>> | undefined;
}

/** A chaincode server as a person asks about it. */
export interface ServerStatus {
  chaincode: string;
  organisation: string;
  address: string;
  /** Its process; undefined while it does not run. */
  pid: number | undefined;
  logFile: string;
}

/** The chaincode servers that the devnet starts: one for each organisation and command, kept up until they are not wanted. */
export class Chaincodes {
  readonly #logDir: string;
  readonly #say: (line: string) => void;
  readonly #servers = new Map<string, Server>();

  constructor(options: { logDir: string; say: (line: string) => void }) {
    this.#logDir = options.logDir;
    this.#say = options.say;
  }

  /** Starts the servers that do not run yet. Throws a DevnetError, with none started, where a folder is missing. */
  async ensure(wanted: readonly ChaincodeProcess[]): Promise<void> {
    const missing = wanted.filter(({ key }) => !this.#servers.has(key));
    for (const { chaincode, folder } of missing)
      if (!existsSync(folder)) throw new DevnetError(`chaincode ${chaincode}: its folder ${folder} is not there`);
    for (const process of missing) {
      const server: Server = { process, port: await findFreePort(), supervised: undefined };
      this.#servers.set(process.key, server);
      await this.#start(server);
    }
  }

  /** Ends the servers that are not among these. */
  async retain(wanted: readonly ChaincodeProcess[]): Promise<void> {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, server] of this.#servers) {
      if (keys.has(key)) continue;
      this.#servers.delete(key);
      await server.supervised?.stop();
    }
  }

  portOf(key: string): number {
    const server = this.#servers.get(key);
    if (!server) throw new Error(`there is no chaincode server ${key}`);
    return server.port;
  }

  /** Starts the servers of a chaincode anew. Throws a DevnetError where none is started here. */
  async restart(chaincode: string): Promise<void> {
    const servers = [...this.#servers.values()].filter(({ process }) => process.chaincode === chaincode);
    if (servers.length === 0) throw new DevnetError(`no command runs chaincode ${chaincode} here`);
    for (const server of servers) {
      await server.supervised?.stop();
      await this.#start(server);
    }
  }

  async #start(server: Server): Promise<void> {
    const { process, port } = server;
    const { chaincode, organisation } = process;
    const logFile = this.#logFile(process);
    server.supervised = await supervise({
      name: `chaincode ${chaincode} of ${organisation}`,
      logFile,
      say: this.#say,
      waitsMs,
      start: () =>
        startTethered({
          command: '/bin/sh',
          args: ['-c', process.command],
          folder: process.folder,
          logFile,
          env: serverEnvironment(process, port),
          onLine: (line) => this.#say(`[${chaincode} ${organisation}] ${line}`),
        }),
    });
  }

  #logFile({ chaincode, organisation }: ChaincodeProcess): string {
    return join(this.#logDir, `${chaincode}.${organisation}.log`);
  }

  /** Resolves when `isReady` says so of every server's address, or `withinMs` have passed; answers with the others. */
  async ready(withinMs: number, isReady: (address: string) => Promise<boolean> | boolean): Promise<ServerStatus[]> {
    const deadline = Date.now() + withinMs;
    let waiting = this.status();
    while (waiting.length > 0 && Date.now() < deadline) {
      const ready = await Promise.all(waiting.map(({ address }) => isReady(address)));
      waiting = waiting.filter((_, index) => !ready[index]);
      if (waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return waiting;
  }

  status(): ServerStatus[] {
    return [...this.#servers.values()].map((server) => this.#statusOf(server));
  }

  #statusOf({ process, port, supervised }: Server): ServerStatus {
    const { chaincode, organisation } = process;
    const address = `127.0.0.1:${port}`;
    return { chaincode, organisation, address, pid: supervised?.current()?.pid, logFile: this.#logFile(process) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map(({ supervised }) => supervised?.stop()));
    this.#servers.clear();
  }
}

/** What a chaincode server reads under Fabric's external builders, and what the shims of Node, Go and Java read themselves. */
function serverEnvironment(process: ChaincodeProcess, port: number): Record<string, string | undefined> {
  const address = `127.0.0.1:${port}`;
  const id = `${process.chaincode}:${process.key}`;
  return {
    ...withoutNpmRun(env),
    CORE_PEER_LOCALMSPID: process.mspId,
    CORE_PEER_TLS_ENABLED: 'false',
    CHAINCODE_TLS_DISABLED: 'true',
    CORE_CHAINCODE_LOGGING_LEVEL: env.CORE_CHAINCODE_LOGGING_LEVEL ?? 'warning',
    CHAINCODE_SERVER_ADDRESS: address,
    CHAINCODE_ID: id,
    CORE_CHAINCODE_ADDRESS: address,
    CORE_CHAINCODE_ID: id,
    CORE_CHAINCODE_ID_NAME: id,
    ...process.env,
  };
}

/** Whether something listens on a loopback address (host:port). */
export function takesConnections(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(address.slice(address.lastIndexOf(':') + 1)), '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
