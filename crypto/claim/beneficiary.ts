import { toHex, wipe } from '../bytes.ts';
import { deriveKey } from '../derive.ts';

/**
 * The blinded number by which the assistance fund knows a person, 64 hex digits: the same over all policies of the person, so that the
 * fund's limits hold, and nothing that another name of the person can be found from. `vaultSeed`: as of `memberKeys`.
 */
export function beneficiaryOf(vaultSeed: Uint8Array): string {
  const number = deriveKey(vaultSeed, 'medloom/assistance/beneficiary/v1');
  const text = toHex(number);
  wipe(number);
  return text;
}
