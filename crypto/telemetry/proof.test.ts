import { describe, expect, it } from 'vitest';
import { batch as batchShape } from '#chaincode/model/telemetry.ts';
import { copyBytes, randomBytes, toHex } from '../bytes.ts';
import { createCategoryKey } from '../categoryKey.ts';
import { encodeCbor } from '../cbor.ts';
import { keyCommitmentOf } from '../circle/key.ts';
import { cidOf } from '../envelope.ts';
import { CryptoError } from '../errors.ts';
import { merkleRoot } from '../merkle.ts';
import { unwrapCircleKey, wrapCircleKey } from './archive.ts';
import { batchesOf, batchIdOf, batchOf, maximumBatch, readBatch } from './batch.ts';
import { decodeFrame, frameHash } from './frame.ts';
import { proveReading, verifyReading } from './proof.ts';
import { testContent, testDevice } from './testFrames.ts';

const codeOf = (work: () => unknown) =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'done',
      (error: unknown) => (error instanceof CryptoError ? error.code : Promise.reject(error)),
    );

const device = testDevice();
const key = randomBytes(32);
const sealer = device;
const sealAll = (numbers: readonly number[], content = {}) =>
  Promise.all(numbers.map(async (number) => (await device.seal(key, { number, ...content })).bytes));

describe('batches', () => {
  it('hold frames in order, and say so to the ledger', async () => {
    const [first, second, third] = await sealAll([1, 2, 3]);
    const other = await device.seal(key, { stream: new Uint8Array(8), number: 7, kind: 'hour' });
    const sealed = batchOf([third, other.bytes, first, second].filter((frame) => frame !== undefined));
    expect(batchShape.parse(sealed.batch)).toMatchObject({
      ...{ frames: 4, readings: 75, patient: testContent.patient, generation: 1, epoch: 2 },
      streams: [
        { device: testContent.device, stream: '0000000000000000', first: 7, last: 7 },
        { device: testContent.device, stream: '0102030405060708', first: 1, last: 3 },
      ],
    });
    expect(readBatch(sealed.batch, sealed.bytes).frames.map(({ n }) => n)).toEqual([7, 1, 2, 3]);
    const again = batchOf([other.bytes, ...(await sealAll([1])), ...[second, third].filter((f) => f !== undefined)]);
    expect(again.batch.id).not.toBe(sealed.batch.id);
    expect(await codeOf(() => readBatch(again.batch, sealed.bytes))).toBe('BATCH_MALFORMED');
  });

  it('are read as they should have been made', async () => {
    const frames = await sealAll([1, 2]);
    const right = batchOf(frames);
    for (const own of [frames.toReversed(), [...frames, ...(await sealAll([4]))], []]) {
      const bytes = encodeCbor({ v: 1, frames: own });
      const root = own.length === 0 ? right.batch.root : toHex(merkleRoot(own.map(decodeFrame).map(frameHash)));
      const said = { cid: cidOf(bytes), id: batchIdOf(testContent.patient, bytes), root, frames: own.length };
      expect(await codeOf(() => readBatch({ ...right.batch, ...said }, bytes))).toBe('BATCH_MALFORMED');
    }
    for (const change of [{ frames: 3 }, { epoch: 3 }, { id: 'tb-0-aaaaaaaaaaaaaaaaaaaaaaaaaa' }, { root: '0' }]) {
      expect(await codeOf(() => readBatch({ ...right.batch, ...change }, right.bytes))).toBe('BATCH_MALFORMED');
    }
    expect(readBatch(right.batch, right.bytes).frames).toHaveLength(2);
  });

  it('are of one patient and epoch, without gaps', async () => {
    const [first, , third] = await sealAll([1, 2, 3]);
    const foreign = await device.seal(key, { patient: 'pt-0-caaaaaaaaaaaaaaaaaaaaaaaaa', number: 2 });
    const later = await device.seal(key, { epoch: 3, number: 2 });
    const all = (...frames: (Uint8Array | undefined)[]) => frames.filter((frame) => frame !== undefined);
    expect(await codeOf(() => batchOf(all(first, third)))).toBe('BATCH_MALFORMED');
    expect(await codeOf(() => batchOf(all(first, first)))).toBe('BATCH_MALFORMED');
    expect(await codeOf(() => batchOf(all(first, foreign.bytes)))).toBe('BATCH_MALFORMED');
    expect(await codeOf(() => batchOf(all(first, later.bytes)))).toBe('BATCH_MALFORMED');
    expect(await codeOf(() => batchOf([]))).toBe('BATCH_MALFORMED');
    expect(batchesOf(all(later.bytes, foreign.bytes, first))).toHaveLength(3);
    expect(batchesOf(all(third, first)).map(({ batch }) => batch.streams[0]?.first)).toEqual([1, 3]);
    expect(batchesOf([])).toEqual([]);
  });

  it('come in the order in which the ledger takes them', async () => {
    const sealed = async (device: string, epoch: number, number: number) => {
      const content = { device, epoch, number };
      return (await sealer.seal(key, content)).bytes;
    };
    const [early, late] = ['dev-abbbbbbbbbbbbbbbbbbbbbbbbb', 'dev-zbbbbbbbbbbbbbbbbbbbbbbbbb'] as const;
    // The one whose name comes first has nothing of the earlier epoch.
    const frames = [await sealed(early, 12, 1), await sealed(late, 9, 1), await sealed(late, 12, 2)];
    const batches = batchesOf(frames).map(({ batch }) => [batch.epoch, batch.streams.map(({ first }) => first)]);
    expect(batches).toEqual([
      [9, [1]],
      [12, [1, 2]],
    ]);
  });

  it('are as few as fit', async () => {
    const item = new Uint8Array(60_000);
    const frames = await sealAll([1, 2, 3, 4, 5, 6], { items: [item] });
    const batches = batchesOf(frames.reverse());
    expect(batches.map(({ batch }) => batch.frames)).toEqual([4, 2]);
    expect(batches.every(({ bytes }) => bytes.length <= maximumBatch)).toBe(true);
    expect(await codeOf(() => batchOf(frames))).toBe('BATCH_TOO_LARGE');
  });
});

describe('the proof of one reading', () => {
  it('shows it, and nothing else, against the ledger’s entry', async () => {
    const sealed = batchOf(await sealAll([1, 2, 3, 4, 5]));
    for (const [frame, index] of [
      [0, 0],
      [3, 24],
      [4, 7],
    ] as const) {
      const proof = await proveReading(key, sealed, { frame, index });
      const proved = await verifyReading(proof, sealed.batch, () => device.verify);
      expect(proved.item).toEqual(testContent.items[index]);
      expect(proved.head).toMatchObject({ p: testContent.patient, d: testContent.device, n: frame + 1 });
      expect(proof.length).toBeLessThan(1_000);
    }
  });

  it('is refused with any byte changed, for another batch, and by another device', async () => {
    const sealed = batchOf(await sealAll([1, 2, 3, 4, 5]));
    const proof = await proveReading(key, sealed, { frame: 2, index: 5 });
    const verifier = () => device.verify;
    for (let at = 0; at < proof.length; at += 1) {
      const changed = copyBytes(proof.map((byte, index) => (index === at ? byte ^ 1 : byte)));
      const outcome = await codeOf(() => verifyReading(changed, sealed.batch, verifier));
      expect([at, outcome]).toEqual([at, 'PROOF_REFUSED']);
    }
    const other = batchOf(await sealAll([6, 7, 8, 9, 10]));
    expect(await codeOf(() => verifyReading(proof, other.batch, verifier))).toBe('PROOF_REFUSED');
    const root = other.batch.root;
    expect(await codeOf(() => verifyReading(proof, { ...sealed.batch, root }, verifier))).toBe('PROOF_REFUSED');
    expect(await codeOf(() => verifyReading(proof, sealed.batch, () => testDevice().verify))).toBe('FRAME_FOREIGN');
    expect(await codeOf(() => proveReading(key, sealed, { frame: 5, index: 0 }))).toBe('PROOF_REFUSED');
    expect(await codeOf(() => proveReading(key, sealed, { frame: 0, index: 25 }))).toBe('PROOF_REFUSED');
    expect(await codeOf(() => proveReading(randomBytes(32), sealed, { frame: 0, index: 0 }))).toBe('FRAME_SEALED');
  });
});

describe('the archive', () => {
  it('gives the key to readers of results, if it is the committed one', async () => {
    const { patient } = testContent;
    const results = await createCategoryKey({ patient, category: 'results', epoch: 1 });
    const place = { patient, generation: 1, epoch: 2, keyCommitment: keyCommitmentOf(key) };
    const wrap = await wrapCircleKey(results, place, key);
    expect(await unwrapCircleKey(results, place, wrap)).toEqual(key);
    expect(await codeOf(() => unwrapCircleKey(results, { ...place, epoch: 3 }, wrap))).toBe('WRAP_REFUSED');
    const another = await wrapCircleKey(results, place, randomBytes(32));
    expect(await codeOf(() => unwrapCircleKey(results, place, another))).toBe('CIRCLE_KEY');
    const stranger = await createCategoryKey({ patient, category: 'results', epoch: 1 });
    expect(await codeOf(() => unwrapCircleKey(stranger, place, wrap))).toBe('WRAP_REFUSED');
  });
});
