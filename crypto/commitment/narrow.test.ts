import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomBytes, utf8 } from '../bytes.ts';
import { newPrescriptionId, newPseudonym } from '../identifier.ts';
import { disclose, encodeDisclosure, openDisclosure } from './disclosure.ts';
import { commitmentFields } from './fields.ts';
import { narrowDisclosure } from './narrow.ts';

const id = newPrescriptionId(newPseudonym(1));
const document = utf8(
  JSON.stringify({
    resourceType: 'MedicationRequest',
    medicationCodeableConcept: { text: 'amoxicillin' },
    reasonCode: [{ text: 'a secret diagnosis' }],
    authoredOn: '2026-11-27T08:00:00.000Z',
  }),
);

describe('a narrower disclosure', () => {
  it('is the one that the prescription itself gives of those fields, byte by byte', () => {
    const key = randomBytes(32);
    fc.assert(
      fc.property(fc.subarray([...commitmentFields]), fc.infiniteStream(fc.boolean()), (open, choice) => {
        const fields = open.filter(() => choice.next().value);
        const narrowed = narrowDisclosure(disclose(key, id, document, open), fields);
        expect(encodeDisclosure(narrowed)).toEqual(encodeDisclosure(disclose(key, id, document, fields)));
        expect(openDisclosure(narrowed).shown.map(({ field }) => field)).toEqual(
          commitmentFields.filter((field) => fields.includes(field)),
        );
      }),
    );
  });

  it('carries nothing of what it closes', () => {
    const whole = disclose(randomBytes(32), id, document, [...commitmentFields]);
    const bytes = Buffer.from(encodeDisclosure(narrowDisclosure(whole, ['authoredOn'])));
    expect(bytes.includes('a secret diagnosis')).toBe(false);
    expect(Buffer.from(encodeDisclosure(whole)).includes('a secret diagnosis')).toBe(true);
  });

  it('opens nothing that was closed', () => {
    const some = disclose(randomBytes(32), id, document, ['authoredOn']);
    expect(() => narrowDisclosure(some, ['reason'])).toThrow(expect.objectContaining({ code: 'DISCLOSURE_MALFORMED' }));
  });
});
