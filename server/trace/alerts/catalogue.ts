import { brokenCustody } from './brokenCustody.ts';
import { duplicateSerial } from './duplicateSerial.ts';
import { excursion } from './excursion.ts';
import { expiredOrRecalled } from './expiredOrRecalled.ts';
import { impossibleTravel } from './impossibleTravel.ts';
import { partialReceipt } from './partialReceipt.ts';
import type { Rule } from './rule.ts';
import { unusualVolume } from './unusualVolume.ts';

/** Every kind of alert, the gravest first. */
export const rules: readonly Rule[] = [
  duplicateSerial,
  impossibleTravel,
  brokenCustody,
  expiredOrRecalled,
  excursion,
  unusualVolume,
  partialReceipt,
];
