import { describe, expect, it } from 'vitest';
import { buildMedicationRequest } from '#fhir/medicationRequest.ts';
import { findProduct } from '#formulary/products.ts';
import { type DoseDraft, emptyDose, orderOf } from './dose.ts';
import { draftFrom } from './fromRequest.ts';
import { answersOf, type Start } from './StartNotice.tsx';

const found = findProduct('MP-30031');
if (!found) throw new Error('no ibuprofen');
const product = found;

function requestOf(draft: DoseDraft) {
  const order = orderOf(draft, product);
  if (!order) throw new Error('no order');
  return buildMedicationRequest({
    id: 'rx-0-abcdefghijklmnopqrstuvwxyz',
    product,
    patient: { name: 'Jonas Lind', birthDate: '1968-03-14' },
    requester: { id: 'prac-abcdefghijklmnopqrstuvwxyz', name: 'Dr Amara Weiss' },
    authoredOn: '2026-01-01T00:00:00Z',
    expires: '2026-02-01T00:00:00Z',
    ...order,
    reason: { text: draft.reason },
  });
}

const draft: DoseDraft = {
  ...emptyDose,
  ...{ amount: '1.5', frequency: 'every8', days: '10', repeats: 2, every: '9' },
  ...{ asNeeded: 'pain', reason: 'Back pain', note: 'With food.' },
};

describe('the form filled in with what was prescribed', () => {
  it('says the same again', () => {
    expect(draftFrom(requestOf(draft), { fillEveryDays: 9 })).toEqual({ product, draft });
  });

  it('is given up where it cannot say the dose', () => {
    const request = requestOf(draft);
    const [dosage] = request.dosageInstruction;
    if (dosage) dosage.timing.repeat.periodUnit = 'mo';
    expect(draftFrom(request, {})).toBeUndefined();
  });
});

describe('what a new prescription answers', () => {
  const prescription = { id: 'rx-0-abcdefghijklmnopqrstuvwxyz' } as Start['prescription'];
  const renewal = { id: 'rn-0-abcdefghijklmnopqrstuvwxyz' } as Start['renewal'];
  const order = (changed: Partial<DoseDraft>) => {
    const made = orderOf({ ...draft, ...changed }, product);
    if (!made) throw new Error('no order');
    return made;
  };

  it('is the one that it corrects', () => {
    expect(answersOf({ prescription }, null, product, order({}))).toEqual({ replaces: prescription.id });
  });

  it('approves a renewal only where nothing was changed', () => {
    const outcome = (changed: Partial<DoseDraft>) =>
      answersOf({ prescription, renewal }, { product, draft }, product, order(changed)).renews?.outcome;
    expect(outcome({})).toBe('approved');
    expect(outcome({ days: '9' })).toBe('changed');
    expect(outcome({ note: '' })).toBe('changed');
    expect(answersOf({ prescription, renewal }, null, product, order({})).renews?.outcome).toBe('changed');
  });
});
