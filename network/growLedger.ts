import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readChannels } from './addedChannels.ts';
import type { Channel } from './channels.ts';
import { readConfig } from './devnet/config.ts';
import { deployChannels } from './fabric/deployChannels.ts';
import { openFabric } from './fabric/openFabric.ts';
import { replaceFile } from './processes/replaceFile.ts';
import { assignPorts, ledgerPlan } from './profiles.ts';
import type { RunFile } from './runFile.ts';
import { readPorts } from './startLedger.ts';
import { codeOf, putBack, StepError } from './step.ts';

/**
 * Writes a channel into the configuration of the devnet that runs and has the process take it up. A process that is away at
 * this moment reads the file when it is started again.
 */
export async function growDevnet(run: RunFile, { name, kind }: Channel): Promise<void> {
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

/** Makes a channel on the peers and orderers of Fabric that run, has them join, and deploys its contracts. Does nothing twice. */
export async function growFabric(
  run: RunFile,
  { name }: Channel,
  options: { note: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  const folder = join(run.stateDir, 'ledger');
  const stateDir = ['fabric', 'compose'].map((kind) => join(folder, kind)).find((kept) => existsSync(kept));
  if (stateDir === undefined)
    throw new StepError('The channels of this network are kept by others.', {
      advice: 'ask whoever runs it for the channel, and name it in the ledger profile.',
    });
  const ports = readPorts(join(folder, 'ports.json'));
  if (ports === undefined)
    throw new StepError(`${folder} does not say on which ports chaincode is.`, { advice: putBack });
  const plan = await ledgerPlan({
    stateDir,
    organisationsDir: join(run.stateDir, 'organisations'),
    ports: assignPorts(ports),
    channels: readChannels(join(folder, 'channels.json')),
  });
  const wanted = plan.channels.filter((channel) => channel.name === name);
  await deployChannels(await openFabric(plan, options), wanted);
}
