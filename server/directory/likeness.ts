import { nameWords, normaliseIdentifier } from '../people/personalData.ts';
import type { Likeness } from './schema.ts';

/** What is compared of two people. */
export interface Identity {
  name: string;
  birthDate: string;
  identifier: string;
}

function pairsOf(word: string): string[] {
  const padded = ` ${word} `;
  return Array.from({ length: padded.length - 1 }, (_, at) => padded.slice(at, at + 2));
}

/** Dice's coefficient over pairs of letters, from 0 to 1. */
export function similarity(a: string, b: string): number {
  const [ours, theirs] = [pairsOf(a), pairsOf(b)];
  const left = [...theirs];
  let shared = 0;
  for (const pair of ours) {
    const at = left.indexOf(pair);
    if (at < 0) continue;
    left.splice(at, 1);
    shared += 1;
  }
  return (2 * shared) / (ours.length + theirs.length);
}

/** A letter or two wrong, or a letter too much, in a word of usual length. */
const similarFrom = 0.6;

function likenessOfNames(a: string, b: string): Likeness | undefined {
  const [ours, theirs] = [nameWords(a), nameWords(b)];
  if (ours.join(' ') === theirs.join(' ')) return 'sameName';
  if ([...ours].sort().join(' ') === [...theirs].sort().join(' ')) return 'swappedName';
  const [fewer, more] = ours.length <= theirs.length ? [ours, theirs] : [theirs, ours];
  const left = [...more];
  for (const word of fewer) {
    const best = left.reduce(
      (at, other, index) => (similarity(word, other) > similarity(word, left[at] ?? '') ? index : at),
      0,
    );
    if (similarity(word, left[best] ?? '') < similarFrom) return undefined;
    left.splice(best, 1);
  }
  return fewer.length > 0 ? 'similarName' : undefined;
}

/**
 * Why two may be one person, empty where nothing says so: the same identifier; or the same birth date with a name alike. A
 * name or a birth date alone says nothing.
 */
export function likenessOf(a: Identity, b: Identity): Likeness[] {
  const name = likenessOfNames(a.name, b.name);
  const sameDate = a.birthDate !== '' && a.birthDate === b.birthDate;
  const identifier = normaliseIdentifier(a.identifier);
  const sameIdentifier = identifier !== '' && identifier === normaliseIdentifier(b.identifier);
  if (!sameIdentifier && !(sameDate && name !== undefined)) return [];
  return [
    ...(sameIdentifier ? (['identifier'] as const) : []),
    ...(sameDate ? (['birthDate'] as const) : []),
    ...(name === undefined ? [] : [name]),
  ];
}

const weights: Record<Likeness, number> = { identifier: 8, birthDate: 3, sameName: 3, swappedName: 2, similarName: 1 };

/** How much a likeness says, for their order. */
export const weightOf = (why: Likeness[]): number => why.reduce((total, likeness) => total + weights[likeness], 0);
