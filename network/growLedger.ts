import { join } from 'node:path';
import { readChannels } from './addedChannels.ts';
import type { Channel } from './channels.ts';
import { readConfig } from './devnet/config.ts';
import { deployChannels } from './fabric/deployChannels.ts';
import { openFabric } from './fabric/openFabric.ts';
import { readLedgerKind } from './ledgerChoice.ts';
import { replaceFile } from './processes/replaceFile.ts';
import { assignPorts, ledgerPlan } from './profiles.ts';
import type { RunFile } from './runFile.ts';
import { readPorts } from './startLedger.ts';
import { codeOf, putBack, StepError } from './step.ts';

export interface GrowOptions {
  note: (text: string) => void;
  signal: AbortSignal;
}

/** Makes a channel on a ledger that runs and deploys its contracts. Does nothing where that was done. */
export type Grow = (run: RunFile, channel: Channel, options: GrowOptions) => Promise<void>;

/** How the ledger of a state folder grows. Throws a StepError where it is run by others. */
export function growthOf(stateDir: string): Grow {
  const kind = readLedgerKind(stateDir);
  if (kind === 'devnet') return growDevnet;
  if (kind === 'fabric' || kind === 'compose')
    return (run, channel, options) => growFabric(run, kind, channel, options);
  throw new StepError(`The ledger of ${stateDir} is run by others.`, {
    advice:
      'have its operators make the channel, add it to the ledger profile, and publish the channel map with it. Nothing was changed.',
  });
}

/**
 * Writes a channel into the configuration of the devnet that runs and has the process take it up. A process that is away at
 * this moment reads the file when it is started again.
 */
async function growDevnet(run: RunFile, { name, kind }: Channel): Promise<void> {
  const file = join(run.stateDir, 'ledger', 'devnet.json');
  const config = readConfig(file);
  if (!config.channels.some((channel) => channel.name === name)) {
    // Channels of one kind differ in their names only; members, contracts and the addresses of chaincode are the same.
    const sibling = config.channels.find((channel) => channel.name.startsWith(`${kind}-`));
    if (!sibling) throw new Error(`There is no channel like ${name} to follow.`);
    const channels = [...config.channels, { ...sibling, name }];
    await replaceFile(file, `${JSON.stringify({ ...config, channels }, null, 2)}\n`);
  }
  // Also where it stands in the file: whoever wrote it may have been killed before this.
  const node = run.processes.find((process) => process.name === 'devnet');
  if (node) hangUp(node.pid);
}

function hangUp(pid: number): void {
  try {
    process.kill(pid, 'SIGHUP');
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

/** Has peers and orderers of Fabric join a channel, and its organisations commit the contracts. */
async function growFabric(
  run: RunFile,
  kind: 'fabric' | 'compose',
  { name }: Channel,
  options: GrowOptions,
): Promise<void> {
  const folder = join(run.stateDir, 'ledger');
  const ports = readPorts(join(folder, 'ports.json'));
  if (ports === undefined)
    throw new StepError(`${folder} does not say on which ports chaincode is.`, { advice: putBack });
  const plan = await ledgerPlan({
    stateDir: join(folder, kind),
    organisationsDir: join(run.stateDir, 'organisations'),
    ports: assignPorts(ports),
    channels: readChannels(join(folder, 'channels.json')),
  });
  const wanted = plan.channels.filter((channel) => channel.name === name);
  await deployChannels(await openFabric(plan, options), wanted);
}
