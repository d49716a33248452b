import common from '@hyperledger/fabric-protos/lib/common/common_pb.js';
import { expect, it } from 'vitest';
import { blockHash } from '#network/devnet/ledger/block.ts';
import { sha256 } from '../derive.ts';
import { openBlock } from './block.ts';

it.each([0, 1, 127, 128, 255, 256, 32_767, 32_768, 2 ** 32, 2 ** 40 + 5])(
  'block %i has the hash by which the ledger’s next block names it',
  (number) => {
    const header = new common.BlockHeader();
    header.setNumber(number);
    header.setPreviousHash(sha256(Uint8Array.from([number % 256])));
    header.setDataHash(sha256(new Uint8Array()));
    const block = new common.Block();
    block.setHeader(header);
    block.setData(new common.BlockData());
    expect(Buffer.from(openBlock(block.serializeBinary(), number).hash)).toEqual(blockHash(header));
  },
);
