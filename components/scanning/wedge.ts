/** What a keyboard-wedge scanner types: characters faster than any hand, ended by Enter or Tab. */

/** A hand needs longer between two keys. Milliseconds. */
const fastest = 50;
/** Less is a person who types fast, or a key that is held. */
const shortest = 6;

/** ASCII 29, which stands between element strings of GS1 and for which scanners press Ctrl and ]. */
const groupSeparator = '\u001d';

export interface Key {
  key: string;
  ctrlKey: boolean;
  /** Milliseconds on any clock. */
  at: number;
}

export type WedgeAnswer =
  /** A person's key, or the first of what may become a burst. */
  | { kind: 'typed' }
  /** Part of a burst. */
  | { kind: 'burst' }
  /** The end of a burst: this was scanned. */
  | { kind: 'scanned'; text: string };

/** Tells scanners from hands by their speed. One for a page. */
export function createWedge() {
  let text = '';
  let last = Number.NEGATIVE_INFINITY;

  return {
    take({ key, ctrlKey, at }: Key): WedgeAnswer {
      // Keys that only change others take no part: scanners press Shift before each capital.
      if (['Shift', 'Control', 'Alt', 'AltGraph', 'CapsLock'].includes(key)) return { kind: 'typed' };
      const fast = at - last <= fastest;
      last = at;
      if (key === 'Enter' || key === 'Tab') {
        const read = fast ? text : '';
        text = '';
        return read.length >= shortest ? { kind: 'scanned', text: read } : { kind: 'typed' };
      }
      const character = characterOf(key, ctrlKey);
      if (character === undefined) {
        text = '';
        return { kind: 'typed' };
      }
      text = fast ? text + character : character;
      return text.length > 1 ? { kind: 'burst' } : { kind: 'typed' };
    },
  };
}

/** The character of a key; scanners send the group separator as itself, as Ctrl and ], or as F8 where they are set so. */
function characterOf(key: string, ctrlKey: boolean): string | undefined {
  if (key === groupSeparator || key === 'F8' || (ctrlKey && key === ']')) return groupSeparator;
  if (ctrlKey || key.length !== 1) return undefined;
  return key;
}
