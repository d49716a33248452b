import { medicines } from '#formulary/products.ts';
import { fold } from '#formulary/search.ts';
import { atcOf } from './atc.ts';
import type { Entry } from './subject.ts';
import { otherNames } from './table/names.ts';

/** Finds out which substances a line of a record is about: by its ATC code and by its words. */

interface Name {
  /** Without diacritics, lower case. */
  words: string;
  atc: string;
}

/** Parts of the body that only locally acting medicines are given to. */
const local = /^(?:D|S|R01|M02|G01)/;

/** Between two substances of one product, each possibly with its strength: “ 500 mg / ”. */
const between = '(?: [0-9.,]+ ?(?:mg|g|micrograms|mcg|ug))? ?(?:\\band\\b|\\bwith\\b|[/+&,]) ?';

/** Longest first, so that “amoxicillin and clavulanic acid” is not taken for amoxicillin; what acts in the whole body before what acts locally. */
const names = [
  ...medicines.map(({ name, atc }): Name => ({ words: fold(name.replace(/ \(.*\)$/, '')), atc })),
  ...Object.entries(otherNames).map(([name, atc]): Name => ({ words: fold(name), atc })),
]
  .sort(
    (one, other) =>
      other.words.length - one.words.length ||
      Number(local.test(one.atc)) - Number(local.test(other.atc)) ||
      (one.atc < other.atc ? -1 : 1),
  )
  .map(({ words, atc }) => ({ atc, pattern: patternOf(words) }));

/** Finds a name as whole words; the two substances of a combination in any order, with any sign between them. */
function patternOf(words: string): RegExp {
  const parts = words.split(' and ').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const inOrder = parts.join(between);
  const body = parts.length === 2 ? `(?:${inOrder}|${parts.toReversed().join(between)})` : inOrder;
  return new RegExp(`(?<![a-z0-9])${body}(?![a-z0-9])`, 'g');
}

/** Stands where a name was found, so that none inside of it is found once more. */
const taken = '\u0000';

/**
 * The substances that words name, and whether the words look as if they named one more: what stands beside another one by “and” or
 * “/” before any number, or after it with a strength of its own.
 */
function readWords(text: string): { atc: string[]; isWhole: boolean } {
  let rest = fold(text);
  const atc: string[] = [];
  for (const name of names) {
    const without = rest.replace(name.pattern, taken);
    if (without === rest) continue;
    rest = without;
    atc.push(name.atc);
  }
  const [head = ''] = rest.split(/[0-9(]/);
  const beside = head.split(/[/+&]|(?<![a-z])(?:and|plus|und|et|y)(?![a-z])/);
  const isWhole =
    beside.every((part) => part.includes(taken) || !/[a-z]{4}/.test(part) || beside.length === 1) &&
    !/[/+&,] ?[a-z]{4}[a-z -]* ?[0-9.,]+ ?(?:mg|g|micrograms|mcg|ug|ml|units?)(?![a-z])/.test(rest);
  return { atc, isWhole };
}

/**
 * The ATC codes (fifth level) of all that an entry names; empty where nothing is recognised. What is coded is what its one name says;
 * where the words name several, they count besides the code. `isWhole` is false where something of it was not recognised.
 */
export function substancesOf({ code, text }: Pick<Entry, 'code' | 'text'>): {
  atc: readonly string[];
  isWhole: boolean;
} {
  const coded = atcOf(code);
  const { atc, isWhole } = readWords(text);
  if (coded === undefined) return { atc, isWhole: atc.length > 0 && isWhole };
  return { atc: atc.length > 1 ? [...new Set([coded, ...atc])] : [coded], isWhole: atc.length === 0 || isWhole };
}

const byAtc = new Map(medicines.map(({ atc, name }) => [atc, name]));
const named = new Map(Object.entries(otherNames).map(([name, atc]) => [atc, name]));

/** What a substance is called; its code where it has no name here. */
export const nameOf = (atc: string): string => byAtc.get(atc) ?? named.get(atc) ?? atc;

/** With a capital, to begin a title with. */
export const titled = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
