import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ChaincodeConfig, ChannelConfig } from '../devnet/config.ts';
import type { Administration } from './administration.ts';
import { writeChannelBlock } from './channelBlock.ts';
import { defineChaincode, installChaincode } from './lifecycle.ts';
import { waitForLeaders, waitForMembers } from './metrics.ts';
import type { FabricNode } from './nodes.ts';
import type { FabricPlan } from './plan.ts';
import type { FabricPrograms } from './programs.ts';
import { DeploymentRecord } from './record.ts';

/** A network whose nodes run. */
export interface Deployment {
  plan: FabricPlan;
  programs: FabricPrograms;
  nodes: { orderers: FabricNode[]; peers: FabricNode[] };
  administration: Administration;
  signal: AbortSignal | undefined;
  note: (text: string) => void;
}

/** Brings channels, with the nodes that have joined them and their chaincodes, to what is wanted; false where all was so already. */
export async function deployChannels(deployment: Deployment, channels: readonly ChannelConfig[]): Promise<boolean> {
  const { plan, nodes, signal, note } = deployment;
  const record = await DeploymentRecord.open(plan.stateDir);
  note('channels');
  let changes = false;
  for (const channel of channels) if (await joinNodes(deployment, channel, record)) changes = true;
  const names = channels.map(({ name }) => name);
  await waitForLeaders(nodes.orderers, names, signal);
  await waitForMembers(nodes.peers, channels, signal);
  const wanted = channels.flatMap((channel) => channel.chaincodes.map((chaincode) => ({ channel, chaincode })));
  const changed = wanted.filter(({ channel, chaincode }) => !record.has(channel.name, chaincode));
  if (changed.length === 0) return changes;
  note('chaincode');
  await deployChaincodes(deployment, changed, record);
  return true;
}

async function joinNodes(deployment: Deployment, channel: ChannelConfig, record: DeploymentRecord): Promise<boolean> {
  const { plan, programs, nodes, administration } = deployment;
  const peers = peersOf(deployment, channel);
  const missing = (node: FabricNode) => !record.hasJoined(channel.name, node.name);
  const all = [...nodes.orderers, ...peers];
  if (!all.some(missing)) return false;
  const file = join(plan.stateDir, `${channel.name}.block`);
  if (!existsSync(file)) await writeChannelBlock(plan, channel, nodes, programs, file);
  await Promise.all([
    ...nodes.orderers.filter(missing).map((node) => administration.joinOrderer(node, channel.name, file)),
    ...peers.filter(missing).map((node) => administration.joinPeer(node, channel.name, file)),
  ]);
  await record.noteJoined(
    channel.name,
    all.map(({ name }) => name),
  );
  return true;
}

async function deployChaincodes(
  deployment: Deployment,
  changed: readonly { channel: ChannelConfig; chaincode: ChaincodeConfig }[],
  record: DeploymentRecord,
): Promise<void> {
  const { administration, nodes } = deployment;
  // The same chaincode on several channels is one package.
  const packages = new Map(
    changed.map(({ chaincode }) => {
      const { name, version, addresses } = chaincode;
      return [JSON.stringify([name, version, addresses]), chaincode];
    }),
  );
  for (const chaincode of packages.values()) await installChaincode(administration, chaincode, nodes.peers);
  await Promise.all(
    changed.map(async ({ channel, chaincode }) => {
      const sequence = await defineChaincode(administration, channel, chaincode, peersOf(deployment, channel));
      await record.note(channel.name, chaincode, sequence);
    }),
  );
}

function peersOf({ nodes }: Deployment, channel: ChannelConfig): FabricNode[] {
  return nodes.peers.filter(({ mspId }) => channel.organisations.includes(mspId));
}
