import { ledger } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from './hash.ts';
import { compareUtf8 } from './order.ts';
import { ReadWriteSet } from './rwset.ts';

function namespacesOf(set: ReadWriteSet) {
  return ledger.rwset.TxReadWriteSet.deserializeBinary(set.publicBytes())
    .getNsRwsetList()
    .map((namespace) => ({
      name: namespace.getNamespace(),
      content: ledger.rwset.kvrwset.KVRWSet.deserializeBinary(namespace.getRwset_asU8()).toObject(),
      collections: namespace.getCollectionHashedRwsetList(),
    }));
}

describe('compareUtf8', () => {
  it('orders as the bytes do', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
    expect(compareUtf8('\u{10000}', '\uffff')).toBeGreaterThan(0);
  });
});

describe('ReadWriteSet', () => {
  it('sorts namespaces and keys by bytes, whatever the order of the calls', () => {
    const set = new ReadWriteSet();
    set.write('zebra', '\u{1f600}', Buffer.from('x'));
    set.write('zebra', '\uffff', Buffer.from('x'));
    set.read('zebra', 'b', { block: 3, tx: 1 });
    set.read('zebra', 'a', undefined);
    set.read('ant', 'a', undefined);
    const [ant, zebra] = namespacesOf(set);
    expect(ant?.name).toBe('ant');
    expect(zebra?.content.readsList.map(({ key, version }) => [key, version?.blockNum])).toEqual([
      ['a', undefined],
      ['b', 3],
    ]);
    expect(zebra?.content.writesList.map(({ key }) => key)).toEqual(['\uffff', '\u{1f600}']);
  });

  it('keeps the last write of a key and takes an empty value for a delete', () => {
    const set = new ReadWriteSet();
    set.write('n', 'k', Buffer.from('first'));
    set.write('n', 'k', Buffer.alloc(0));
    expect(namespacesOf(set)[0]?.content.writesList).toMatchObject([{ key: 'k', isDelete: true, value: '' }]);
  });

  it('shows only hashes of private writes', () => {
    const set = new ReadWriteSet();
    set.writePrivate('n', 'c', 'secret key', Buffer.from('secret value'));
    const text = Buffer.from(set.publicBytes()).toString('latin1');
    expect(text).not.toContain('secret');
    const [collection] = namespacesOf(set)[0]?.collections ?? [];
    const hashed = ledger.rwset.kvrwset.HashedRWSet.deserializeBinary(
      collection?.getHashedRwset_asU8() ?? Buffer.alloc(0),
    );
    const [write] = hashed.getHashedWritesList();
    expect(Buffer.from(write?.getKeyHash_asU8() ?? '')).toEqual(sha256('secret key'));
    expect(Buffer.from(write?.getValueHash_asU8() ?? '')).toEqual(sha256('secret value'));
    const kept = ledger.rwset.TxPvtReadWriteSet.deserializeBinary(set.privateBytes() ?? Buffer.alloc(0));
    const bytes = kept.getNsPvtRwsetList()[0]?.getCollectionPvtRwsetList()[0]?.getRwset_asU8() ?? Buffer.alloc(0);
    expect(Buffer.from(collection?.getPvtRwsetHash_asU8() ?? '')).toEqual(sha256(bytes));
  });

  it('has no private bytes without private writes', () => {
    const set = new ReadWriteSet();
    set.readHash('n', 'c', 'k', undefined);
    expect(set.privateBytes()).toBeUndefined();
  });

  /** Made with Fabric v3.1.5: the same calls of its RWSetBuilder, GetTxSimulationResults, proto.Marshal, SHA-256. */
  it('gives the bytes that Fabric gives', () => {
    const set = new ReadWriteSet();
    const bytes = (value: string) => Buffer.from(value);
    const none = Buffer.alloc(0);
    const policy = new Map([['VALIDATION_PARAMETER', bytes('p')]]);
    set.read('zebra', 'b', { block: 3, tx: 1 });
    set.read('zebra', 'a', undefined);
    set.read('_lifecycle', 'namespaces/fields/zebra/Sequence', { block: 0, tx: 0 });
    set.write('zebra', '\u{1f600}', bytes('smile'));
    set.write('zebra', '\uffff', none);
    set.writeMetadata('zebra', 'k', new Map([...policy, ['OTHER', bytes('o')]]));
    set.writeMetadata('zebra', 'none', new Map());
    const reads = [{ key: 'b', version: { block: 3, tx: 1 } }];
    set.range('zebra', { start: 'a', end: 'c', exhausted: true, reads });
    set.range('zebra', { start: 'a', end: 'c', exhausted: true, reads: [] });
    set.range('zebra', { start: 'x', end: '', exhausted: true, reads: [] });
    set.readHash('zebra', 'secrets', 's', { block: 2, tx: 0 });
    set.readHash('zebra', 'onlyread', 's', undefined);
    set.writePrivate('zebra', 'secrets', 's', bytes('secret'));
    set.writePrivate('zebra', 'secrets', 'd', none);
    set.writePrivate('zebra', 'secrets', 'p', none, true);
    set.writePrivateMetadata('zebra', 'secrets', 'm', policy);
    set.writePrivateMetadata('zebra', 'bare', 'm', policy);
    set.write('ant', 'k', Buffer.of(0, 1));
    expect(sha256(set.publicBytes()).toString('hex')).toBe(
      '538e35e6afc336c1b8f0c9e2f8372a88da5dd8d4e4ef1289abcb9855c59eb743',
    );
    expect(sha256(set.privateBytes() ?? none).toString('hex')).toBe(
      'c67e50ed2d2a98693a4f9e3ae2db399595d94719c85ca0b92da064a652284d5e',
    );
  });
});
