import * as dagPb from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { exporter, type UnixFSEntry } from 'ipfs-unixfs-exporter';
import type { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import type { Command } from '../call.ts';
import { IpfsFailure } from '../failure.ts';
import type { IpfsNode } from '../node.ts';
import { onlyArgument, resolvePath } from '../store/dagPath.ts';

/** `cat`: the bytes of files, one after another, or a part of them. */
export const cat: Command = async (node, call, reply) => {
  onlyArgument(call.args, 'ipfs-path');
  const offset = call.integer('offset', 'int64') ?? 0;
  const length = call.integer('length', 'int64');
  if (offset < 0) throw new IpfsFailure('cannot specify negative offset');
  if (length !== undefined && length < 0) throw new IpfsFailure('cannot specify negative length');
  const headers = { 'Content-Type': 'text/plain' };
  if (length === 0) return reply.begin({ ...headers, 'X-Content-Length': '0', 'X-Stream-Output': '1' });

  const ranges: { file: Readable; offset: number; length: number }[] = [];
  let skip = offset;
  let left = length ?? Number.POSITIVE_INFINITY;
  for (const path of call.args) {
    const file = await openFile(node, path);
    const begin = Math.min(skip, file.size);
    const take = Math.min(left, file.size - begin);
    skip -= begin;
    left -= take;
    if (take > 0) ranges.push({ file, offset: begin, length: take });
  }
  const total = ranges.reduce((sum, range) => sum + range.length, 0);
  const content = async function* (): AsyncGenerator<Uint8Array> {
    for (const { file, ...range } of ranges) yield* file.read(range);
  };
  await reply.bytes(content(), { ...headers, 'X-Content-Length': String(total) });
};

interface Readable {
  size: number;
  read(range: { offset: number; length: number }): AsyncIterable<Uint8Array>;
}

async function openFile(node: IpfsNode, path: string): Promise<Readable> {
  const { cid, inside } = await resolvePath(node.blocks, path);
  if (inside.length > 0) throw new IpfsFailure(`${path} is no file`);
  const entry = await openEntry(node, cid);
  if (entry.type === 'directory') throw new IpfsFailure('this dag node is a directory');
  if (entry.type === 'object') throw new IpfsFailure('unrecognized node type');
  return { size: Number(entry.size), read: (range) => entry.content({ ...range, blockReadConcurrency: 4 }) };
}

async function openEntry(node: IpfsNode, cid: CID): Promise<UnixFSEntry> {
  try {
    return await exporter(cid, node.blocks);
  } catch (error) {
    if (error instanceof IpfsFailure) throw error;
    throw new IpfsFailure(`${cid} is no file or folder: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

interface Link {
  Name: string;
  Hash: string;
  Size: number;
  Type: number;
  Target: string;
  Mode: number;
  ModTime: string;
}

/** `ls`: what folders hold, and the blocks of files. */
export const ls: Command = async (node, call, reply) => {
  onlyArgument(call.args, 'ipfs-path');
  const stream = call.flag('stream', false);
  const look = call.flag('resolve-type', true) || call.flag('size', true);
  const objects: { Hash: string; Links: Link[] }[] = [];
  for (const path of call.args) {
    const { cid } = await resolvePath(node.blocks, path);
    const links: Link[] = [];
    let any = false;
    for await (const { name, child } of children(node, cid)) {
      const link = await describe(node, name, child, look);
      any = true;
      if (stream) await reply.line({ Objects: [{ Hash: path, Links: [link] }] });
      else links.push(link);
    }
    if (stream && !any) await reply.line({ Objects: [{ Hash: path, Links: [] }] });
    // Kubo sorts by name what it gives at once. The blocks of a file have no names and keep their order.
    objects.push({
      Hash: path,
      Links: links.toSorted((one, other) => Buffer.compare(Buffer.from(one.Name), Buffer.from(other.Name))),
    });
  }
  if (!stream) await reply.json({ Objects: objects });
};

async function* children(node: IpfsNode, cid: CID): AsyncGenerator<{ name: string; child: CID }> {
  const entry = await openEntry(node, cid);
  if (entry.type === 'directory') {
    for await (const { name, cid: child } of entry.entries()) yield { name, child };
  } else if (entry.type === 'file') {
    for (const link of entry.node.Links ?? []) yield { name: link.Name ?? '', child: link.Hash };
  }
}

async function describe(node: IpfsNode, name: string, cid: CID, look: boolean): Promise<Link> {
  const link = {
    Name: name,
    Hash: cid.toString(),
    Size: 0,
    Type: 0,
    Target: '',
    Mode: 0,
    ModTime: '0001-01-01T00:00:00Z',
  };
  if (cid.code === raw.code) {
    const size = await node.blocks.sizeOf(cid);
    // Kubo reads the block here; the size is enough, unless it is missing.
    return { ...link, Size: size ?? (await node.blocks.read(cid)).length, Type: 2 };
  }
  if (!look || cid.code !== dagPb.code) return link;
  const data = dagPb.decode(await node.blocks.read(cid)).Data;
  const unixfs = data && UnixFS.unmarshal(data);
  if (!unixfs) return link;
  // The decoder fills in the usual mode where none is stored; Kubo says 0 there.
  const usual = unixfs.isDirectory() ? 0o755 : 0o644;
  const attributes = {
    Mode: unixfs.mode === undefined || unixfs.mode === usual ? 0 : unixfs.mode,
    ModTime: unixfs.mtime ? timeOf(unixfs.mtime) : link.ModTime,
  };
  if (unixfs.isDirectory()) return { ...link, ...attributes, Type: 1 };
  if (unixfs.type === 'symlink')
    return { ...link, ...attributes, Type: 4, Target: Buffer.from(unixfs.data ?? []).toString() };
  return { ...link, ...attributes, Size: Number(unixfs.fileSize()), Type: 2 };
}

function timeOf({ secs, nsecs }: { secs: bigint; nsecs?: number }): string {
  const fraction = nsecs ? `.${String(nsecs).padStart(9, '0').replace(/0+$/, '')}` : '';
  return `${new Date(Number(secs) * 1000).toISOString().slice(0, 19)}${fraction}Z`;
}

/** `files/stat` of a path under `/ipfs/`; this node keeps no other files. `kubo-rpc-client` asks it within `ls`. */
export const filesStat: Command = async (node, call, reply) => {
  const path = onlyArgument(call.args, 'path');
  if (!path.startsWith('/ipfs/'))
    throw new IpfsFailure('this node keeps no mutable files: only paths under /ipfs/ are served');
  const { cid } = await resolvePath(node.blocks, path);
  const entry = await openEntry(node, cid);
  const bytes = await node.blocks.read(cid);
  const links = cid.code === dagPb.code ? dagPb.decode(bytes).Links : [];
  await reply.json({
    Hash: cid.toString(),
    Size: entry.type === 'directory' ? 0 : Number(entry.size),
    CumulativeSize: links.reduce((sum, link) => sum + (link.Tsize ?? 0), bytes.length),
    Blocks: links.length,
    Type: entry.type === 'directory' ? 'directory' : 'file',
  });
};
