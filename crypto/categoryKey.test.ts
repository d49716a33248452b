import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, randomBytes, toBase64Url } from './bytes.ts';
import {
  type CategoryKey,
  categoryKeyOf,
  climbDown,
  createCategoryKey,
  makeLadder,
  unwrapDataKey,
  unwrapSeed,
  wrapDataKey,
  wrapSeed,
} from './categoryKey.ts';
import { combineShares, unwrapRelease, unwrapShare, wrapRelease, wrapShares } from './escrow.ts';
import { createReadingKey } from './wrap.ts';

const of = { patient: 'pt-0-x', category: 'clinical', epoch: 1 } as const;
const refusal = (code: string) => expect.objectContaining({ code });
const flip = (text: string, position: number) => {
  const bytes = fromBase64Url(text);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  return toBase64Url(bytes);
};

describe('the key of a category', () => {
  it('is known by its seed, and refused where the ledger has another public key', async () => {
    const key = await createCategoryKey(of);
    expect(await categoryKeyOf(of, key.seed, key.publicKey)).toEqual(key);
    const other = await createCategoryKey(of);
    await expect(categoryKeyOf(of, key.seed, other.publicKey)).rejects.toThrow(refusal('SEED_FOREIGN'));
    await expect(categoryKeyOf(of, key.seed.slice(1), key.publicKey)).rejects.toThrow(refusal('SEED_FOREIGN'));
  });

  it('is wrapped for one reader and one epoch', async () => {
    const [key, reader] = await Promise.all([createCategoryKey(of), createReadingKey()]);
    const wrap = await wrapSeed(key, { id: 'prac-x', readingKey: reader.publicKey });
    expect(wrap).toHaveLength(1558);
    const given = { wrap, publicKey: key.publicKey };
    expect(await unwrapSeed(reader.seed, of, 'prac-x', given)).toEqual(key);
    await expect(unwrapSeed(reader.seed, of, 'prac-y', given)).rejects.toThrow(refusal('WRAP_REFUSED'));
    for (const other of [{ epoch: 2 }, { category: 'hiv' as const }, { patient: 'pt-0-y' }]) {
      await expect(unwrapSeed(reader.seed, { ...of, ...other }, 'prac-x', given)).rejects.toThrow(
        refusal('WRAP_REFUSED'),
      );
    }
  });

  it('lets everybody write a document’s key to it, for one document', async () => {
    const [key, dataKey] = [await createCategoryKey(of), randomBytes(32)];
    const { seed: _, ...open } = key;
    const wrap = await wrapDataKey(open, 'doc-0-x', dataKey);
    expect(await unwrapDataKey(key, 'doc-0-x', wrap)).toEqual(dataKey);
    await expect(unwrapDataKey(key, 'doc-0-y', wrap)).rejects.toThrow(refusal('WRAP_REFUSED'));
    const next = await createCategoryKey({ ...of, epoch: 2 });
    await expect(unwrapDataKey(next, 'doc-0-x', wrap)).rejects.toThrow(refusal('WRAP_REFUSED'));
  });
});

describe('the ladder', () => {
  it('leads from the newest epoch to every one before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), async (count) => {
        const keys: CategoryKey[] = [];
        const ladders: string[] = [];
        for (let epoch = 1; epoch <= count; epoch += 1) {
          const next = await createCategoryKey({ ...of, epoch });
          const before = keys.at(-1);
          if (before !== undefined) ladders.push(await makeLadder(next, before));
          keys.push(next);
        }
        let held = keys.at(-1);
        for (let epoch = count - 1; epoch >= 1 && held !== undefined; epoch -= 1) {
          const before = keys[epoch - 1];
          held = await climbDown(held, ladders[epoch - 1] ?? '', { epoch, publicKey: before?.publicKey ?? '' });
          expect(held).toEqual(before);
        }
      }),
      { numRuns: 5 },
    );
  });

  it('has 80 characters and breaks at any changed byte, and from any other epoch', async () => {
    const first = await createCategoryKey(of);
    const second = await createCategoryKey({ ...of, epoch: 2 });
    const third = await createCategoryKey({ ...of, epoch: 3 });
    const ladder = await makeLadder(second, first);
    expect(ladder).toHaveLength(80);
    for (let position = 0; position < 60; position += 1) {
      await expect(climbDown(second, flip(ladder, position), first), `byte ${position}`).rejects.toThrow(
        refusal('WRAP_REFUSED'),
      );
    }
    await expect(climbDown(third, ladder, first)).rejects.toThrow(refusal('WRAP_REFUSED'));
    await expect(climbDown({ ...second, category: 'hiv' }, ladder, first)).rejects.toThrow(refusal('WRAP_REFUSED'));
    await expect(climbDown(second, ladder, third)).rejects.toThrow(refusal('SEED_FOREIGN'));
  });
});

describe('escrow', () => {
  const organisations = ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'];

  it('opens by any two of three, never by one, and by two that are right beside one that is wrong', async () => {
    const connectors = await Promise.all(organisations.map(async (id) => ({ id, ...(await createReadingKey()) })));
    const receivers = connectors.map(({ id, publicKey }) => ({ id, readingKey: publicKey }));
    const key = await createCategoryKey(of);
    const wraps = await wrapShares(key, receivers);
    for (const wrap of wraps) expect(wrap).toHaveLength(1559);
    const shares = await Promise.all(connectors.map(({ id, seed }, at) => unwrapShare(seed, of, id, wraps[at] ?? '')));
    const subsets = fc
      .subarray([0, 1, 2])
      .chain((chosen) => fc.tuple(fc.constant(chosen), fc.shuffledSubarray(chosen, { minLength: chosen.length })));
    await fc.assert(
      fc.asyncProperty(subsets, async ([chosen, order]) => {
        const given = order.map((at) => shares[at] ?? new Uint8Array());
        const combined = combineShares(of, key.publicKey, given);
        if (chosen.length < 2) await expect(combined).rejects.toThrow(refusal('SHARES_INSUFFICIENT'));
        else expect(await combined).toEqual(key);
      }),
      { numRuns: 20 },
    );
    const [one = new Uint8Array(), two = new Uint8Array()] = shares;
    expect(await combineShares(of, key.publicKey, [randomBytes(33), one, two])).toEqual(key);
    await expect(combineShares(of, key.publicKey, [one, one])).rejects.toThrow(refusal('SEED_FOREIGN'));
    await expect(combineShares(of, key.publicKey, [one, randomBytes(33)])).rejects.toThrow(refusal('SEED_FOREIGN'));
  });

  it('goes to the organisation that it is for, and from there to the reader', async () => {
    const [hospital, pharmacy, reader] = await Promise.all([
      createReadingKey(),
      createReadingKey(),
      createReadingKey(),
    ]);
    const key = await createCategoryKey(of);
    const [wrap = ''] = await wrapShares(key, [
      { id: 'HospitalMSP', readingKey: hospital.publicKey },
      { id: 'PharmacyMSP', readingKey: pharmacy.publicKey },
    ]);
    await expect(unwrapShare(pharmacy.seed, of, 'HospitalMSP', wrap)).rejects.toThrow(refusal('WRAP_REFUSED'));
    await expect(unwrapShare(hospital.seed, { ...of, epoch: 2 }, 'HospitalMSP', wrap)).rejects.toThrow(
      refusal('WRAP_REFUSED'),
    );
    const share = await unwrapShare(hospital.seed, of, 'HospitalMSP', wrap);
    const released = await wrapRelease(of, share, { id: 'prac-x', readingKey: reader.publicKey });
    expect(await unwrapRelease(reader.seed, of, 'prac-x', released)).toEqual(share);
    await expect(unwrapRelease(reader.seed, of, 'prac-y', released)).rejects.toThrow(refusal('WRAP_REFUSED'));
    await expect(wrapShares(key, [{ id: 'HospitalMSP', readingKey: hospital.publicKey }])).rejects.toThrow(
      refusal('SHARES_INSUFFICIENT'),
    );
  });
});
