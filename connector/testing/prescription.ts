import type { Prescription } from '#chaincode/model/prescription.ts';

/** A prescription as a peer answers it: 2 fills of 30, nothing dispensed. */
export function prescriptionState(change: Partial<Prescription> = {}): Prescription {
  return {
    id: `rx-1-${'c'.repeat(26)}`,
    patient: `pt-1-${'b'.repeat(26)}`,
    expires: '2027-01-01T00:00:00.000Z',
    cid: `b${'a'.repeat(58)}`,
    contentHash: '0'.repeat(64),
    redeemHash: '1'.repeat(64),
    commitment: `0x${'2'.repeat(64)}`,
    quantity: 30,
    fills: 2,
    author: `prac-${'a'.repeat(26)}`,
    authorInstitution: 'inst-lakeside',
    authoredOn: '2026-11-01T00:00:00.000Z',
    state: 'active',
    left: 60,
    dispenses: [],
    codeValid: true,
    version: 1,
    ...change,
  };
}
