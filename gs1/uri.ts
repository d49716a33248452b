import { hasCheckDigit } from './checkDigit.ts';
import { mayNameKey, parseDigitalLink, writeDigitalLink } from './digitalLink.ts';
import { parseEpcUrn } from './epcUrn.ts';
import { Gs1Error } from './error.ts';
import type { Identifier, IdentifierType } from './identifier.ts';

/**
 * Canonical links with nothing to decode: a pack, a container, a place, a party. Almost every URI of an event is one, and they
 * are read at once.
 */
const plainLink =
  /^https:\/\/id\.gs1\.org\/(?:(01)\/(\d{14})\/21\/([0-9A-Za-z._-]{1,20})|(00)\/(\d{18})|(41[47])\/(\d{13}))$/;
const plainTypes: Readonly<Record<string, IdentifierType>> = {
  '01': 'sgtin',
  '00': 'sscc',
  '414': 'sgln',
  '417': 'pgln',
};

function readPlain(uri: string): Identifier | undefined {
  const [, pack, gtin, part = '', container, sscc, place, gln] = plainLink.exec(uri) ?? [];
  const type = plainTypes[pack ?? container ?? place ?? ''];
  const key = gtin ?? sscc ?? gln;
  return type !== undefined && key !== undefined && hasCheckDigit(key) ? { type, key, part } : undefined;
}

/**
 * What an EPC URN or a Digital Link URI names.
 * @throws Gs1Error at the first wrong character
 */
export function parseUri(uri: string): Identifier {
  return readPlain(uri) ?? (uri.startsWith('urn:epc:') ? parseEpcUrn(uri).id : parseDigitalLink(uri).id);
}

/** The same, or undefined for any other URI and for a wrong one. */
export function identifierOf(uri: string): Identifier | undefined {
  // Of most texts it is clear at once; an error that says where each is wrong would cost more than all else of a hash.
  if (!uri.startsWith('urn:epc:') && !mayNameKey(uri)) return undefined;
  try {
    return parseUri(uri);
  } catch (cause) {
    if (cause instanceof Gs1Error) return undefined;
    throw cause;
  }
}

/**
 * Whether a URI means to name something by a GS1 key, so that it should be a right one: an EPC URN, a URI of the
 * canonical domain, or a path with an application identifier and digits behind it.
 */
export function claimsGs1(uri: string): boolean {
  if (/^urn:epc:(?:id|class|idpat):/.test(uri) || /^https?:\/\/id\.gs1\.org\//i.test(uri)) return true;
  return /^https?:\/\/[^/?#]+(?:\/[^?#]*)?\/(?:0[01]|253|255|40[12]|41[47]|800[346]|8010|801[78])\/\d{4}/i.test(uri);
}

/** The canonical Digital Link of what a GS1 URI names; any other text as it is. */
export function canonicalUri(uri: string): string {
  if (readPlain(uri) !== undefined) return uri;
  const id = identifierOf(uri);
  return id === undefined ? uri : writeDigitalLink(id);
}
