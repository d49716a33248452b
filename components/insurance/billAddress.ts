export const insuranceAddress = '/patient/insurance';

/** Where a patient reads one bill. */
export const billAddress = (claim: string): string => `${insuranceAddress}?bill=${claim}`;
