import * as dagPb from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { CID } from 'multiformats/cid';
import { create as digestOf } from 'multiformats/hashes/digest';
import { type Bytes, copyBytes, equalBytes } from './bytes.ts';
import { CryptoError } from './errors.ts';

/** Files of several raw blocks, as IPFS lays them out: UnixFS, balanced, raw leaves, CIDv1. */

const rawCodec = 0x55;
const sha256Code = 0x12;
const linksOfNode = 174;
/** 174³ leaves are more than any attachment has. */
const mostLevels = 3;

export interface Block {
  cid: string;
  bytes: Bytes;
}
export interface Leaf {
  cid: string;
  /** Bytes of the block. */
  size: number;
}
interface Branch {
  cid: CID;
  /** Bytes of content below, and of all blocks below with this one. */
  content: bigint;
  total: number;
}

async function cidOfBlock(codec: number, bytes: Uint8Array): Promise<CID> {
  const digest = await crypto.subtle.digest('SHA-256', copyBytes(bytes));
  return CID.createV1(codec, digestOf(sha256Code, new Uint8Array(digest)));
}

/** The block of a leaf. */
export async function leafBlock(bytes: Bytes): Promise<Block> {
  return { cid: (await cidOfBlock(rawCodec, bytes)).toString(), bytes };
}

/** The blocks above the leaves, the root last; none above a single leaf, which is its own root. */
export async function dagOf(leaves: readonly Leaf[]): Promise<{ root: string; nodes: Block[] }> {
  const nodes: Block[] = [];
  let level: Branch[] = leaves.map(({ cid, size }) => ({ cid: CID.parse(cid), content: BigInt(size), total: size }));
  while (level.length > 1) {
    const above: Branch[] = [];
    for (let at = 0; at < level.length; at += linksOfNode) {
      const { block, branch } = await nodeOf(level.slice(at, at + linksOfNode));
      nodes.push(block);
      above.push(branch);
    }
    level = above;
  }
  const [root] = level;
  if (root === undefined) throw new CryptoError('CHUNK_COUNT', 'none');
  return { root: root.cid.toString(), nodes };
}

async function nodeOf(children: readonly Branch[]): Promise<{ block: Block; branch: Branch }> {
  const file = new UnixFS({ type: 'file', blockSizes: children.map(({ content }) => content) });
  const links = children.map(({ cid, total }) => dagPb.createLink('', total, cid));
  const bytes = copyBytes(dagPb.encode(dagPb.createNode(file.marshal(), links)));
  const cid = await cidOfBlock(dagPb.code, bytes);
  const content = children.reduce((sum, child) => sum + child.content, 0n);
  const total = children.reduce((sum, child) => sum + child.total, bytes.length);
  return { block: { cid: cid.toString(), bytes }, branch: { cid, content, total } };
}

/** Throws `ALTERED`, with the block in `detail`, unless the bytes are those that the CID names. */
export async function requireBlock(cid: string, bytes: Uint8Array): Promise<void> {
  const digest = await crypto.subtle.digest('SHA-256', copyBytes(bytes));
  const named = parse(cid).multihash;
  if (named.code !== sha256Code || !equalBytes(named.digest, new Uint8Array(digest))) {
    throw new CryptoError('ALTERED', `block ${cid}`);
  }
}

/**
 * The leaves below a root, in order, reading and checking every block above them. Throws `ALTERED` with the block in `detail`,
 * `CHUNK_COUNT` for more than `most` leaves.
 */
export async function readLeaves(
  root: string,
  get: (cids: string[]) => Promise<Uint8Array[]>,
  most: number,
): Promise<string[]> {
  let level = [root];
  for (let depth = 0; level.some((cid) => parse(cid).code === dagPb.code); depth += 1) {
    if (depth === mostLevels) throw new CryptoError('CHUNK_COUNT', 'too deep');
    // A mix would have another order of leaves than of levels; balanced layouts have none.
    if (level.some((cid) => parse(cid).code !== dagPb.code)) throw new CryptoError('ALTERED', `block ${root}`);
    const blocks = await get(level);
    const below: string[] = [];
    for (const [at, cid] of level.entries()) {
      const bytes = blocks[at] ?? new Uint8Array();
      await requireBlock(cid, bytes);
      below.push(...linksOf(cid, bytes));
      if (below.length > most) throw new CryptoError('CHUNK_COUNT', `more than ${most}`);
    }
    level = below;
  }
  return level;
}

function linksOf(cid: string, bytes: Uint8Array): string[] {
  try {
    const { Data, Links } = dagPb.decode(bytes);
    const file = UnixFS.unmarshal(Data ?? new Uint8Array());
    // Content beside the links would be read by IPFS and not here.
    if (file.type !== 'file' || file.data?.length || Links.length === 0) throw new RangeError('not a file of blocks');
    return Links.map(({ Hash }) => Hash.toString());
  } catch (cause) {
    throw new CryptoError('ALTERED', `block ${cid}`, { cause });
  }
}

function parse(cid: string): CID {
  try {
    return CID.parse(cid);
  } catch (cause) {
    throw new CryptoError('ALTERED', `block ${cid}`, { cause });
  }
}
