import type { Hex } from 'viem';
import type { Practitioner } from '#chaincode/model/registry.ts';
import { utf8 } from '#crypto/bytes.ts';
import { canonicalJson } from '#crypto/canonicalJson.ts';
import { sha256Hex } from '#crypto/derive.ts';

/** A practitioner's licence as the public chain has it. */
export interface ChainLicence {
  /**
   * SHA-256 of the canonical JSON of the practitioner's id and licence. The id has 130 random bits, so that a licence number,
   * which anybody can look up, does not name the owner of a wallet.
   */
  hash: Hex;
  /** Unix seconds. */
  validTo: number;
}

/** The licence as the registry has it now. */
export function chainLicenceOf({ id, licence }: Pick<Practitioner, 'id' | 'licence'>): ChainLicence {
  const hash: Hex = `0x${sha256Hex(utf8(canonicalJson({ id, licence: { ...licence } })))}`;
  return { hash, validTo: Math.floor(Date.parse(licence.validTo) / 1000) };
}
