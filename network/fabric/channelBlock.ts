import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChannelConfig } from '../devnet/config.ts';
import { runProgram } from './command.ts';
import { foldersOf, ordererName } from './material.ts';
import type { FabricNode } from './nodes.ts';
import { type FabricPlan, membersOf } from './plan.ts';
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

/** What configtxgen reads for one channel. */
export function configtx(
  plan: FabricPlan,
  channel: ChannelConfig,
  nodes: { orderers: FabricNode[]; peers: FabricNode[] },
): object {
  const folders = foldersOf(plan.stateDir);
  const members = membersOf(plan, channel);
  const ordering = plan.orderers.mspId;
  const split = (address: string) => {
    const [Host = '', port] = address.split(':');
    return { Host, Port: Number(port) };
  };
  const organisation = (mspId: string) => {
    const peer = channel.organisations.includes(mspId) && nodes.peers.find((node) => node.mspId === mspId);
    return {
      ...{ Name: mspId, ID: mspId, MSPDir: folders.msp(mspId) },
      Policies: {
        Readers: signature(`OR('${mspId}.admin', '${mspId}.peer', '${mspId}.client')`),
        Writers: signature(`OR('${mspId}.admin', '${mspId}.client')`),
        Admins: signature(`OR('${mspId}.admin')`),
        Endorsement: signature(`OR('${mspId}.peer')`),
      },
      ...(peer ? { AnchorPeers: [split(peer.address)] } : {}),
    };
  };
  return {
    Profiles: {
      Channel: {
        Policies: standard,
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
            Consenters: nodes.orderers.map((node, index) => {
              const certificate = join(folders.node(ordererName(index)), 'tls', 'server.crt');
              return { ...split(node.address), ClientTLSCert: certificate, ServerTLSCert: certificate };
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
              ...{ Name: ordering, ID: ordering, MSPDir: folders.msp(ordering) },
              Policies: {
                Readers: signature(`OR('${ordering}.member')`),
                Writers: signature(`OR('${ordering}.member')`),
                Admins: signature(`OR('${ordering}.admin')`),
              },
              OrdererEndpoints: nodes.orderers.map(({ address }) => address),
            },
          ],
          Policies: { ...standard, BlockValidation: implicit('ANY Writers') },
          Capabilities: { V2_0: true },
        },
        Application: {
          Organizations: members.map(organisation),
          Policies: {
            ...standard,
            LifecycleEndorsement: majorityOfPeers(members, channel.organisations),
            Endorsement: majorityOfPeers(members, channel.organisations),
          },
          Capabilities: { V2_5: true },
        },
      },
    },
  };
}

const signature = (Rule: string) => ({ Type: 'Signature', Rule });
const implicit = (Rule: string) => ({ Type: 'ImplicitMeta', Rule });

const standard = {
  Readers: implicit('ANY Readers'),
  Writers: implicit('ANY Writers'),
  Admins: implicit('MAJORITY Admins'),
};

/** Fabric's usual policy, unless members without peers make a majority of all members impossible. */
function majorityOfPeers(members: readonly string[], withPeers: readonly string[]): object {
  if (withPeers.length > members.length / 2) return implicit('MAJORITY Endorsement');
  const peers = withPeers.map((mspId) => `'${mspId}.peer'`).join(', ');
  return signature(`OutOf(${Math.floor(withPeers.length / 2) + 1}, ${peers})`);
}
