import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { type Bytes, concat, toHex, utf8 } from '../bytes.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { saltLength } from '../commitment/commitment.ts';
import { deriveKey, requireLength, sha256Hex } from '../derive.ts';

/**
 * The blinded name of what is served, hex of 32 bytes: the same whoever bills it and whoever is to pay it, so that `claims` takes it once;
 * and no name for who has not seen the evidence.
 */

/** Of a dispense. `salt`: that of the field `quantity`, which the prescription's commitment fixes. */
export const serviceOfDispense = (salt: Uint8Array, dispenseId: string): string =>
  sha256Hex(
    concat(utf8('medloom/claim/service/dispense/v1\n'), requireLength(salt, saltLength, 'salt'), utf8(dispenseId)),
  );

/** What is one encounter: two of the same code on the same day with the same practitioner are one, and are billed as one. */
export interface Encounter {
  /** ISO 8601 date, as UTC has it. */
  day: string;
  /** Of the price list. */
  code: string;
  /** `prac-…` */
  practitioner: string;
}

/** Of an encounter, under the key that the member's insurance cards carry. */
export const serviceOfEncounter = (serviceKey: Uint8Array, { day, code, practitioner }: Encounter): string => {
  const named = canonicalJson({ purpose: 'medloom/claim/service/encounter/v1', day, code, practitioner });
  return toHex(hmac(nobleSha256, requireLength(serviceKey, 32, 'service key'), utf8(named)));
};

/** Of a preauthorisation, which claims nothing yet. */
export const serviceOfNothing = sha256Hex(new Uint8Array());

/** One for each person (32 bytes), the same over all policies: the same encounter is seen where two insurers are asked to pay it. */
export const serviceKeyOf = (vaultSeed: Uint8Array): Bytes => deriveKey(vaultSeed, 'medloom/claims/service/v1');
