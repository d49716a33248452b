import { describe, expect, it } from 'vitest';
import { checkPrescription } from '#safety/check.ts';
import { known, unknownSubject } from '#safety/subject.ts';
import { at, healthy, orderOf, productOf } from '#safety/testing.ts';
import { judgeClinical } from './useClinical.ts';
import type { OwnCheck } from './useOwnCheck.ts';

const amoxicillin = orderOf(productOf('amoxicillin', '500 mg'), { frequency: 3 });
const made = (subject = healthy) => ({ state: 'made', check: checkPrescription(subject, amoxicillin), at }) as const;
const said = { prescriber: undefined, note: '' };
const looked = (own: OwnCheck) => (own.state === 'made' ? { check: own.check, salt: 's'.repeat(22) } : null);

describe('the tick at the clinical check', () => {
  it.each<[string, OwnCheck | null]>([
    ['nothing is open', null],
    ['the record is being read', { state: 'reading' }],
    ['the keys are locked', { state: 'locked' }],
  ])('is impossible while %s, whatever was ticked before', (_, own) => {
    expect(judgeClinical(own, looked(made()), said)).toEqual({ obstacle: 'unmade', record: null });
  });

  it('is possible once the check is made, and what it said is kept', () => {
    const own = made();
    expect(judgeClinical(own, null, said)).toEqual({ obstacle: null, record: null });
    expect(judgeClinical(own, looked(own), said).record).toMatchObject({ outcome: 'clear', at, salt: 's'.repeat(22) });
  });

  it('is possible where the check has failed, and that is kept', () => {
    const own = made(unknownSubject('failed'));
    expect(judgeClinical(own, looked(own), said).record).toMatchObject({
      outcome: 'incomplete',
      unknown: expect.arrayContaining([{ what: 'allergies', why: 'failed' }]),
    });
  });

  it('does not hold for another answer of the check', () => {
    expect(judgeClinical(made(), looked(made()), said)).toEqual({ obstacle: null, record: null });
  });

  it('wants a word about what is serious and has no reason of the prescriber', () => {
    const own = made({ ...healthy, allergies: known([{ text: 'Penicillin' }]) });
    expect(judgeClinical(own, looked(own), said)).toEqual({ obstacle: 'unanswered', record: null });
    const answered = judgeClinical(own, looked(own), { ...said, note: 'Asked the doctor: tolerated.' });
    expect(answered.record).toMatchObject({
      ...{ outcome: 'overridden', findings: [{ override: 'Asked the doctor: tolerated.' }] },
    });
    expect(judgeClinical(own, looked(own), { prescriber: answered.record ?? undefined, note: '' }).obstacle).toBeNull();
  });
});
