import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChannelConfig } from '../devnet/config.ts';
import type { Running } from '../service.ts';
import { packageChaincode } from './ccaas.ts';
import { deployChannels } from './deployChannels.ts';
import { writeMaterial } from './material.ts';
import { type FabricNode, startFabricNode } from './nodes.ts';
import { type Gateways, type OpenOptions, openFabric } from './openFabric.ts';
import type { FabricPlan } from './plan.ts';

/** A node that runs, or that was killed and not started again. */
export interface KeptNode {
  current(): Running | undefined;
  stop(): Promise<void>;
}

/** Starts a node and keeps it; what supervises other processes may supervise these. */
export type KeepNode = (name: string, start: (logFile: string) => Promise<Running>) => Promise<KeptNode>;

/** A running network of Hyperledger Fabric. */
export interface Fabric {
  gateways: Gateways;
  /** Names of the nodes with the ids of their processes: `orderer 1`, `peer HospitalMSP`. */
  pids(): Record<string, number>;
  /** Makes a channel that the plan did not have, has its peers join, and deploys its chaincodes; false where it is so. */
  addChannel(channel: ChannelConfig): Promise<boolean>;
  /** Ends a node at once, as a crash would. */
  kill(name: string): Promise<void>;
  /** Starts a node again that was killed; for networks that nothing supervises. */
  restart(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** The package ids under which an organisation's chaincode processes must register, by MSP and chaincode; known before any start. */
export function packageIdsOf(channels: readonly ChannelConfig[]): Record<string, Record<string, string>> {
  const ids: Record<string, Record<string, string>> = {};
  for (const { chaincodes } of channels)
    for (const chaincode of chaincodes)
      for (const mspId of Object.keys(chaincode.addresses)) {
        ids[mspId] ??= {};
        ids[mspId][chaincode.name] = packageChaincode(chaincode, mspId).packageId;
      }
  return ids;
}

/**
 * Starts orderers and peers on 127.0.0.1, and brings channels and chaincodes to what the plan says. On a folder that has the
 * network already it only starts the processes and does what the plan has more. Throws a StepError, with everything ended again.
 * Chaincode processes are the caller's: they need not run yet.
 */
export async function startFabric(plan: FabricPlan, options: OpenOptions & { keep?: KeepNode } = {}): Promise<Fabric> {
  const { keep = keepPlainly(plan.stateDir), signal } = options;
  await mkdir(plan.stateDir, { recursive: true, mode: 0o700 });
  await writeMaterial(plan);
  const network = await openFabric(plan, options);
  const all = [...network.nodes.orderers, ...network.nodes.peers];
  const kept = new Map<string, KeptNode>();
  const begin = async (node: FabricNode) => {
    kept.set(node.name, await keep(node.name, (logFile) => startFabricNode(node, logFile, signal)));
  };
  const stop = async () => {
    await Promise.all([...kept.values()].map((node) => node.stop()));
  };
  try {
    network.note('processes');
    const outcomes = await Promise.allSettled(all.map(begin));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    await deployChannels(network, plan.channels);
  } catch (error) {
    await stop();
    throw error;
  }
  const named = (name: string) => {
    const node = all.find((candidate) => candidate.name === name);
    if (!node) throw new Error(`There is no ${name}.`);
    return node;
  };
  return {
    gateways: network.gateways,
    pids: () =>
      Object.fromEntries(
        [...kept].flatMap(([name, node]) => {
          const pid = node.current()?.pid;
          return pid === undefined ? [] : [[name, pid]];
        }),
      ),
    addChannel: (channel) => deployChannels(network, [channel]),
    async kill(name) {
      const running = kept.get(named(name).name)?.current();
      if (!running) return;
      process.kill(running.pid, 'SIGKILL');
      await running.end;
    },
    restart: (name) => begin(named(name)),
    stop,
  };
}

/** Nodes that nobody starts again when they end, with their logs beside the state. */
function keepPlainly(stateDir: string): KeepNode {
  return async (name, start) => {
    const running = await start(join(stateDir, 'logs', `${name.replaceAll(' ', '-')}.log`));
    let current: Running | undefined = running;
    void running.end.then(() => {
      current = undefined;
    });
    return { current: () => current, stop: () => running.stop() };
  };
}
