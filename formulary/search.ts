import type { Product } from './product.ts';
import { products } from './products.ts';

export interface Found {
  product: Product;
  /** Parts of the product's name to highlight: start (inclusive) and end (exclusive). */
  highlights: [number, number][];
}

/** Lower case without diacritics, the same length as the text where the text is composed. */
export const fold = (text: string): string =>
  Array.from(
    text.normalize('NFC'),
    (character) => character.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase() || ' ',
  ).join('');

interface Entry {
  product: Product;
  name: string;
  /** Where each word of the name starts. */
  starts: number[];
  code: string;
  atc: string;
  /** Empty where it has none. */
  brand: string;
  /** Form and strength, with and without the space between number and unit. */
  details: string[];
}

const index: Entry[] = products.map((product) => {
  const name = fold(product.name);
  const starts = [...name.matchAll(/[a-z0-9]+/g)].map((match) => match.index);
  const details = [...fold(product.form).split(/[\s-]+/), ...fold(product.strength).split(/[\s/]+/)];
  return {
    product,
    name,
    starts,
    code: product.code.toLowerCase(),
    atc: product.atc.toLowerCase(),
    brand: fold(product.brand ?? ''),
    details: [...details, fold(product.strength).replaceAll(' ', '')],
  };
});

/** How well one word of the query fits, 0 for not at all, and the part of the name that it fits. */
function scoreWord(entry: Entry, word: string, position: number): { score: number; range?: [number, number] } {
  const at = entry.starts.find((start) => entry.name.startsWith(word, start));
  if (at !== undefined) {
    const whole = entry.name === word ? 30 : 0;
    return { score: (at === 0 ? 100 : 60) + whole, range: [at, at + word.length] };
  }
  const number = word.replace(/^mp-?/, '');
  if (entry.code === word || (/^\d{5}$/.test(number) && entry.code === `mp-${number}`)) return { score: 120 };
  if (entry.atc.startsWith(word) && /^[a-z]\d/.test(word)) return { score: 50 + 10 * word.length };
  if (/^mp-?\d{2,}$/.test(word) && entry.code.startsWith(`mp-${number}`)) return { score: 40 };
  if (entry.brand.startsWith(word)) return { score: 90 + (entry.brand === word ? 30 : 0) };
  // Form and strength refine a search; they do not begin one.
  if (position > 0 && entry.details.some((detail) => detail.startsWith(word))) return { score: 10 };
  return { score: 0 };
}

/**
 * Products that fit every word of the query, best first: by the beginning of the name, of another word of it, of the brand, by
 * product code or ATC code; later words may also be form or strength (`amox 500`). Case and diacritics do not matter.
 */
export function searchFormulary(query: string, limit = 20): Found[] {
  const words = fold(query.slice(0, 100))
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  const found: (Found & { score: number })[] = [];
  for (const entry of index) {
    const scores = words.map((word, position) => scoreWord(entry, word, position));
    if (scores.some(({ score }) => score === 0)) continue;
    const score = scores.reduce((sum, each) => sum + each.score, 0);
    const highlights = mergeRanges(scores.flatMap(({ range }) => (range === undefined ? [] : [range])));
    found.push({ product: entry.product, highlights, score });
  }
  // The index is in the order of ATC code and product code, and the sort is stable.
  return found
    .sort((left, right) => right.score - left.score || left.product.name.localeCompare(right.product.name, 'en'))
    .slice(0, limit)
    .map(({ product, highlights }) => ({ product, highlights }));
}

function mergeRanges(ranges: [number, number][]): [number, number][] {
  const merged: [number, number][] = [];
  for (const [start, end] of ranges.toSorted((left, right) => left[0] - right[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
