import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { findFreePorts } from '../ports.ts';
import { replaceFile } from '../processes/replaceFile.ts';
import { codeOf, putBack, StepError } from '../step.ts';
import { ordererName, peerName } from './material.ts';
import type { FabricPlan } from './plan.ts';

/** Ports of one node, all on 127.0.0.1. `admin` is an orderer's for joining channels. */
export interface NodePorts {
  main: number;
  operations: number;
  admin: number;
}

const portsFile = z.record(
  z.string(),
  z.object({ main: z.number().int(), operations: z.number().int(), admin: z.number().int() }),
);

/**
 * The ports of every node, by its name. Channel configurations name them, so they are chosen once and kept in
 * `<stateDir>/ports.json`.
 */
export async function keepPorts(plan: FabricPlan): Promise<Map<string, NodePorts>> {
  const file = join(plan.stateDir, 'ports.json');
  const kept = await readKept(file);
  const wanted = new Map<string, number>();
  for (const { mspId, peer } of plan.organisations)
    if (peer) wanted.set(peerName(mspId), Number(peer.address.split(':')[1]));
  for (const index of plan.orderers.nodes.keys()) wanted.set(ordererName(index), 0);
  const missing = [...wanted].filter(([name]) => !kept[name]);
  const free = await findFreePorts(missing.length * 3);
  for (const [name, port] of missing) {
    const [main = 0, operations = 0, admin = 0] = free.splice(0, 3);
    kept[name] = { main: port || main, operations, admin };
  }
  if (missing.length > 0) await replaceFile(file, JSON.stringify(kept, null, 2));
  return new Map(Object.entries(kept).filter(([name]) => wanted.has(name)));
}

async function readKept(file: string): Promise<z.infer<typeof portsFile>> {
  try {
    return portsFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {};
    throw new StepError(`The file ${file} cannot be read.`, { advice: putBack, cause: error });
  }
}
