import { buildMedicationRequest, type MedicationRequest } from '#fhir/medicationRequest.ts';
import { findProduct } from '#formulary/products.ts';
import type { Verdict } from '#server/prescriptions/schema.ts';
import { type DowntimeEntry, type DowntimeLine, downtimeEntry, nothingYet } from './entry.ts';

/** A prescription of 24 tablets of ibuprofen, and lines of a downtime log about it; for tests. */

export const prescriptionId = `rx-0-${'a'.repeat(26)}`;

const found = findProduct('MP-30031');
if (found === undefined) throw new Error('the formulary has lost its ibuprofen');
const product = found;

export const pack = { gtin: product.packs[0]?.gtin ?? '', serial: 'S1' };

export const requestOf = (): MedicationRequest =>
  buildMedicationRequest({
    id: prescriptionId,
    product,
    patient: { name: 'Jonas Lind', birthDate: '1968-03-14' },
    requester: { id: `prac-${'b'.repeat(26)}`, name: 'Dr Amara Weiss' },
    authoredOn: '2026-11-26T08:00:00Z',
    expires: '2027-02-26T08:00:00Z',
    dose: { amount: 1, unit: 'tablet', frequency: 3, period: 1, periodUnit: 'd', route: 'oral' },
    quantity: 24,
    repeats: 0,
  });

export function verdictOf(outcome: Verdict['outcome'], left: number, refusal?: string): Verdict {
  const person = { name: 'Dr Amara Weiss', institution: 'Lakeside Hospital' };
  return {
    outcome,
    ...(refusal !== undefined && { refusal }),
    prescription: {
      ...{ id: prescriptionId, channel: 'care-0', state: 'active', quantity: 24, fills: 1, left, available: left },
      ...{
        authoredOn: '2026-11-26T08:00:00Z',
        expires: '2027-02-26T08:00:00Z',
        version: 1,
        dispenses: [],
        codeValid: true,
      },
      ...{ author: { id: 'prac-b', ...person }, cid: '', contentHash: '', commitment: '' },
      token: { state: 'active', tokenId: '1' },
    },
    checks: { ledger: 'pass', issuer: 'pass', token: 'pass' },
    issuer: { ...person, licence: '', specialty: '', validTo: '', status: 'active' },
    proof: { channel: 'care-0', cid: '', contentHash: '', tokenId: '1' },
  };
}

/** Line 1 of the log. */
export function lineOf(change: Partial<DowntimeEntry>): DowntimeLine {
  const entry = downtimeEntry.parse({
    ...{ version: 1, at: '2026-11-27T09:30:00Z', reason: 'ledgers', product: product.code, packs: [] },
    ...{ patient: { name: 'Jonas Lind', birthDate: '1968-03-14' }, site: '0950600013430', by: 'Rosa Méndez' },
    ...change,
  });
  return { number: 1, entry, progress: nothingYet, redeemHash: '0'.repeat(64) };
}
