import { expect, it } from 'vitest';
import { packLines } from './packLines.ts';

it('tells the packs of a dispense, and why others have no serial number', () => {
  const value = 'https://id.gs1.org/01/09506000134352/21/A%2F1';
  const lines = packLines(
    {
      contained: [
        {
          resourceType: 'Medication',
          id: 'pack-1',
          identifier: [{ system: 'urn:ietf:rfc:3986', value }],
          code: { coding: [{ system: 'https://www.gs1.org/gtin', code: '09506000134352' }] },
          batch: { lotNumber: 'LOT7', expirationDate: '2027-06-30' },
        },
      ],
      extension: [
        { url: 'urn:medloom:dispensed-pack', valueReference: { reference: '#pack-1' } },
        { url: 'urn:medloom:without-serial', valueString: 'The code cannot be read' },
      ],
    },
    (day) => day,
  );
  expect(lines).toEqual([
    'Batch LOT7, use until 2027-06-30, serial number A/1',
    'Without a serial number: The code cannot be read',
  ]);
  expect(packLines({}, String)).toEqual([]);
  const substituted = {
    medicationCodeableConcept: { text: 'ibuprofen 400 mg tablet' },
    substitution: {
      wasSubstituted: true,
      reason: [{ coding: [{ system: 'urn:medloom:substitution-reason', code: 'shortage' }] }],
    },
  };
  expect(packLines(substituted, String)).toEqual([
    'Handed out as ibuprofen 400 mg tablet: the prescribed product cannot be had.',
  ]);
});
