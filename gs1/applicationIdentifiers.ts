import { type CharacterSet, readCharacters } from './characters.ts';
import { readKey } from './checkDigit.ts';
import { checkDate } from './date.ts';
import { Gs1Error } from './error.ts';
import { parseGtin } from './gtin.ts';

/** What stands behind an application identifier (GS1 General Specifications, section 3). */
interface Content {
  /** As the start of a sentence. */
  name: string;
  /** Exact number of characters, or the most that there may be. */
  length: number | { max: number };
  /** @throws Gs1Error at the first wrong character, counted from `at` */
  check: (value: string, at: number) => void;
}

const key = (name: string, length: number): Content => ({
  name,
  length,
  check: (value, at) => void readKey(value, length, name, at),
});
const text = (name: string, max: number, set: CharacterSet = 82): Content => ({
  name,
  length: { max },
  check: (value, at) => void readCharacters(value, set, max, name, at),
});
const digits = (name: string, length: number): Content => ({
  name,
  length,
  check: (value, at) => {
    const wrong = value.search(/\D/);
    if (wrong >= 0) throw new Gs1Error(`${name} has digits only.`, at + wrong);
    if (value.length !== length) {
      throw new Gs1Error(`${name} has ${length} digits, not ${value.length}.`, at + Math.min(length, value.length));
    }
  },
});
const date = (name: string): Content => ({ name, length: 6, check: (value, at) => checkDate(value, name, at) });
const gtin: Content = {
  name: 'A GTIN',
  length: 14,
  check: (value, at) => {
    if (/^\d+$/.test(value) && value.length !== 14) {
      throw new Gs1Error(`A GTIN has 14 digits in a code, not ${value.length}.`, at + Math.min(value.length, 14));
    }
    parseGtin(value, at);
  },
};
/** ISO 3166 country by three digits, then the number that the country gave. */
const processor = (name: string): Content => ({
  name,
  length: { max: 30 },
  check: (value, at) => {
    digits(`${name}'s country`, 3).check(value.slice(0, 3), at);
    readCharacters(value.slice(3), 82, 27, name, at + 3);
  },
});

/** The identifiers that the supply of medicines uses, and no others. */
const contents: ReadonlyMap<string, Content> = new Map([
  ['00', key('An SSCC', 18)],
  ['01', gtin],
  ['02', gtin],
  ['10', text('A batch number', 20)],
  ['11', date('A production date')],
  ['13', date('A packaging date')],
  ['15', date('A best-before date')],
  ['16', date('A sell-by date')],
  ['17', date('An expiry date')],
  ['21', text('A serial number', 20)],
  ['30', text('A number of items', 8, 10)],
  ['37', text('A number of packs', 8, 10)],
  ['400', text('An order number', 30)],
  ...Array.from({ length: 8 }, (_, index) => [`41${index}`, key('A GLN', 13)] as const),
  // Net weight in kilograms with so many decimals.
  ...Array.from({ length: 6 }, (_, index) => [`310${index}`, digits('A net weight', 6)] as const),
  ...Array.from({ length: 10 }, (_, index) => [`703${index}`, processor('An approval number')] as const),
  // National numbers of medicines: Germany, France, Spain, Brazil, Portugal, United States, Italy, Croatia.
  ...['710', '711', '712', '713', '714', '715', '716', '717'].map(
    (ai) => [ai, text('A national medicine number', 20)] as const,
  ),
]);

/**
 * Whether the end of an element with this identifier is marked by FNC1, unless it is the last. All whose length is given
 * here are among those whose elements end by themselves (GS1 General Specifications, figure 7.8.5-2).
 */
export function endsWithFnc1(ai: string): boolean {
  return typeof contentOf(ai).length !== 'number';
}

/** The identifier at the start of `rest`. @throws Gs1Error where there is none that is known here */
export function readAi(rest: string, at: number): string {
  for (const length of [2, 3, 4]) {
    const ai = rest.slice(0, length);
    if (contents.has(ai)) return ai;
  }
  const shown = /^\d{2,4}/.exec(rest)?.[0];
  throw new Gs1Error(
    shown === undefined
      ? 'An application identifier of two to four digits is due here.'
      : `No application identifier that is known here begins with ${shown}.`,
    at,
  );
}

/** Looks at a value where its identifier is known here. @throws Gs1Error at the first wrong character, counted from `at` */
export function checkIfKnown(ai: string, value: string, at: number): void {
  contents.get(ai)?.check(value, at);
}

/** What may stand behind a known identifier. */
export function contentOf(ai: string): Content {
  const content = contents.get(ai);
  if (content === undefined) throw new Gs1Error(`(${ai}) is no application identifier that is known here.`, 0);
  return content;
}
