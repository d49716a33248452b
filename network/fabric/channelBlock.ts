import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  applicationMembers,
  type ConfigurationGroup,
  channelGroups,
  readImplicit,
} from '../devnet/channel/configuration.ts';
import type { ChannelConfig } from '../devnet/config.ts';
import { runProgram } from './command.ts';
import { foldersOf } from './material.ts';
import type { FabricNode } from './nodes.ts';
import type { FabricPlan } from './plan.ts';
import type { FabricPrograms } from './programs.ts';

/** Writes the first block of a channel, made by configtxgen, into `file`. */
export async function writeChannelBlock(
  plan: FabricPlan,
  channel: ChannelConfig,
  nodes: { orderers: FabricNode[]; peers: FabricNode[] },
  programs: FabricPrograms,
  file: string,
): Promise<void> {
  await mkdir(plan.stateDir, { recursive: true });
  const folder = await mkdtemp(join(plan.stateDir, 'configtx-'));
  try {
    // JSON is YAML too.
    await writeFile(join(folder, 'configtx.yaml'), JSON.stringify(configtx(plan, channel, nodes), null, 2));
    const block = join(folder, 'block');
    await runProgram(
      programs.configtxgen,
      ['-profile', 'Channel', '-channelID', channel.name, '-outputBlock', block, '-configPath', folder],
      { what: `The first block of ${channel.name}` },
    );
    await rename(block, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What configtxgen reads for one channel; its policies are the ones that the devnet has too. */
export function configtx(
  plan: FabricPlan,
  channel: ChannelConfig,
  nodes: { orderers: FabricNode[]; peers: FabricNode[] },
): object {
  const folders = foldersOf(plan.stateDir);
  const { policies, groups } = channelGroups(channel, plan.organisations);
  const { Application, Orderer } = groups;
  const member = (mspId: string, group: ConfigurationGroup | undefined) => ({
    ...{ Name: mspId, ID: mspId, MSPDir: folders.msp(mspId) },
    Policies: inWords(group?.groups[mspId]?.policies),
  });
  const split = (address: string) => {
    const [Host = '', port] = address.split(':');
    return { Host, Port: Number(port) };
  };
  return {
    Profiles: {
      Channel: {
        Policies: inWords(policies),
        Capabilities: { V2_0: true },
        Orderer: {
          OrdererType: 'etcdraft',
          BatchTimeout: `${plan.batchTimeoutMs ?? 100}ms`,
          BatchSize: {
            MaxMessageCount: plan.maxMessageCount ?? 500,
            AbsoluteMaxBytes: '10 MB',
            PreferredMaxBytes: '2 MB',
          },
          EtcdRaft: {
            Consenters: nodes.orderers.map(({ name, address }) => {
              const certificate = join(folders.node(name), 'tls', 'server.crt');
              return { ...split(address), ClientTLSCert: certificate, ServerTLSCert: certificate };
            }),
            // Half of Fabric's tick, so that a new leader is found within a few seconds.
            Options: {
              TickInterval: '250ms',
              ElectionTick: 10,
              HeartbeatTick: 1,
              MaxInflightBlocks: 5,
              SnapshotIntervalSize: '16 MB',
            },
          },
          Organizations: [
            {
              ...member(plan.orderers.mspId, Orderer),
              OrdererEndpoints: nodes.orderers.map(({ address }) => address),
            },
          ],
          Policies: inWords(Orderer?.policies),
          Capabilities: { V2_0: true },
        },
        Application: {
          Organizations: applicationMembers(channel, plan.organisations).map(({ mspId }) => {
            const peer = channel.organisations.includes(mspId) && nodes.peers.find((node) => node.mspId === mspId);
            return { ...member(mspId, Application), ...(peer ? { AnchorPeers: [split(peer.address)] } : {}) };
          }),
          Policies: inWords(Application?.policies),
          Capabilities: { V2_5: true },
        },
      },
    },
  };
}

/** Policies as configtxgen takes them: `ANY Readers` and the like, or Fabric's language. */
function inWords(policies: Readonly<Record<string, string>> = {}): Record<string, object> {
  const entries = Object.entries(policies);
  return Object.fromEntries(
    entries.map(([name, Rule]) => [name, { Type: readImplicit(Rule) ? 'ImplicitMeta' : 'Signature', Rule }]),
  );
}
