import * as dagPb from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { exporter } from 'ipfs-unixfs-exporter';
import { CID } from 'multiformats/cid';
import { badCall, IpfsFailure } from '../failure.ts';
import type { Blocks } from './blocks.ts';
import { decodeBlock } from './codecs.ts';

/** Where a path leads: a block, and the steps inside its value that are left. */
export interface Resolved {
  cid: CID;
  inside: string[];
}

/** Reads `CID`, `CID/a/b` and `/ipfs/CID/a/b`. */
export function parsePath(text: string): { root: CID; steps: string[] } {
  const bare = text.startsWith('/ipfs/') ? text.slice('/ipfs/'.length) : text;
  if (text.startsWith('/ipns/')) throw new IpfsFailure('this node has no network and resolves no names (/ipns)');
  const [first = '', ...steps] = bare.split('/').filter((step) => step !== '');
  try {
    return { root: CID.parse(first), steps };
  } catch (error) {
    const why = text.includes('/') ? 'invalid cid' : 'path does not have enough components';
    throw new IpfsFailure(`invalid path ${JSON.stringify(text)}: ${why}`, { cause: error });
  }
}

/** The one path argument of a call. */
export function onlyArgument(args: string[], name: string): string {
  const [only] = args;
  if (only === undefined || only === '') throw badCall(`argument "${name}" is required`);
  return only;
}

/** Follows a path over links and through values, to the last block on it. */
export async function resolvePath(blocks: Blocks, text: string): Promise<Resolved> {
  const { root, steps } = parsePath(text);
  let cid = root;
  let inside: string[] = [];
  let value: unknown;
  for (const step of steps) {
    if (cid.code === dagPb.code) {
      cid = await childOf(blocks, cid, step);
      continue;
    }
    if (inside.length === 0) value = decodeBlock(cid, await blocks.read(cid));
    value = member(value, step);
    const link = CID.asCID(value);
    if (link) cid = link;
    inside = link ? [] : [...inside, step];
  }
  return { cid, inside };
}

/** The value at the end of a resolved path. */
export async function valueAt(blocks: Blocks, { cid, inside }: Resolved): Promise<unknown> {
  return inside.reduce(member, decodeBlock(cid, await blocks.read(cid)));
}

async function childOf(blocks: Blocks, cid: CID, name: string): Promise<CID> {
  const node = dagPb.decode(await blocks.read(cid));
  if (isSharded(node)) {
    try {
      return (await exporter(`${cid}/${name}`, blocks)).cid;
    } catch (error) {
      if (error instanceof IpfsFailure) throw error;
      throw new IpfsFailure(`no link named ${JSON.stringify(name)} under ${cid}`, { cause: error });
    }
  }
  const link = node.Links.find(({ Name }) => Name === name);
  if (!link) throw new IpfsFailure(`no link named ${JSON.stringify(name)} under ${cid}`);
  return link.Hash;
}

function isSharded(node: dagPb.PBNode): boolean {
  try {
    return node.Data !== undefined && UnixFS.unmarshal(node.Data).type === 'hamt-sharded-directory';
  } catch {
    return false;
  }
}

function member(value: unknown, step: string): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    const kind = kindOf(value);
    throw new IpfsFailure(
      `func called on wrong kind: "LookupBySegment" called on a ${kind} node (kind: ${kind}), but only makes sense on map or list`,
    );
  }
  if (Array.isArray(value) && !/^[+-]?\d+$/.test(step)) {
    const why = `strconv.ParseInt: parsing ${JSON.stringify(step)}: invalid syntax`;
    throw new IpfsFailure(`invalid segment for lookup on a list: ${JSON.stringify(step)}: ${why}`);
  }
  const found = Object.entries(value).find(([key]) => key === step);
  if (!found) throw new IpfsFailure(`key not found: ${JSON.stringify(step)}`);
  return found[1];
}

/** What the IPLD data model calls a value that has no members. */
function kindOf(value: unknown): string {
  if (value instanceof Uint8Array) return 'bytes';
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'float';
  return typeof value === 'string' ? 'string' : 'int';
}
