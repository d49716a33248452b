import { describe, expect, it } from 'vitest';
import { text } from '../../devnet/testing/client.ts';
import type { Ledger } from '../ledger.ts';
import { commit } from '../transaction.ts';

/** What keys and values may be, and how a transaction sees its own writes. */
export function checkKeys(ledger: () => Ledger): void {
  const contract = () => ledger().contract('alpha');
  const run = (...call: string[]) => commit(ledger().channel('alpha'), contract(), call);
  const value = async (key: string) => text(await contract().evaluateTransaction('get', key));

  it('has no read-your-writes', async () => {
    await run('put', 'k-own', 'before');
    expect(text((await run('putThenGet', 'k-own', 'after')).result)).toBe('before');
    expect(await value('k-own')).toBe('after');
  });

  it('does not show a range the transaction’s own writes', async () => {
    await run('put', 'k-range-a', 'x');
    const call = ['putThenTally', 'k-range-b', 'k-range-', 'k-range-~'];
    expect(text((await run(...call)).result)).toBe('1');
  });

  it('takes an empty value for a removal', async () => {
    await run('put', 'k-empty', 'x');
    const { sets } = await run('put', 'k-empty', '');
    expect(sets.probe).toEqual({ writes: ['k-empty deleted'] });
    expect(await value('k-empty')).toBe('');
    expect(JSON.parse(text(await contract().evaluateTransaction('list', 'k-empty', 'k-empty~')))).toEqual([]);
  });

  it('takes the empty key for a key like others, which no range holds', async () => {
    const { sets } = await run('put', '', 'empty');
    expect([sets.probe, await value('')]).toEqual([{ writes: ['=empty'] }, 'empty']);
    expect(JSON.parse(text(await contract().evaluateTransaction('list', '', '!')))).toEqual([]);
    await run('remove', '');
    expect(await value('')).toBe('');
  });

  it('keeps every character of keys and values', async () => {
    const odd = 'k-\u{1f600} \u0001\t"\\/é\u{10ffff}';
    await run('put', odd, odd);
    expect(await value(odd)).toBe(odd);
    expect(JSON.parse(text(await contract().evaluateTransaction('list', 'k-\u{1f600}', 'k-\u{1f601}')))).toEqual([odd]);
  });

  describe('composite keys', () => {
    const list = async (...parts: string[]) =>
      JSON.parse(text(await contract().evaluateTransaction('listComposite', 'k-pair', JSON.stringify(parts))));

    it('are found by their first parts', async () => {
      for (const parts of [
        ['x', '1'],
        ['x', '2'],
        ['xx', '1'],
        ['y', '1'],
        ['\u{1f600}', '1'],
        ['\uff5e', '1'],
      ])
        await run('putComposite', 'k-pair', JSON.stringify(parts));
      expect(await list('x')).toEqual(['["x","1"]', '["x","2"]']);
      expect(await list('\u{1f600}')).toEqual(['["\u{1f600}","1"]']);
      expect(await list('z')).toEqual([]);
      expect(await list('x', '2')).toEqual(['["x","2"]']);
      expect(await list()).toEqual([
        '["x","1"]',
        '["x","2"]',
        '["xx","1"]',
        '["y","1"]',
        '["\uff5e","1"]',
        '["\u{1f600}","1"]',
      ]);
    });

    it('are not in the ranges of plain keys', async () => {
      await run('put', 'k-plain', 'x');
      const keys: string[] = JSON.parse(text(await contract().evaluateTransaction('list', '', 'k-plain~')));
      expect(keys).toContain('k-plain');
      expect(keys.filter((key) => key.startsWith('\0'))).toEqual([]);
    });

    it('stand in the set as they are built', async () => {
      const { sets } = await run('putComposite', 'k-built', '["a","b"]');
      expect(sets.probe).toEqual({ writes: ['\0k-built\0a\0b\0=["a","b"]'] });
    });
  });
}
