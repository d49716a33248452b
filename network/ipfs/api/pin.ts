import type { CID } from 'multiformats/cid';
import type { Command, Reply } from '../call.ts';
import { IpfsFailure } from '../failure.ts';
import type { IpfsNode } from '../node.ts';
import { onlyArgument, resolvePath } from '../store/dagPath.ts';

/** The block at a path that must not lead inside a value. */
async function blockAt(node: IpfsNode, path: string): Promise<CID> {
  const { cid, inside } = await resolvePath(node.blocks, path);
  if (inside.length > 0) throw new IpfsFailure(`${path} leads inside a block`);
  return cid;
}

export const pinAdd: Command = async (node, call, reply) => {
  onlyArgument(call.args, 'ipfs-path');
  const pin = { recursive: call.flag('recursive', true), name: call.text('name') ?? '' };
  await node.lock.shared(async () => {
    const cids = await Promise.all(call.args.map((path) => blockAt(node, path)));
    const progress = { Progress: 0, Bytes: 0 };
    for (const cid of cids) {
      await node.pins.add(cid, pin, (size) => {
        progress.Progress += 1;
        progress.Bytes += size;
      });
    }
    if (call.flag('progress', false)) await reply.line(progress);
    await reply.line({ Pins: cids.map(String) });
  });
};

export const pinRm: Command = async (node, call, reply) => {
  onlyArgument(call.args, 'ipfs-path');
  const recursive = call.flag('recursive', true);
  await node.lock.shared(async () => {
    const cids: CID[] = [];
    for (const path of call.args) {
      const cid = await blockAt(node, path);
      await node.pins.remove(cid, recursive);
      cids.push(cid);
    }
    await reply.line({ Pins: cids.map(String) });
  });
};

interface Found {
  cid: string;
  type: string;
  name: string;
}

const types = ['direct', 'indirect', 'recursive', 'all'];

export const pinLs: Command = async (node, call, reply) => {
  const type = call.text('type') ?? 'all';
  if (!types.includes(type))
    throw new IpfsFailure(`invalid type '${type}', must be one of {direct, indirect, recursive, all}`);
  // Only changes what Kubo's command line prints, but has to be understood.
  call.flag('quiet', false);
  const names = call.flag('names', false) || call.text('name') !== undefined;
  const part = call.text('name') ?? '';
  await node.lock.shared(async () => {
    const all = call.args.length > 0 ? await named(node, call.args, type) : await listed(node, type);
    const found = all.filter(({ name }) => name.includes(part));
    await answer(reply, found, call.flag('stream', false), names);
  });
};

async function answer(reply: Reply, found: Found[], stream: boolean, names: boolean): Promise<void> {
  if (!stream) {
    const sorted = found.toSorted((left, right) => Buffer.compare(Buffer.from(left.cid), Buffer.from(right.cid)));
    const keys = sorted.map(({ cid, type, name }) => [cid, { Type: type, Name: names ? name : '' }] as const);
    return reply.json({ Keys: Object.fromEntries(keys) });
  }
  reply.begin({ 'Content-Type': 'application/json', 'X-Chunked-Output': '1' });
  for (const { cid, type, name } of found) {
    await reply.line({ Cid: cid, Type: type, ...(names && name ? { Name: name } : {}) });
  }
}

async function listed(node: IpfsNode, type: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const mode of ['recursive', 'direct'] as const) {
    if (type !== mode && type !== 'all') continue;
    found.push(...node.pins.pinned(mode).map(({ cid, name }) => ({ cid: cid.toString(), type: mode, name })));
  }
  if (type === 'indirect' || type === 'all') {
    found.push(...(await node.pins.indirect()).map((cid) => ({ cid: cid.toString(), type: 'indirect', name: '' })));
  }
  return found;
}

async function named(node: IpfsNode, paths: string[], type: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const path of paths) {
    const cid = await blockAt(node, path);
    const pin = node.pins.of(cid);
    if (pin && (type === pin.mode || type === 'all')) {
      found.push({ cid: cid.toString(), type: pin.mode, name: pin.name });
      continue;
    }
    const through = type === 'indirect' || type === 'all' ? await node.pins.through(cid) : undefined;
    if (!through) throw new IpfsFailure(`path '${path}' is not pinned`);
    found.push({ cid: cid.toString(), type: `indirect through ${through}`, name: '' });
  }
  return found;
}
