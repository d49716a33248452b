import { medicines } from '#formulary/products.ts';
import { fold } from '#formulary/search.ts';
import { atcOf } from './atc.ts';
import type { Entry } from './subject.ts';
import { otherNames } from './table/names.ts';

/** Finds out which substance a line of a record is about: by its ATC code, else by its words. */

interface Name {
  /** Without diacritics, lower case. */
  words: string;
  atc: string;
}

/** Parts of the body that only locally acting medicines are given to. */
const local = /^(?:D|S|R01|M02|G01)/;

/** Longest first, so that “amoxicillin and clavulanic acid” is not taken for amoxicillin; what acts in the whole body before what acts locally. */
const names: readonly Name[] = [
  ...medicines.map(({ name, atc }) => ({ words: fold(name.replace(/ \(.*\)$/, '')), atc })),
  ...Object.entries(otherNames).map(([name, atc]) => ({ words: fold(name), atc })),
].sort(
  (one, other) =>
    other.words.length - one.words.length ||
    Number(local.test(one.atc)) - Number(local.test(other.atc)) ||
    (one.atc < other.atc ? -1 : 1),
);

const isWord = (text: string, words: string): boolean => {
  const at = text.indexOf(words);
  if (at < 0) return false;
  const [before, after] = [text[at - 1] ?? ' ', text[at + words.length] ?? ' '];
  return !/[a-z0-9]/.test(before) && !/[a-z0-9]/.test(after);
};

/** The ATC code (fifth level) of what an entry names; undefined where nothing is recognised. */
export function substanceOf({ code, text }: Pick<Entry, 'code' | 'text'>): string | undefined {
  const coded = atcOf(code);
  if (coded !== undefined) return coded;
  const words = fold(text);
  return names.find((name) => isWord(words, name.words))?.atc;
}

const byAtc = new Map(medicines.map(({ atc, name }) => [atc, name]));
const named = new Map(Object.entries(otherNames).map(([name, atc]) => [atc, name]));

/** What a substance is called; its code where it has no name here. */
export const nameOf = (atc: string): string => byAtc.get(atc) ?? named.get(atc) ?? atc;

/** With a capital, to begin a title with. */
export const titled = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
