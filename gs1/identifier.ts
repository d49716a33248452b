import { type CharacterSet, readCharacters } from './characters.ts';
import { readKey } from './checkDigit.ts';
import { Gs1Error } from './error.ts';
import { parseGtin } from './gtin.ts';

export type IdentifierType =
  | 'sgtin'
  | 'lgtin'
  | 'upui'
  | 'gtin'
  | 'sscc'
  | 'sgln'
  | 'pgln'
  | 'gsrn'
  | 'gsrnp'
  | 'gsin'
  | 'giai'
  | 'ginc'
  | 'grai'
  | 'gdti'
  | 'sgcn'
  | 'cpi'
  | 'itip';

/** What a GS1 URI names. */
export interface Identifier {
  type: IdentifierType;
  /** With its check digit; a GTIN has 14 digits. */
  key: string;
  /** Serial number, batch of an LGTIN, extension of an SGLN, without percent-encoding; empty where there is none. */
  part: string;
}

interface Kind {
  /** Application identifier of the key. */
  ai: string;
  name: string;
  /** Digits of the key with check digit, or the set and longest length of one without. */
  key: { digits: number } | { set: CharacterSet; max: number };
  part?: {
    name: string;
    set: CharacterSet;
    max: number;
    /** Application identifier of the part; without one it stands behind the key in the key's own element. */
    ai?: string;
    required?: true;
  };
}

const gtin = { ai: '01', name: 'A GTIN', key: { digits: 14 } } as const;
const serial = { name: 'A serial number', set: 82 } as const;

/** GS1 keys as EPCs (EPC Tag Data Standard 2.0, section 6.3) with their application identifiers. */
export const kinds: Readonly<Record<IdentifierType, Kind>> = {
  sgtin: { ...gtin, part: { ...serial, max: 20, ai: '21', required: true } },
  lgtin: { ...gtin, part: { name: 'A batch number', set: 82, max: 20, ai: '10', required: true } },
  upui: { ...gtin, part: { ...serial, max: 28, ai: '235', required: true } },
  gtin,
  sscc: { ai: '00', name: 'An SSCC', key: { digits: 18 } },
  sgln: { ai: '414', name: 'A GLN', key: { digits: 13 }, part: { name: 'An extension', set: 82, max: 20, ai: '254' } },
  pgln: { ai: '417', name: 'A GLN', key: { digits: 13 } },
  gsrn: { ai: '8018', name: 'A GSRN', key: { digits: 18 } },
  gsrnp: { ai: '8017', name: 'A GSRN', key: { digits: 18 } },
  gsin: { ai: '402', name: 'A GSIN', key: { digits: 17 } },
  giai: { ai: '8004', name: 'A GIAI', key: { set: 82, max: 30 } },
  ginc: { ai: '401', name: 'A GINC', key: { set: 82, max: 30 } },
  grai: { ai: '8003', name: 'A GRAI', key: { digits: 14 }, part: { ...serial, max: 16 } },
  gdti: { ai: '253', name: 'A GDTI', key: { digits: 13 }, part: { ...serial, max: 17 } },
  sgcn: { ai: '255', name: 'A GCN', key: { digits: 13 }, part: { name: 'A serial number', set: 10, max: 12 } },
  cpi: {
    ai: '8010',
    name: 'A CPID',
    key: { set: 39, max: 30 },
    part: { name: 'A serial number', set: 10, max: 12, ai: '8011' },
  },
  itip: { ai: '8006', name: 'An ITIP', key: { digits: 18 }, part: { ...serial, max: 20, ai: '21' } },
};

function readKeyOf(type: IdentifierType, text: string, at: number): string {
  const { ai, key, name } = kinds[type];
  if (ai === '01') return parseGtin(text, at);
  if ('set' in key) return readCharacters(text, key.set, key.max, name, at);
  if (type !== 'itip') return readKey(text, key.digits, name, at);
  // The GTIN has the check digit; two digits that say which piece and two that say of how many follow it.
  readKey(text.slice(0, 14), 14, 'The GTIN of an ITIP', at);
  if (!/^\d{4}$/.test(text.slice(14))) {
    throw new Gs1Error('An ITIP has four digits behind its GTIN: the piece, and of how many.', at + 14);
  }
  return text;
}

/**
 * An identifier whose key and part have been looked at.
 * @param keyAt where the key begins in the text that a person sees, `partAt` where the part does
 * @throws Gs1Error at the first wrong character
 */
export function identifier(type: IdentifierType, key: string, part = '', keyAt = 0, partAt = keyAt): Identifier {
  const read = readKeyOf(type, key, keyAt);
  const rule = kinds[type].part;
  if (rule === undefined) {
    if (part !== '') throw new Gs1Error(`${kinds[type].name} has nothing behind it.`, partAt);
  } else if (part !== '' || rule.required) {
    readCharacters(part, rule.set, rule.max, rule.name, partAt);
  }
  return { type, key: read, part };
}
