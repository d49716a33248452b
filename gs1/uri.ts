import { hasCheckDigit } from './checkDigit.ts';
import { parseDigitalLink, writeDigitalLink } from './digitalLink.ts';
import { parseEpcUrn } from './epcUrn.ts';
import { Gs1Error } from './error.ts';
import type { Identifier } from './identifier.ts';

/** A canonical link of a pack whose serial number has nothing to decode: almost every EPC there is, read at once. */
const plainPack = /^https:\/\/id\.gs1\.org\/01\/(\d{14})\/21\/([0-9A-Za-z._-]{1,20})$/;

/**
 * What an EPC URN or a Digital Link URI names.
 * @throws Gs1Error at the first wrong character
 */
export function parseUri(uri: string): Identifier {
  const [, key, part] = plainPack.exec(uri) ?? [];
  if (key !== undefined && part !== undefined && hasCheckDigit(key)) return { type: 'sgtin', key, part };
  return uri.startsWith('urn:epc:') ? parseEpcUrn(uri).id : parseDigitalLink(uri).id;
}

/** The same, or undefined for any other URI and for a wrong one. */
export function identifierOf(uri: string): Identifier | undefined {
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
  const id = identifierOf(uri);
  return id === undefined ? uri : writeDigitalLink(id);
}
