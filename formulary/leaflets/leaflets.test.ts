import { expect, it } from 'vitest';
import { medicines } from '../products.ts';
import { leaflets } from './leaflets.ts';

it('is about medicines of the formulary, each once', () => {
  const known = new Set(medicines.map(({ atc }) => atc));
  expect(leaflets.filter(({ atc }) => !known.has(atc))).toEqual([]);
  expect(new Set(leaflets.map(({ atc }) => atc)).size).toBe(leaflets.length);
});

it('says in short sentences when to get help', () => {
  for (const { atc, does, taking, common, tell, urgent } of leaflets) {
    for (const part of [taking, common, tell, urgent]) expect(part.length, atc).toBeGreaterThan(0);
    for (const sentence of [does, ...taking, ...common, ...tell, ...urgent]) {
      expect(sentence.endsWith('.'), `${atc}: ${sentence}`).toBe(true);
      const longest = Math.max(...sentence.split(/[.:;]/).map((part) => part.split(' ').length));
      expect(longest, `${atc}: ${sentence}`).toBeLessThanOrEqual(24);
    }
  }
});
