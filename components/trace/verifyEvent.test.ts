import common from '@hyperledger/fabric-protos/lib/common/common_pb.js';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#crypto/bytes.ts';
import { sha256 } from '#crypto/derive.ts';
import { openBlock } from '#crypto/fabric/block.ts';
import { blockOf, envelopeOf } from '#crypto/fabric/testBlocks.ts';
import { eventSchema } from '#epcis/event.ts';
import { eventHash } from '#epcis/hash.ts';
import * as write from '#epcis/write.ts';
import { blockHash } from '#network/devnet/ledger/block.ts';
import { type Told, verifyEvent } from './verifyEvent.ts';

const occasion = { site: '9506000000019', at: new Date('2026-06-01T08:00:00Z'), timeZoneOffset: '+01:00' };
const event = write.dispensed(occasion, [{ gtin: '09506000000012', serial: 'S1' }]);
const other = write.dispensed(occasion, [{ gtin: '09506000000012', serial: 'S2' }]);

function chain(argument: unknown, codes?: number[]): Uint8Array[] {
  const first = blockOf(0, new Uint8Array(), [utf8('configuration')]);
  const second = blockOf(1, openBlock(first, 0).hash, [envelopeOf('tx', ['capture', JSON.stringify(argument)])], codes);
  return [first, second, blockOf(2, openBlock(second, 1).hash, [envelopeOf('later', ['capture', '[]'])])];
}

const told: Told = {
  ...{ channel: 'supply-0', block: 1, transactionId: 'tx', declaration: false },
  hash: eventHash(eventSchema.parse(event)),
};
const verify = (blocks: (Uint8Array | undefined)[], asked: Partial<Told> = {}) =>
  verifyEvent({ ...told, ...asked }, async (_, number) => blocks[number]);

describe('an event that the portal tells', () => {
  it('is verified where the chain has it', async () => {
    const blocks = chain([other, event]);
    expect(await verify(blocks)).toMatchObject({ fault: null, namedBy: 2, block: { number: 1 } });
    expect(await verify(blocks.slice(0, 2))).toMatchObject({ fault: null, namedBy: null });
  });

  it.each([
    ['another event in its place', () => chain([other]), {}, 'event'],
    ['an event that was only declared wrong', () => chain([event]), { declaration: true }, 'event'],
    ['a transaction of another block', () => chain([event]), { transactionId: 'later' }, 'transaction'],
    ['a transaction that was not valid', () => chain([event], [11]), {}, 'transaction'],
    ['no such block', () => chain([event]), { block: 9 }, 'absent'],
  ] as const)('is not: %s', async (_, blocks, asked, fault) => {
    expect((await verify(blocks(), asked)).fault).toBe(fault);
  });

  it('is not where the content was changed after its hash was made', async () => {
    const [first, second, third] = chain([event]);
    const changed = common.Block.deserializeBinary(second ?? new Uint8Array());
    changed.getData()?.addData(envelopeOf('more', ['capture', '[]']));
    expect((await verify([first, changed.serializeBinary(), third])).fault).toBe('data');
  });

  it('is not where the block was made anew and the next one names another', async () => {
    const [first, , third] = chain([other]);
    const [, forged] = chain([event]);
    expect((await verify([first, forged, third])).fault).toBe('chain');
  });

  it('is not where another block is given for it', async () => {
    const [first, second, third] = chain([event]);
    expect((await verify([first, third, second])).fault).toBe('number');
  });
});

it.each([0, 1, 127, 128, 255, 256, 32_767, 32_768, 2 ** 32, 2 ** 40 + 5])(
  'block %i has the hash by which the ledger’s next block names it',
  (number) => {
    const block = blockOf(number, sha256(utf8('before')), [utf8('content')]);
    const header = common.Block.deserializeBinary(block).getHeader();
    if (header === undefined) throw new Error('The block has no header.');
    expect(Buffer.from(openBlock(block, number).hash)).toEqual(blockHash(header));
  },
);
