import { common } from '@hyperledger/fabric-protos';
import { DevnetError } from '../config.ts';
import { blockHash, dataHash } from './block.ts';
import type { Database } from './database.ts';
import * as keys from './keys.ts';

export function damaged(channel: string, block: number, what: string): DevnetError {
  return new DevnetError(`channel ${channel}: the ledger is damaged at block ${block}: ${what}. Nothing was changed.`);
}

/** Follows the hash chain from the genesis block. Undefined for an empty store; throws where the chain breaks. */
export async function verifyChain(
  channel: string,
  database: Database,
): Promise<{ height: number; hash: Buffer } | undefined> {
  let expected = 0;
  let hash: Buffer = Buffer.alloc(0);
  try {
    for await (const [key, value] of database.iterator({
      gte: keys.blockPrefix,
      lt: keys.afterPrefix(keys.blockPrefix),
    })) {
      const number = keys.trailingBlockNumber(key);
      if (number !== expected) throw damaged(channel, expected, 'it is missing');
      hash = verifyBlock(channel, number, value, hash);
      expected += 1;
    }
    const tip = await database.get(keys.tipKey);
    const text = JSON.stringify({ height: expected, hash: hash.toString('hex') });
    if (tip ? tip.toString() !== text : expected > 0) throw damaged(channel, expected, 'the recorded tip is another');
  } catch (error) {
    if (error instanceof DevnetError) throw error;
    throw damaged(channel, expected, error instanceof Error ? error.message : String(error));
  }
  return expected > 0 ? { height: expected, hash } : undefined;
}

function verifyBlock(channel: string, number: number, bytes: Buffer, previous: Buffer): Buffer {
  let block: common.Block;
  try {
    block = common.Block.deserializeBinary(bytes);
  } catch {
    throw damaged(channel, number, 'its bytes cannot be read');
  }
  const header = block.getHeader();
  const data = block.getData();
  if (!header || !data || header.getNumber() !== number) throw damaged(channel, number, 'its header is wrong');
  if (!previous.equals(header.getPreviousHash_asU8()))
    throw damaged(channel, number, 'it does not carry the hash of the block before it');
  if (!dataHash(data.getDataList_asU8()).equals(header.getDataHash_asU8()))
    throw damaged(channel, number, 'its transactions do not match its header');
  return blockHash(header);
}
