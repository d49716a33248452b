import { join } from 'node:path';
import type { Channel } from './channels.ts';
import { type ChannelConfig, readConfig } from './devnet/config.ts';
import { replaceFile } from './processes/replaceFile.ts';
import type { RunFile } from './runFile.ts';
import { codeOf } from './step.ts';

/**
 * Writes a channel into the configuration of the devnet that runs and has the process take it up; false where it is there
 * already. A process that is away at this moment reads the file when it is started again.
 */
export async function growDevnet(run: RunFile, channel: Channel): Promise<boolean> {
  const file = join(run.stateDir, 'ledger', 'devnet.json');
  const config = readConfig(file);
  const there = config.channels.some(({ name }) => name === channel.name);
  if (!there) {
    const channels = [...config.channels, { ...siblingOf(config.channels, channel), name: channel.name }];
    await replaceFile(file, `${JSON.stringify({ ...config, channels }, null, 2)}\n`);
  }
  // Also where it stands in the file: whoever wrote it may have been killed before this.
  const node = run.processes.find(({ name }) => name === 'devnet');
  if (node) signal(node.pid);
  return !there;
}

/** Channels of one kind differ in their names only: members, contracts, and the addresses of the chaincode processes are the same. */
export function siblingOf(channels: readonly ChannelConfig[], { name, kind }: Channel): ChannelConfig {
  const sibling = channels.find((channel) => channel.name.startsWith(`${kind}-`));
  if (!sibling) throw new Error(`There is no channel like ${name} to follow.`);
  return sibling;
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGHUP');
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
