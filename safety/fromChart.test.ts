import { describe, expect, it } from 'vitest';
import { buildAllergy, buildMedicine, buildPatient, buildProblem, buildResult, type Said } from '#fhir/build.ts';
import { changeOf } from '#fhir/chart/change.ts';
import { type FirstScreen, firstScreen } from '#fhir/chart/screen.ts';
import { systems } from '#fhir/coding.ts';
import { type MeasurementName, measurements } from '#fhir/measurements.ts';
import type { Identified } from '#fhir/record.ts';
import { checkPrescription } from './check.ts';
import { languageIn, type SeenChart, subjectOf } from './fromChart.ts';
import { estimatedGfr } from './gfr.ts';
import { at, healthy, orderOf, productOf } from './testing.ts';

const loratadine = orderOf(productOf('loratadine'));

const said = (id: string): Said => ({
  ...{ id, patient: `pt-0-${'p'.repeat(26)}`, recorded: at },
  author: { id: `prac-${'a'.repeat(26)}`, name: 'Dr A' },
});
const screenOf = (...resources: Identified[]): FirstScreen => {
  const document = { id: 'doc-0-a', at, state: 'current' as const };
  return firstScreen([{ category: 'clinical', ...changeOf([{ document, resources }]) }]);
};
const measured = (name: MeasurementName, value: number, day = '2026-11-01'): Identified =>
  buildResult(said(`${name}${day}`), { measurement: measurements[name], value, at: `${day}T09:00:00.000Z` });
const allergy = buildAllergy(said('al'), { code: { text: 'Penicillin V' }, severe: true });
const medicine = buildMedicine(said('me'), {
  ...{
    code: { system: systems.atc, code: 'C09AA05', text: 'Ramipril 5 mg' },
    status: 'active',
    dose: '1',
    from: '2024',
  },
});
const person = { birthDate: '1968-03-14', sex: 'male' } as const;
const seen = (screen: FirstScreen, more: Partial<SeenChart> = {}): SeenChart => ({
  ...{ screen, hidden: [], incomplete: false },
  ...more,
});
const subject = (screen: FirstScreen, more?: Partial<SeenChart>) => subjectOf(person, seen(screen, more), at);

describe('a subject from a chart', () => {
  it('has what the chart has', () => {
    expect(subject(screenOf(allergy, medicine, measured('weight', 87), measured('egfr', 80)))).toEqual({
      birthDate: { value: '1968-03-14' },
      sex: { value: 'male' },
      weight: { value: 87 },
      kidney: { value: 80 },
      pregnancy: { missing: { why: 'notRecorded' } },
      allergies: { value: [{ text: 'Penicillin V', severe: true }] },
      medicines: { value: [{ text: 'Ramipril 5 mg', code: 'atc|C09AA05' }] },
    });
  });

  it('takes an empty list for not recorded, unless it says that there is none', () => {
    expect(subject(screenOf(medicine)).allergies).toEqual({ value: [], missing: { why: 'notRecorded' } });
    const none = buildAllergy(said('no'), {
      code: { system: systems.snomed, code: '716186003', text: 'No known allergy' },
    });
    expect(subject(screenOf(none)).allergies).toEqual({ value: [{ text: 'No known allergy', code: 'sct|716186003' }] });
    expect(checkPrescription({ ...healthy, allergies: subject(screenOf(none)).allergies }, loratadine).unknown).toEqual(
      [],
    );
  });

  it('says what is hidden, and keeps what is seen', () => {
    const hidden = [{ category: 'clinical', why: 'notShared' }] as const;
    expect(subject(screenOf(), { hidden }).allergies).toEqual({ missing: { why: 'notShared', detail: 'clinical' } });
    expect(subject(screenOf(allergy), { hidden }).allergies).toMatchObject({
      value: [{ text: 'Penicillin V' }],
      missing: { why: 'notShared' },
    });
    const guarded = [
      { category: 'mental', why: 'notShared' },
      { category: 'hiv', why: 'notShared' },
    ] as const;
    expect(subject(screenOf(medicine), { hidden: guarded }).medicines).toMatchObject({
      value: [{ text: 'Ramipril 5 mg' }],
      missing: { why: 'notShared', detail: 'mental, hiv' },
    });
    expect(subject(screenOf(), { hidden: [{ category: 'results', why: 'failed' }] }).kidney).toEqual({
      missing: { why: 'failed', detail: 'results' },
    });
    expect(subject(screenOf(allergy), { incomplete: true }).allergies.missing?.why).toBe('failed');
  });

  it('knows nothing where nothing is read, but age and sex', () => {
    const none = subjectOf(person, { why: 'notShared' }, at);
    expect(none.birthDate.value).toBe('1968-03-14');
    for (const fact of ['weight', 'kidney', 'pregnancy', 'allergies', 'medicines'] as const)
      expect(none[fact]).toEqual({ missing: { why: 'notShared' } });
    expect(subjectOf({ birthDate: '', sex: 'unknown' }, { why: 'failed' }, at)).toMatchObject({
      birthDate: { missing: { why: 'notRecorded' } },
      sex: { missing: { why: 'notRecorded' } },
    });
  });

  it.each([
    ['egfr', '2025-11-28', undefined],
    ['egfr', '2025-11-26', 'outdated'],
  ] as const)('calls a %s of %s %s', (name, day, why) => {
    expect(subject(screenOf(measured(name, 70, day))).kidney).toMatchObject({
      value: 70,
      ...(why && { missing: { why, detail: day } }),
    });
    if (why === undefined) expect(subject(screenOf(measured(name, 70, day))).kidney.missing).toBeUndefined();
  });

  it('wants the weight of a child to be newer', () => {
    const screen = screenOf(measured('weight', 20, '2026-08-01'));
    expect(subjectOf({ birthDate: '2020-01-01', sex: 'female' }, seen(screen), at).weight.missing?.why).toBe(
      'outdated',
    );
    expect(subject(screen).weight).toEqual({ value: 20 });
  });

  it('makes eGFR of creatinine where none is recorded', () => {
    const value = subject(screenOf(measured('creatinine', 92))).kidney.value;
    expect(value).toBeGreaterThan(75);
    expect(value).toBeLessThan(90);
    expect(subjectOf({ ...person, sex: 'other' }, seen(screenOf(measured('creatinine', 92))), at).kidney).toEqual({
      missing: { why: 'notRecorded' },
    });
  });

  it('takes kidney function from what was measured later', () => {
    const value = (...results: Identified[]) => subject(screenOf(...results)).kidney;
    const failing = value(measured('egfr', 85, '2026-02-01'), measured('creatinine', 420, '2026-11-26'));
    expect(failing.value).toBeLessThan(20);
    expect(failing.missing).toBeUndefined();
    expect(value(measured('egfr', 85, '2026-11-26'), measured('creatinine', 420, '2026-02-01'))).toEqual({ value: 85 });
    // Measured together, what the laboratory made of it counts.
    expect(value(measured('egfr', 85), measured('creatinine', 92))).toEqual({ value: 85 });
  });

  it('calls an eGFR outdated where what was measured since makes none', () => {
    const screen = screenOf(measured('egfr', 85, '2026-02-01'), measured('creatinine', 420, '2026-11-26'));
    expect(subjectOf({ ...person, sex: 'other' }, seen(screen), at).kidney).toEqual({
      value: 85,
      missing: { why: 'outdated', detail: '2026-02-01' },
    });
  });

  it.each([
    ['mL/min/1.73 m²', true],
    ['mL/min/1.73.m2', true],
    ['mL/min', true],
    ['mL/s/{1.73_m2}', false],
    ['%', false],
  ])('takes an eGFR in %s: %s', (unit, isTaken) => {
    const measurement = { ...measurements.egfr, unit };
    const result = buildResult(said('gfr'), { measurement, value: 1.4, at: '2026-11-01T09:00:00.000Z' });
    expect(subject(screenOf(result)).kidney).toEqual(
      isTaken ? { value: 1.4 } : { missing: { why: 'failed', detail: `1.4 ${unit}` } },
    );
  });

  describe('of pregnancy and breast-feeding', () => {
    const problem = (text: string, code?: string) =>
      buildProblem(said(text), {
        ...{ code: { ...(code !== undefined && { system: systems.snomed, code }), text }, status: 'active' },
      });
    /** The answer to a test of pregnancy. */
    const tested = (words: string, day = '2026-11-20'): FirstScreen['latest'][number] => ({
      ...{ k: 'result', r: 'test', y: 'Observation', d: 'doc-0-a', w: at, a: day, s: 'final', category: 'results' },
      ...{ code: 'loinc|82810-3', x: 'Pregnancy status', m: { t: words } },
    });
    const pregnancy = (problems: Identified[], ...latest: FirstScreen['latest']) =>
      subject({ ...screenOf(...problems), latest }).pregnancy;

    it('finds either among the problems', () => {
      expect(pregnancy([problem('Pregnancy', '77386006')])).toEqual({ value: 'pregnant' });
      expect(pregnancy([problem('Breast-feeding')], tested('Not pregnant'))).toEqual({ value: 'breastfeeding' });
    });

    it('takes neither for the other', () => {
      expect(pregnancy([], tested('Not pregnant'))).toEqual({
        ...{ value: 'no', missing: { why: 'notRecorded', detail: 'breast-feeding' } },
      });
      expect(pregnancy([problem('Breastfeeding')])).toEqual({
        ...{ value: 'breastfeeding', missing: { why: 'notRecorded', detail: 'pregnancy' } },
      });
      expect(pregnancy([problem('Breastfeeding')], tested('Pregnant'))).toEqual({ value: 'pregnant' });
    });

    it('asks again where the test is old', () => {
      expect(pregnancy([], tested('Not pregnant', '2026-10-01'))).toEqual({ missing: { why: 'notRecorded' } });
    });
  });

  it('says in which language somebody reads', () => {
    const german = buildPatient(said('pe'), { name: 'T N', birthDate: '1951-11-23', sex: 'male', language: 'de' });
    expect(languageIn({ screen: screenOf(german) })).toBe('de');
    expect(languageIn({ screen: screenOf(allergy) })).toBeUndefined();
  });
});

describe('eGFR by CKD-EPI 2021', () => {
  it.each([
    // 142 × (1/0.9)^-1.2 × 0.9938^50 for a man of 50 with 1.0 mg/dL; the same with 0.7, -1.2 and 1.012 for a woman.
    ['male', 1, 91.7],
    ['female', 1, 68.6],
    ['male', 0.8, 107.8],
  ] as const)('%s, %s mg/dL at 50: %s', (sex, n, expected) => {
    const birthDate = '1976-11-27';
    expect(estimatedGfr({ n, u: 'mg/dL' }, { birthDate, sex }, at)).toBeCloseTo(expected, 0);
    expect(estimatedGfr({ n: n * 88.4, u: 'umol/L' }, { birthDate, sex }, at)).toBeCloseTo(expected, 0);
  });

  it('is none of children, and of units that it does not know', () => {
    expect(estimatedGfr({ n: 1, u: 'mg/dL' }, { birthDate: '2015-01-01', sex: 'male' }, at)).toBeUndefined();
    expect(estimatedGfr({ n: 1, u: 'g' }, { birthDate: '1976-01-01', sex: 'male' }, at)).toBeUndefined();
  });
});
