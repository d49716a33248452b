import { dateOf, dayOf } from './date.ts';
import { parseDigitalLink } from './digitalLink.ts';
import { type Elements, parseElements } from './elementString.ts';
import { parseEpcUrn } from './epcUrn.ts';
import { Gs1Error } from './error.ts';
import { parseGtin } from './gtin.ts';
import { kinds } from './identifier.ts';

/** A serialised pack, with what its code says besides. */
export interface Pack {
  /** 14 digits. */
  gtin: string;
  serial: string;
  batch?: string;
  /** The last day of use, `2029-01-31`. */
  expiry?: string;
}

/**
 * The elements of any code that a scanner may read: an element string, a Digital Link, an EPC URN, or the bare GTIN of a
 * linear code on a pack.
 * @throws Gs1Error at the first wrong character
 */
export function parseCode(code: string): Elements {
  if (/^https?:/i.test(code)) return parseDigitalLink(code).elements;
  if (code.startsWith('urn:')) {
    const { type, key, part } = parseEpcUrn(code).id;
    const { ai, part: rule } = kinds[type];
    if (rule?.ai === undefined) return new Map([[ai, `${key}${part}`]]);
    return new Map(
      part === ''
        ? [[ai, key]]
        : [
            [ai, key],
            [rule.ai, part],
          ],
    );
  }
  const bare = /^(?:\][EX]\d)?(\d{8}|\d{12,14})$/.exec(code)?.[1];
  if (bare !== undefined) return new Map([['01', parseGtin(bare, code.length - bare.length)]]);
  return parseElements(code);
}

/**
 * The pack that elements name; undefined where they name no single one.
 * @param thisYear decides the century of the expiry date
 */
export function packOf(elements: Elements, thisYear?: number): Pack | undefined {
  const [gtin, serial] = [elements.get('01'), elements.get('21')];
  if (gtin === undefined || serial === undefined) return undefined;
  const [batch, expiry] = [elements.get('10'), elements.get('17')];
  return {
    gtin,
    serial,
    ...(batch === undefined ? {} : { batch }),
    ...(expiry === undefined ? {} : { expiry: dayOf(expiry, thisYear) }),
  };
}

/**
 * The pack that a code names.
 * @throws Gs1Error at the first wrong character, or where the code names no single pack
 */
export function parsePack(code: string, thisYear?: number): Pack {
  const pack = packOf(parseCode(code), thisYear);
  if (pack !== undefined) return pack;
  throw new Gs1Error('The code names no single pack: it needs a GTIN (01) and a serial number (21).', code.length);
}

/** The elements of a pack's code, as they stand on medicines: GTIN, expiry, batch, serial number. */
export function packElements({ gtin, serial, batch, expiry }: Pack): Elements {
  const elements = new Map([['01', gtin]]);
  if (expiry !== undefined) elements.set('17', dateOf(expiry));
  if (batch !== undefined) elements.set('10', batch);
  return elements.set('21', serial);
}
