import fc from 'fast-check';
import { withCheckDigit } from '../checkDigit.ts';
import { type Identifier, type IdentifierType, identifier, kinds } from '../identifier.ts';

const characters = {
  10: [...'0123456789'],
  39: [...'#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  82: [...'!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'],
} as const;

/** Text of 1 to `max` characters of one of GS1's sets. */
export function textOf(set: keyof typeof characters, max: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...characters[set]), minLength: 1, maxLength: max });
}

export function digits(length: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...characters[10]), minLength: length, maxLength: length });
}

/** Digits with their check digit, `length` in all. */
export function key(length: number): fc.Arbitrary<string> {
  return digits(length - 1).map(withCheckDigit);
}

function keyOf(type: IdentifierType): fc.Arbitrary<string> {
  if (type === 'itip') return fc.tuple(key(14), digits(4)).map((parts) => parts.join(''));
  if (type === 'grai') return digits(12).map((text) => withCheckDigit(`0${text}`));
  const rule = kinds[type].key;
  if ('digits' in rule) return key(rule.digits);
  // A company prefix of 12 digits and something behind it, so that it can be written as URN too.
  return fc.tuple(digits(12), textOf(rule.set, rule.max - 12)).map((parts) => parts.join(''));
}

/** Every kind of identifier that a GS1 URI can name. */
export const anyIdentifier: fc.Arbitrary<Identifier> = fc
  .constantFrom(...(Object.keys(kinds) as IdentifierType[]))
  .chain((type) => {
    const { part } = kinds[type];
    if (part === undefined) return keyOf(type).map((text) => identifier(type, text));
    const parts = textOf(part.set, part.max);
    return fc
      .tuple(keyOf(type), part.required ? parts : fc.oneof(fc.constant(''), parts))
      .map(([text, rest]) => identifier(type, text, rest));
  });

const day = fc
  .tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 28 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(''));

/** Elements of a code, in any order. */
export const elements: fc.Arbitrary<ReadonlyMap<string, string>> = fc
  .record(
    {
      '00': key(18),
      '01': key(14),
      '02': key(14),
      10: textOf(82, 20),
      11: day,
      15: day,
      17: day,
      21: textOf(82, 20),
      30: textOf(10, 8),
      37: textOf(10, 8),
      3103: digits(6),
      400: textOf(82, 30),
      414: key(13),
      417: key(13),
      7030: fc.tuple(digits(3), textOf(82, 27)).map((parts) => parts.join('')),
      710: textOf(82, 20),
    },
    { requiredKeys: [] },
  )
  .chain((record) => fc.shuffledSubarray(Object.entries(record)))
  .filter((entries) => entries.length > 0)
  .map((entries) => new Map(entries));
