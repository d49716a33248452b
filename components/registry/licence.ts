import type { Licence } from '#chaincode/model/registry.ts';

/** Whether a licence holds at an instant: from `validFrom` (inclusive) until `validTo` (exclusive). */
export function licenceHolds(licence: Pick<Licence, 'validFrom' | 'validTo'>, at: number): boolean {
  return Date.parse(licence.validFrom) <= at && at < Date.parse(licence.validTo);
}
