import { Gs1Error } from './error.ts';

/** The characters of GS1 General Specifications, section 7.11: 82 for serial and batch numbers, 39 for components. */
const sets = {
  82: { inside: '!"%-?A-Z_a-z', words: 'letters A to Z, digits and ! " % & \' ( ) * + , - . / : ; < = > ? _' },
  39: { inside: '#\\-/0-9A-Z', words: 'capital letters, digits and # - /' },
  10: { inside: '0-9', words: 'digits' },
} as const;

export type CharacterSet = keyof typeof sets;

/**
 * Text of 1 to `max` characters of one set.
 * @param name of the text in the sentence of an error, such as "A serial number"
 * @param at where it begins in the text that a person sees
 * @throws Gs1Error at the first wrong character
 */
export function readCharacters(text: string, set: CharacterSet, max: number, name: string, at = 0): string {
  if (text === '') throw new Gs1Error(`${name} is missing.`, at);
  const wrong = text.search(new RegExp(`[^${sets[set].inside}]`));
  if (wrong >= 0) throw new Gs1Error(`${name} has only ${sets[set].words}.`, at + wrong);
  if (text.length > max) throw new Gs1Error(`${name} has at most ${max} characters.`, at + max);
  return text;
}

/** Texts of 1 to `max` characters of one set, for shapes that only take or refuse. */
export function charactersPattern(set: CharacterSet, max: number): RegExp {
  return new RegExp(`^[${sets[set].inside}]{1,${max}}$`);
}
