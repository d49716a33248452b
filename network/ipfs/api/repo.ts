import { arch, platform } from 'node:os';
import type { Command } from '../call.ts';
import { IpfsFailure } from '../failure.ts';

/** Of this node; it is not Kubo and does not give Kubo's version. */
const version = '0.1.0';
const repoVersion = '1';

export const versionCommand: Command = async (_node, _call, reply) => {
  const processor = arch() === 'x64' ? 'amd64' : arch();
  await reply.json({
    Version: version,
    Commit: '',
    Repo: repoVersion,
    System: `${processor}/${platform()}`,
    Golang: '',
  });
};

export const id: Command = async (node, call, reply) => {
  const [other] = call.args;
  if (other !== undefined && other !== '' && other !== node.peerId) {
    throw new IpfsFailure('this node knows no other peers: it has no network');
  }
  await reply.json({
    ID: node.peerId,
    PublicKey: node.publicKey,
    Addresses: null,
    AgentVersion: `medloom-ipfs/${version}`,
    Protocols: null,
  });
};

export const repoVersionCommand: Command = async (_node, _call, reply) => reply.json({ Version: repoVersion });

export const repoStat: Command = async (node, call, reply) => {
  let RepoSize = 0;
  let NumObjects = 0;
  for await (const { size } of node.blocks.all()) {
    RepoSize += size;
    NumObjects += 1;
  }
  const sizes = { RepoSize, StorageMax: 10_000_000_000 };
  if (call.flag('size-only', false)) return reply.json({ ...sizes, NumObjects: 0, RepoPath: '', Version: '' });
  await reply.json({ ...sizes, NumObjects, RepoPath: node.repo, Version: `medloom-repo@${repoVersion}` });
};

export const repoGc: Command = (node, call, reply) =>
  node.lock.exclusive(async () => {
    const silent = call.flag('silent', false);
    for await (const cid of node.pins.collectGarbage()) if (!silent) await reply.line({ Key: { '/': cid.toString() } });
    reply.begin({ 'Content-Type': 'application/json', 'X-Chunked-Output': '1' });
  });
