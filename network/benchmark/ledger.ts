import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { devnetOf } from '../fabric/plan.ts';
import { packageIdsOf, startFabric } from '../fabric/startFabric.ts';
import { startNode } from '../service.ts';
import { type CarePlan, endorserMsps } from './carePlan.ts';
import type { SocketUse } from './sockets.ts';
import type { Watched } from './usage.ts';

export type LedgerName = 'devnet' | 'fabric';

/** A ledger that runs the plan: one embedded node, or peers and orderers of Hyperledger Fabric, each a process. */
export interface Ledger {
  name: LedgerName;
  /** host:port of the gateways, with TLS for `localhost`, by MSP. */
  gateways: Record<string, string>;
  /** Processes of the ledger itself, without chaincode. */
  watched: Watched[];
  /** Whose peer-to-peer and gateway traffic a socket carries; undefined for other sockets, chaincode's among them. */
  carrierOf(socket: SocketUse): string | undefined;
  stop(): Promise<void>;
}

/** The ids under which the chaincode processes have to register, by MSP and contract; the devnet takes any. */
export const packageIds = (name: LedgerName, plan: CarePlan): Record<string, Record<string, string>> =>
  name === 'fabric' ? packageIdsOf(plan.fabric.channels) : {};

const announcement = z.object({ gateways: z.record(z.string(), z.string()) });

export async function startDevnetLedger(plan: CarePlan, folder: string, logFile: string): Promise<Ledger> {
  const configFile = join(folder, 'devnet.json');
  writeFileSync(configFile, JSON.stringify(devnetOf(plan.fabric)), { mode: 0o600 });
  const node = await startNode({
    ...{ name: 'The devnet', args: ['network/devnet/main.ts', configFile], logFile, ready: 'line' },
    ...{ advice: 'see its log', signal: new AbortController().signal, say: say },
  });
  const { gateways } = announcement.parse(node.announcement);
  const mspOf = new Map(Object.entries(gateways).map(([mspId, address]) => [portOf(address), mspId]));
  return {
    ...{ name: 'devnet', gateways, watched: [{ name: 'node', pid: node.pid }] },
    carrierOf: ({ pid, localPort }) => (pid === node.pid ? mspOf.get(localPort) : undefined),
    stop: node.stop,
  };
}

export async function startFabricLedger(plan: CarePlan): Promise<Ledger> {
  const fabric = await startFabric(plan.fabric);
  const pids = fabric.pids();
  const mspOf = new Map(
    Object.entries(pids).flatMap(([name, pid]) => (name.startsWith('peer ') ? [[pid, name.slice(5)]] : [])),
  );
  const chaincodePorts = new Set(
    endorserMsps.flatMap((mspId) => Object.values(plan.addresses[mspId] ?? {}).map(portOf)),
  );
  return {
    name: 'fabric',
    gateways: Object.fromEntries(Object.entries(fabric.gateways).map(([mspId, { address }]) => [mspId, address])),
    watched: Object.entries(pids).map(([name, pid]) => ({ name, pid })),
    carrierOf: ({ pid, remotePort }) => (chaincodePorts.has(remotePort) ? undefined : mspOf.get(pid)),
    stop: fabric.stop,
  };
}

const portOf = (address: string) => Number(address.slice(address.lastIndexOf(':') + 1));
const say = (text: string) => process.stdout.write(`${text}\n`);
