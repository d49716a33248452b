import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { ChaincodeConfig, ChannelConfig } from '../devnet/config.ts';
import type { Administration } from './administration.ts';
import { packageChaincode } from './ccaas.ts';
import { CommandFailed } from './command.ts';
import type { FabricNode } from './nodes.ts';

/** Has every peer that runs the chaincode keep its package. Nothing happens where it has. */
export async function installChaincode(
  administration: Administration,
  chaincode: ChaincodeConfig,
  peers: readonly FabricNode[],
): Promise<void> {
  await inFolder(async (folder) => {
    await Promise.all(
      peers
        .filter(({ mspId }) => chaincode.addresses[mspId] !== undefined)
        .map(async (peer) => {
          const file = join(folder, `${peer.mspId}.tgz`);
          await writeFile(file, packageChaincode(chaincode, peer.mspId).bytes);
          const what = `Installing ${chaincode.name} at ${peer.mspId}`;
          await administration
            .peer(peer, ['lifecycle', 'chaincode', 'install', file], what)
            .catch(unless(/already successfully installed/));
        }),
    );
  });
}

/**
 * Brings a chaincode's definition on a channel to what the plan says, approved by every organisation with a peer there: the first
 * definition, the next sequence where it differs from the committed one, and nothing where it is the same. What was cut short is
 * gone on with. Answers the sequence in force. `peers` are those of the channel.
 */
export async function defineChaincode(
  administration: Administration,
  channel: ChannelConfig,
  chaincode: ChaincodeConfig,
  peers: readonly FabricNode[],
): Promise<number> {
  const [first] = peers;
  if (!first) throw new Error(`${channel.name} has no peers.`);
  return inFolder(async (folder) => {
    const collections = join(folder, 'collections.json');
    await writeFile(collections, JSON.stringify((chaincode.collections ?? []).map(collectionConfig)));
    const definition = [
      ...['--channelID', channel.name, '--name', chaincode.name, '--version', chaincode.version],
      isReference(chaincode.endorsementPolicy) ? '--channel-config-policy' : '--signature-policy',
      chaincode.endorsementPolicy,
      ...(chaincode.collections?.length ? ['--collections-config', collections] : []),
    ];
    const run = (peer: FabricNode, doing: string, args: string[]) =>
      administration.peer(
        peer,
        ['lifecycle', 'chaincode', ...args],
        `${doing} ${chaincode.name} on ${channel.name} by ${peer.mspId}`,
      );
    const approve = async (peer: FabricNode, sequence: number) => {
      const packageId = chaincode.addresses[peer.mspId] && packageChaincode(chaincode, peer.mspId).packageId;
      await run(peer, 'Approving', [
        ...['approveformyorg', ...definition, '--sequence', String(sequence)],
        ...(packageId ? ['--package-id', packageId] : []),
        ...administration.ordering(),
      ]).catch(unless(/attempted to redefine (?!.*different parameters)/));
    };

    const committed = await committedSequence(administration, channel.name, chaincode.name, first);
    // Whether the committed definition is the plan's, the peer says best: it takes no other one under the same sequence.
    const isSame =
      committed > 0 &&
      (await approve(first, committed).then(
        () => true,
        (error: unknown) => {
          if (error instanceof CommandFailed && /with different parameters/.test(error.output)) return false;
          throw error;
        },
      ));
    const sequence = isSame ? committed : committed + 1;
    await Promise.all((isSame ? peers.slice(1) : peers).map((peer) => approve(peer, sequence)));
    if (isSame) return sequence;
    const numbered = [...definition, '--sequence', String(sequence)];
    await requireApprovals(
      await run(first, 'Checking', ['checkcommitreadiness', ...numbered, '--output', 'json']),
      `${chaincode.name} on ${channel.name}`,
      peers,
    );
    await run(first, 'Committing', [
      ...['commit', ...numbered],
      ...administration.ordering(),
      ...administration.endorsers(peers),
    ]);
    return sequence;
  });
}

const committedDefinition = z.object({ sequence: z.number().int().positive() });

/** The sequence of the definition in force; 0 where there is none. */
async function committedSequence(administration: Administration, channel: string, name: string, peer: FabricNode) {
  const args = ['lifecycle', 'chaincode', 'querycommitted', '--channelID', channel, '--name', name, '--output', 'json'];
  const output = await administration
    .peer(peer, args, `Asking for ${name} on ${channel}`)
    .catch(unless(/namespace .* is not defined/));
  return output === undefined ? 0 : committedDefinition.parse(JSON.parse(output)).sequence;
}

const readiness = z.object({ approvals: z.record(z.string(), z.boolean()) });

function requireApprovals(output: string, what: string, peers: readonly FabricNode[]): void {
  const { approvals } = readiness.parse(JSON.parse(output));
  const missing = peers.filter(({ mspId }) => approvals[mspId] !== true).map(({ mspId }) => mspId);
  if (missing.length > 0) throw new Error(`${what} is not approved by ${missing.join(', ')}.`);
}

/** A collection in the words of `peer`'s collection configuration. */
function collectionConfig(collection: NonNullable<ChaincodeConfig['collections']>[number]): object {
  const { endorsementPolicy: policy, ...rest } = collection;
  if (policy === undefined) return rest;
  return {
    ...rest,
    endorsementPolicy: isReference(policy) ? { channelConfigPolicy: policy } : { signaturePolicy: policy },
  };
}

/** Whether a policy is the channel's own, by its path, and not one in the policy language. */
function isReference(policy: string): boolean {
  return policy.startsWith('/');
}

/** Takes a failure whose words say that there is nothing to do. */
function unless(words: RegExp): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof CommandFailed && words.test(error.output)) return undefined;
    throw error;
  };
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'medloom-lifecycle-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
