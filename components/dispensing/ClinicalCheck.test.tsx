import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { buildMedicationRequest } from '#fhir/medicationRequest.ts';
import { checkPrescription } from '#safety/check.ts';
import { unknownSubject } from '#safety/subject.ts';
import { at, healthy, orderOf, productOf } from '#safety/testing.ts';
import { ClinicalCheck } from './ClinicalCheck.tsx';
import { type Clinical, judgeClinical } from './useClinical.ts';
import type { OwnCheck } from './useOwnCheck.ts';

const product = productOf('amoxicillin', '500 mg');
const order = orderOf(product, { frequency: 3 });
const id = `rx-0-${'a'.repeat(26)}`;
const request = buildMedicationRequest({
  ...{ id, product, patient: { name: 'T N', birthDate: '1981-01-01' }, requester: { id: 'prac-1', name: 'Dr A' } },
  ...{ authoredOn: at, expires: at, dose: { ...order.dose, durationDays: 7 }, quantity: 21, repeats: 0 },
});

function shown(own: OwnCheck): string {
  const judged = judgeClinical(own, null, { prescriber: undefined, note: '' });
  const nothing = () => undefined;
  const clinical: Clinical = { ...judged, own, note: '', onNote: nothing, onConfirm: nothing, reset: nothing };
  return renderToStaticMarkup(<ClinicalCheck prescription={{ id }} request={request} clinical={clinical} />);
}
const box = /<input[^>]*type="checkbox"[^>]*>/;
const isDisabled = (page: string) => / disabled=""/.test(box.exec(page)?.[0] ?? '');

describe('the clinical check at the counter', () => {
  it('cannot be ticked while it is being made, and says so', () => {
    const page = shown({ state: 'reading' });
    expect(page).toContain('Your check is still being made.');
    expect(isDisabled(page)).toBe(true);
  });

  it('can be ticked where it was made', () => {
    const page = shown({ state: 'made', check: checkPrescription(healthy, order), at, subject: healthy });
    expect(page).toContain('Nothing found, and everything was checked');
    expect(page).toMatch(box);
    expect(isDisabled(page)).toBe(false);
  });

  it('can be ticked where it failed, which is said loudly and kept', () => {
    const subject = unknownSubject('failed');
    const page = shown({ state: 'made', check: checkPrescription(subject, order), at, subject });
    expect(page).toContain('The record could not be read: checked without it');
    expect(page).toContain('recorded with the dispensing');
    expect(page).not.toContain('everything was checked');
    expect(isDisabled(page)).toBe(false);
  });
});
