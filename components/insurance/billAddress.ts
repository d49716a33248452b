import { recordAddress } from '#components/patient/recordAddress.ts';

export const insuranceAddress = recordAddress('insurance');

/** Where a patient reads one bill. */
export const billAddress = (claim: string): string => `${insuranceAddress}?bill=${claim}`;
