import { Administration } from './administration.ts';
import type { Deployment } from './deployChannels.ts';
import { foldersOf } from './material.ts';
import { nodesOf } from './nodes.ts';
import type { FabricPlan } from './plan.ts';
import { keepPorts } from './ports.ts';
import { type FabricPrograms, requireFabric } from './programs.ts';

/** How a client reaches the gateway of an organisation, by MSP. */
export type Gateways = Record<string, { address: string; tlsCaPem: string; serverName: string }>;

export interface OpenOptions {
  programs?: FabricPrograms | undefined;
  signal?: AbortSignal | undefined;
  /** Told what is being done. */
  note?: ((text: string) => void) | undefined;
}

/**
 * A network as it is to be administered, whoever runs its nodes: this process, another one, or containers. Its certificates were
 * written by whoever started it. `deployChannels` takes what this answers.
 */
export async function openFabric(
  plan: FabricPlan,
  options: OpenOptions = {},
): Promise<Deployment & { gateways: Gateways }> {
  const { programs = requireFabric(), signal, note = () => undefined } = options;
  const nodes = nodesOf(plan, await keepPorts(plan), programs);
  const administration = new Administration({
    ...{ programs, signal, orderers: nodes.orderers },
    folders: foldersOf(plan.stateDir),
  });
  const gateways = Object.fromEntries(
    nodes.peers.map(({ mspId, address, tlsCaPem }) => [mspId, { address, tlsCaPem, serverName: 'localhost' }]),
  );
  return { plan, programs, nodes, administration, signal, note, gateways };
}
