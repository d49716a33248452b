import { createHash, randomBytes } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { blockHash, dataHash, headerBytes } from './block.ts';

function header(number: number, previous: Uint8Array, data: Uint8Array): common.BlockHeader {
  const result = new common.BlockHeader();
  result.setNumber(number);
  result.setPreviousHash(previous);
  result.setDataHash(data);
  return result;
}

describe('block hash', () => {
  it('covers the DER of number, previous hash and data hash', () => {
    const previous = Buffer.alloc(32, 0xaa);
    const data = Buffer.alloc(32, 0xbb);
    const expected = Buffer.from(`3047020101${`0420${'aa'.repeat(32)}`}${`0420${'bb'.repeat(32)}`}`, 'hex');
    expect(headerBytes(header(1, previous, data))).toEqual(expected);
    expect(blockHash(header(1, previous, data))).toEqual(createHash('sha256').update(expected).digest());
  });

  it('writes the number as a positive integer of least length', () => {
    const none = Buffer.alloc(0);
    expect(headerBytes(header(0, none, none)).toString('hex')).toBe('300702010004000400');
    expect(headerBytes(header(128, none, none)).toString('hex')).toBe('30080202008004000400');
    expect(headerBytes(header(256, none, none)).toString('hex')).toBe('30080202010004000400');
  });

  it('hashes the envelopes one after the other', () => {
    const [a, b] = [randomBytes(10), randomBytes(20)];
    expect(dataHash([a, b])).toEqual(
      createHash('sha256')
        .update(Buffer.concat([a, b]))
        .digest(),
    );
  });
});
