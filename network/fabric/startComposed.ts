import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { replaceFile } from '../processes/replaceFile.ts';
import { startTethered } from '../processes/tether.ts';
import { indent, type Running } from '../service.ts';
import { StepError } from '../step.ts';
import { CommandFailed, runProgram } from './command.ts';
import { type ComposedChaincode, composeFile } from './compose.ts';
import { deployChannels } from './deployChannels.ts';
import { writeMaterial } from './material.ts';
import { serves } from './nodes.ts';
import { type Gateways, type OpenOptions, openFabric } from './openFabric.ts';
import type { FabricPlan } from './plan.ts';
import type { KeepNode } from './startFabric.ts';

/** The first start fetches the images. */
const startWithinMs = 15 * 60_000;

/**
 * Starts the plan's peers, orderers and chaincode processes as containers, by Docker Compose, and brings channels and chaincode to
 * what the plan says. Fabric's tools run on this machine. Throws a StepError.
 */
export async function startComposed(
  plan: FabricPlan,
  chaincodes: readonly ComposedChaincode[],
  options: OpenOptions & { keep: KeepNode },
): Promise<{ gateways: Gateways }> {
  const { keep, signal } = options;
  await requireCompose();
  await mkdir(plan.stateDir, { recursive: true, mode: 0o700 });
  await writeMaterial(plan);
  const network = await openFabric(plan, options);
  const { orderers, peers } = network.nodes;
  // Made here: Docker would make it as root.
  for (const { name } of [...orderers, ...peers])
    await mkdir(join(plan.stateDir, 'nodes', name.replaceAll(' ', '-')), { recursive: true });
  const file = join(plan.stateDir, 'compose.yaml');
  await replaceFile(file, stringify(composeFile(plan, network.nodes, chaincodes)));
  network.note('containers');
  await keep('containers', (logFile) => startContainers(file, logFile, [...orderers, ...peers], signal));
  await deployChannels(network, plan.channels);
  return { gateways: network.gateways };
}

async function requireCompose(): Promise<void> {
  await runProgram('docker', ['compose', 'version'], { what: 'Docker Compose' }).catch((error: unknown) => {
    if (!(error instanceof CommandFailed)) throw error;
    throw new StepError('Docker Compose was not found, or the Docker engine does not run.', {
      advice:
        'install and start Docker with its Compose plugin, or run Fabric without it: npm start -- --ledger fabric',
      cause: error,
    });
  });
}

/** Runs the containers beneath one attached command, which stops them when it is ended. */
async function startContainers(
  file: string,
  logFile: string,
  nodes: readonly Parameters<typeof serves>[0][],
  signal: AbortSignal | undefined,
): Promise<Running> {
  const args = ['compose', '--file', file, 'up', '--no-color', '--remove-orphans'];
  const child = await startTethered({ command: 'docker', args, env: {}, logFile });
  const deadline = Date.now() + startWithinMs;
  while (child.ended() === undefined && Date.now() < deadline && !signal?.aborted) {
    const up = await Promise.all(nodes.map(serves));
    if (up.every((one) => one)) return { pid: child.pid, end: child.end, stop: () => child.stop('SIGTERM', 60_000) };
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const ended = child.ended();
  await child.stop('SIGTERM', 60_000);
  signal?.throwIfAborted();
  throw new StepError(
    `The containers ${ended === undefined ? 'do not serve' : `could not be run: docker ${ended}`}. The log ends:\n${indent(await child.lastLines())}`,
    { advice: `docker compose --file ${file} ps, and logs, tell more.`, logFile },
  );
}
