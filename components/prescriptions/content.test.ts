import { describe, expect, it } from 'vitest';
import { buildMedicationRequest } from '#fhir/medicationRequest.ts';
import { findProduct } from '#formulary/products.ts';
import { isUndeclared } from './content.ts';

function requestOf(code: string) {
  const product = findProduct(code);
  if (product === undefined) throw new Error(`the formulary lost ${code}`);
  return buildMedicationRequest({
    ...{ id: `rx-0-${'a'.repeat(26)}`, product, quantity: 10, repeats: 0 },
    ...{ authoredOn: '2026-11-01T08:00:00.000Z', expires: '2026-12-01T08:00:00.000Z' },
    requester: { id: `prac-${'a'.repeat(26)}`, name: 'Dr. A. Lind', institution: 'City hospital' },
    patient: { name: 'Mara Lind', birthDate: '1957-10-04', sex: 'female' },
    dose: { amount: 1, frequency: 1, period: 1, periodUnit: 'd', unit: product.unit, route: product.route },
  });
}

describe('a controlled medicine', () => {
  it.each([
    ['a controlled one that was signed as such', 'MP-32050', true, false],
    ['a controlled one that was not', 'MP-32050', false, true],
    ['one that is not controlled', 'MP-24021', false, false],
    ['one that its author was stricter about', 'MP-24021', true, false],
  ])('is handed out as its author signed it: %s', (_name, code, declared, undeclared) => {
    expect(isUndeclared(requestOf(code), declared)).toBe(undeclared);
  });
});
