import { EventEmitter } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { common } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import { committedSequence } from '../channel/definition.ts';
import { type Devnet, startDevnet } from '../devnet.ts';
import { Chaincodes, type ServerStatus, takesConnections } from './chaincodes.ts';
import { writeConnectionProfiles } from './connectionProfile.ts';
import { readNetworkFile } from './networkFile.ts';
import { type NetworkPlan, planNetwork } from './plan.ts';
import { blockRecords, type TransactionRecord } from './transactionRecord.ts';

/** How long a start waits for chaincode servers; one that needs longer is told, and served when it is there. */
const serversWithinMs = 60_000;

/** How a running network stands. */
export interface StandaloneStatus {
  file: string;
  certificates: string;
  /** Address of each organisation's gateway, by the organisation's name. */
  gateways: Record<string, string>;
  channels: { name: string; height: number; chaincodes: { name: string; version: string; sequence: number }[] }[];
  servers: ServerStatus[];
}

/** What a deployment changed. */
export interface Deployment {
  channels: string[];
  chaincodes: { channel: string; name: string; version: string; sequence: number }[];
}

/** A network from one file: the node, its certificates on disk and its chaincode servers. */
export class Standalone {
  readonly #path: string;
  readonly #say: (line: string) => void;
  readonly #chaincodes: Chaincodes;
  readonly #failure = Promise.withResolvers<Error>();
  #plan: NetworkPlan;
  #node: Devnet;
  /** Ends what follows the channels of the node that runs now. */
  #run = new AbortController();
  /** Emits 'channel' with a channel that was opened, and the block from which on it is new to who follows. */
  readonly #opened = new EventEmitter<{ channel: [Channel, number] }>().setMaxListeners(0);
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: {
    path: string;
    say: (line: string) => void;
    chaincodes: Chaincodes;
    plan: NetworkPlan;
    node: Devnet;
  }) {
    this.#path = options.path;
    this.#say = options.say;
    this.#chaincodes = options.chaincodes;
    this.#plan = options.plan;
    this.#node = options.node;
    this.#watch();
  }

  /** Starts what the file describes; with `fresh` its ledgers begin anew. Throws a DevnetError, with everything ended. */
  static async start(path: string, options: { say: (line: string) => void; fresh?: boolean }): Promise<Standalone> {
    const plan = await readPlan(path);
    const { say } = options;
    const chaincodes = new Chaincodes({ logDir: join(plan.file.stateDir, 'logs'), say });
    try {
      if (options.fresh) await removeLedgers(plan);
      await chaincodes.ensure(plan.processes);
      const node = await startDevnet(plan.config((key) => chaincodes.portOf(key)));
      const standalone = new Standalone({ path, say, chaincodes, plan, node });
      await standalone.#publish();
      await standalone.#awaitServers();
      return standalone;
    } catch (error) {
      await chaincodes.close();
      throw error;
    }
  }

  /** Settles with the error when the node can no longer write blocks. */
  get failed(): Promise<Error> {
    return this.#failure.promise;
  }

  #watch(): void {
    void this.#node.failed.then(this.#failure.resolve);
  }

  #publish(): Promise<void> {
    return writeConnectionProfiles(this.#plan.organisations, this.#node.gateways);
  }

  /** Waits until the node has heard of every chaincode server, and says which it has not heard of in time. */
  async #awaitServers(): Promise<void> {
    const missing = await this.#chaincodes.ready(
      serversWithinMs,
      (address) => !this.#node.unconnected().includes(address),
    );
    for (const { chaincode, organisation, logFile } of missing)
      this.#say(`! chaincode ${chaincode} of ${organisation} does not answer yet; its log is ${logFile}`);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined); // told to its caller; the next one begins anew
    return result;
  }

  /**
   * Reads the file again and takes up new channels, new or changed chaincodes, their servers, and new users. Throws a
   * DevnetError, and goes on as before, where anything else differs.
   */
  deploy(): Promise<Deployment> {
    return this.#inTurn(async () => {
      const plan = await readPlan(this.#path);
      try {
        await this.#chaincodes.ensure(plan.processes);
        // Before the channels name them, so that what runs now serves until then.
        await this.#chaincodes.ready(serversWithinMs, takesConnections);
        const changes = await this.#node.adopt(plan.config((key) => this.#chaincodes.portOf(key)));
        await this.#chaincodes.retain(plan.processes);
        this.#plan = plan;
        await this.#awaitServers();
        for (const { name } of changes.channels) {
          const channel = this.#node.channels.get(name);
          if (channel) this.#opened.emit('channel', channel, 0);
        }
        return {
          channels: changes.channels.map(({ name }) => name),
          chaincodes: changes.chaincodes.map(({ channel, definition: { name, version } }) => ({
            ...{ channel, name, version, sequence: this.#sequence(channel, name) },
          })),
        };
      } catch (error) {
        await this.#chaincodes.retain(this.#plan.processes);
        throw error;
      }
    });
  }

  /** Starts the servers of a chaincode anew, and waits until they are there. */
  restartChaincode(name: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#chaincodes.restart(name);
      await this.#awaitServers();
    });
  }

  /** Starts the node anew with all that the file says by now; with `fresh` without what its ledgers held. */
  restart(options: { fresh?: boolean } = {}): Promise<void> {
    return this.#inTurn(async () => {
      const plan = await readPlan(this.#path);
      await this.#chaincodes.ensure(plan.processes);
      const config = plan.config((key) => this.#chaincodes.portOf(key));
      this.#run.abort();
      await this.#node.close();
      if (options.fresh) await removeLedgers(plan);
      try {
        this.#node = await startDevnet(config);
      } catch (error) {
        // Nothing serves any more, so that the process must not look as if something did.
        this.#failure.resolve(error instanceof Error ? error : new Error(String(error)));
        throw error;
      }
      this.#run = new AbortController();
      this.#watch();
      this.#plan = plan;
      await this.#publish();
      for (const channel of this.#node.channels.values()) this.#opened.emit('channel', channel, channel.store.height);
      await this.#chaincodes.retain(plan.processes);
      await this.#awaitServers();
    });
  }

  #sequence(channel: string, chaincode: string): number {
    const store = this.#node.channels.get(channel)?.store;
    return (store && committedSequence(store, chaincode)) ?? 0;
  }

  status(): StandaloneStatus {
    const { file, organisations } = this.#plan;
    const gateways: Record<string, string> = {};
    for (const { name, mspId } of organisations) {
      const address = this.#node.gateways[mspId];
      if (address !== undefined) gateways[name] = address;
    }
    return {
      file: file.path,
      certificates: file.certificatesDir,
      gateways,
      channels: [...this.#node.channels.values()].map(({ name, store, policies }) => ({
        name,
        height: store.height,
        chaincodes: [...policies.chaincodes()].map((chaincode) => ({
          ...{ name: chaincode.name, version: chaincode.version, sequence: this.#sequence(name, chaincode.name) },
        })),
      })),
      servers: this.#chaincodes.status(),
    };
  }

  /**
   * Gives the records of transactions, channel by channel from block `from` on (0). With `follow` it goes on with those of all
   * channels as they are committed, also of channels that come later and after the node was started anew, until the signal
   * aborts; without `from` it begins with the next block then.
   */
  async log(
    options: { channel?: string; from?: number; follow: boolean; signal: AbortSignal },
    write: (record: TransactionRecord) => Promise<void> | void,
  ): Promise<void> {
    const { follow, signal } = options;
    const wanted = ({ name }: Channel) => options.channel === undefined || name === options.channel;
    const tell = async (block: common.Block, channel: string) => {
      for (const record of blockRecords(channel, block)) await write(record);
    };
    if (!follow) {
      const run = AbortSignal.any([signal, this.#run.signal]);
      for (const { name, store } of [...this.#node.channels.values()].filter(wanted))
        for (let number = options.from ?? 0; number < store.height && !run.aborted; number += 1) {
          const block = store.block(number);
          if (block) await tell(block, name);
        }
      return;
    }
    const over = Promise.withResolvers<void>();
    const attach = (channel: Channel, from: number) => {
      if (!wanted(channel)) return;
      const run = AbortSignal.any([signal, this.#run.signal]);
      const read = async () => {
        for await (const block of channel.blocks(from, run)) await tell(block, channel.name);
      };
      read().catch(over.reject);
    };
    for (const channel of this.#node.channels.values()) attach(channel, options.from ?? channel.store.height);
    this.#opened.on('channel', attach);
    signal.addEventListener('abort', () => over.resolve(), { once: true });
    try {
      if (!signal.aborted) await over.promise;
    } finally {
      this.#opened.off('channel', attach);
    }
  }

  /** Commits what is ordered, and ends the node and the chaincode servers. */
  async close(): Promise<void> {
    await this.#turn;
    this.#run.abort();
    await this.#node.close();
    await this.#chaincodes.close();
  }
}

function readPlan(path: string): Promise<NetworkPlan> {
  return planNetwork(readNetworkFile(path));
}

async function removeLedgers({ file }: NetworkPlan): Promise<void> {
  await rm(join(file.stateDir, 'ledger'), { recursive: true, force: true });
}
