import { common } from '@hyperledger/fabric-protos';
import { z } from 'zod';
import { DevnetError } from '../config.ts';
import { blockHash, dataHash } from './block.ts';
import type { Database, Operation } from './database.ts';
import * as keys from './keys.ts';

/** A place in a chain: the number of blocks before it, and the hash of the last of them (empty before the first). */
export interface ChainPoint {
  height: number;
  hash: Buffer;
}

export const origin: ChainPoint = { height: 0, hash: Buffer.alloc(0) };

/** A block as it was read and checked, the length of its bytes, and the place behind it. */
export interface ReadBlock {
  block: common.Block;
  bytes: number;
  point: ChainPoint;
}

export function damaged(channel: string, block: number, what: string): DevnetError {
  return new DevnetError(`channel ${channel}: the ledger is damaged at block ${block}: ${what}. Nothing was changed.`);
}

const pointSchema = z.strictObject({ height: z.int().positive(), hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** Writes a place in the chain under a key of the database. */
export function putPoint(key: Buffer, { height, hash }: ChainPoint): Operation {
  return { type: 'put', key, value: Buffer.from(JSON.stringify({ height, hash: hash.toString('hex') })) };
}

async function getPoint(channel: string, database: Database, key: Buffer): Promise<ChainPoint | undefined> {
  const text = await database.get(key);
  if (!text) return undefined;
  try {
    const { height, hash } = pointSchema.parse(JSON.parse(text.toString()));
    return { height, hash: Buffer.from(hash, 'hex') };
  } catch {
    throw new DevnetError(`channel ${channel}: the ledger is damaged: its record ${key} cannot be read.`);
  }
}

/** The blocks from one place to a height, each checked: its number, its link to the block before it, its transactions. */
export async function* readChain(
  channel: string,
  database: Database,
  from: ChainPoint,
  height: number,
): AsyncGenerator<ReadBlock> {
  let point = from;
  while (point.height < height) {
    // One by one: an iterator over them all would see, and so keep on the disk, what is erased meanwhile.
    const bytes = await database.get(keys.blockKey(point.height), { fillCache: false });
    if (!bytes) throw damaged(channel, point.height, 'it is missing');
    const block = checkedBlock(channel, point, bytes);
    point = block.point;
    yield block;
  }
}

function checkedBlock(channel: string, { height: number, hash }: ChainPoint, bytes: Buffer): ReadBlock {
  let block: common.Block;
  try {
    block = common.Block.deserializeBinary(bytes);
  } catch {
    throw damaged(channel, number, 'its bytes cannot be read');
  }
  const header = block.getHeader();
  const data = block.getData();
  if (!header || !data || header.getNumber() !== number) throw damaged(channel, number, 'its header is wrong');
  if (!hash.equals(header.getPreviousHash_asU8()))
    throw damaged(channel, number, 'it does not carry the hash of the block before it');
  if (!dataHash(data.getDataList_asU8()).equals(header.getDataHash_asU8()))
    throw damaged(channel, number, 'its transactions do not match its header');
  return { block, bytes: bytes.length, point: { height: number + 1, hash: blockHash(header) } };
}

/** Follows the chain from one place to another, which it must reach. */
export async function followChain(
  channel: string,
  database: Database,
  from: ChainPoint,
  end: ChainPoint,
  passed: (point: ChainPoint, bytes: number) => Promise<void> | void,
): Promise<void> {
  let { hash } = from;
  for await (const { point, bytes } of readChain(channel, database, from, end.height)) {
    hash = point.hash;
    await passed(point, bytes);
  }
  if (!hash.equals(end.hash)) throw damaged(channel, end.height - 1, 'its hash is not the recorded one');
}

/** The place behind a block that stands alone: only its header is believed. */
export async function pointAt(channel: string, database: Database, height: number): Promise<ChainPoint> {
  const bytes = await database.get(keys.blockKey(height - 1));
  if (!bytes) throw damaged(channel, height - 1, 'it is missing');
  try {
    const header = common.Block.deserializeBinary(bytes).getHeader();
    if (header) return { height, hash: blockHash(header) };
  } catch {
    throw damaged(channel, height - 1, 'its bytes cannot be read');
  }
  throw damaged(channel, height - 1, 'its header is wrong');
}

/** The recorded end of the chain and the place up to which it was verified; undefined for an empty store. */
export async function readEnds(
  channel: string,
  database: Database,
): Promise<{ tip: ChainPoint; verified: ChainPoint } | undefined> {
  const tip = await getPoint(channel, database, keys.tipKey);
  for await (const key of database.keys({
    gte: keys.blockKey(tip?.height ?? 0),
    lt: keys.afterPrefix(keys.blockPrefix),
    limit: 1,
  }))
    throw damaged(channel, keys.trailingBlockNumber(key), 'the recorded tip is another');
  const verified = await getPoint(channel, database, keys.checkpointKey);
  if (!tip) {
    if (verified) throw damaged(channel, 0, 'it is missing');
    return undefined;
  }
  if (!verified) return { tip, verified: origin };
  if (verified.height > tip.height || !verified.hash.equals((await pointAt(channel, database, verified.height)).hash))
    throw damaged(channel, verified.height - 1, 'the checkpoint does not belong to it');
  return { tip, verified };
}
