import { describe, expect, it } from 'vitest';
import { utf8 } from '#crypto/bytes.ts';
import { type BlockSource, createForerunner, fetchAhead } from './blocks.ts';
import { VaultError } from './errors.ts';

const refusal = expect.objectContaining({ code: 'NOT_FOUND' });

/** Has every block but one that is named so; notes what was asked for. */
function source() {
  const asked: string[][] = [];
  const blocks: BlockSource = async (cids) => {
    asked.push(cids);
    if (cids.includes('missing')) throw new VaultError('NOT_FOUND', 'no such block');
    return cids.map((cid) => utf8(`block ${cid}`));
  };
  return { asked, blocks };
}

describe('blocks that are fetched ahead', () => {
  it('come by one request, and others by their own, in the order in which they are named', async () => {
    const { asked, blocks } = source();
    const ahead = await fetchAhead(blocks, ['a', 'b', 'a']);
    expect(await ahead(['b'])).toEqual([utf8('block b')]);
    expect(await ahead(['c', 'a'])).toEqual([utf8('block c'), utf8('block a')]);
    expect(asked).toEqual([['a', 'b'], ['c']]);
  });

  it('are not asked for where there are none', async () => {
    const { asked, blocks } = source();
    expect(await (await fetchAhead(blocks, []))([])).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('keep only the reader of one that is missing from going on', async () => {
    const { blocks } = source();
    const ahead = await fetchAhead(blocks, ['a', 'missing']);
    expect(await ahead(['a'])).toEqual([utf8('block a')]);
    await expect(ahead(['missing'])).rejects.toThrow(refusal);
  });
});

describe('a forerunner', () => {
  it('has fetched what its reader wants, once', async () => {
    const { asked, blocks } = source();
    const forerunner = createForerunner(blocks);
    forerunner.send(['a', 'b']);
    const met = await forerunner.meet(['a', 'b']);
    expect(await met(['b'])).toEqual([utf8('block b')]);
    expect(asked).toEqual([['a', 'b']]);
    await forerunner.meet(['a', 'b']);
    expect(asked).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('is nothing to a reader who wants something else', async () => {
    const { asked, blocks } = source();
    const forerunner = createForerunner(blocks);
    forerunner.send(['a']);
    expect(await (await forerunner.meet(['c']))(['c'])).toEqual([utf8('block c')]);
    expect(asked).toEqual([['a'], ['c']]);
  });
});
