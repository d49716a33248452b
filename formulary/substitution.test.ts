import { describe, expect, it } from 'vitest';
import { narrowRanges } from './narrowRange.ts';
import { products } from './products.ts';
import { type Compared, strengthKey, substitutionOf } from './substitution.ts';

const prescribed: Compared = { code: 'MP-1', atc: 'M01AE01', form: 'tablet', strength: '400 mg', route: 'oral' };
const generic: Compared = { ...prescribed, code: 'MP-2' };
const free = { allowed: true };

describe('a substitute', () => {
  it('is another product of the same substance, form, strength and route', () => {
    expect(substitutionOf(prescribed, generic, free)).toEqual({ kind: 'substitute' });
    expect(substitutionOf(prescribed, { ...generic, strength: '0.4 g' }, free)).toEqual({ kind: 'substitute' });
  });

  it.each([
    ['substance', { atc: 'M01AE02' }],
    ['form', { form: 'capsule' }],
    ['strength', { strength: '200 mg' }],
    ['route', { route: 'rectal' }],
  ] as const)('has the same %s', (why, change) => {
    expect(substitutionOf(prescribed, { ...generic, ...change }, free)).toEqual({ kind: 'refused', why });
  });

  it('is not handed out where the prescriber has excluded it', () => {
    expect(substitutionOf(prescribed, generic, { allowed: false })).toEqual({ kind: 'refused', why: 'excluded' });
  });

  it.each(narrowRanges.map(({ atc, name, source }) => [name, atc, source] as const))(
    'is none for %s, whatever else fits',
    (_, atc, source) => {
      const narrow = { ...prescribed, atc };
      expect(substitutionOf(narrow, { ...generic, atc }, free)).toEqual({ kind: 'refused', why: 'narrowRange' });
      expect(substitutionOf(narrow, narrow, free)).toEqual({ kind: 'prescribed' });
      expect(source.length).toBeGreaterThan(20);
      for (const { name } of products.filter((product) => product.atc === atc))
        expect(name).toBe(narrowRanges.find((row) => row.atc === atc)?.name);
    },
  );

  it('is narrowed by the groups of a formulary, in either direction of asking', () => {
    const groups = [['MP-1', 'MP-3']];
    const interchangeable = (one: string, other: string) =>
      groups.some((group) => group.includes(one) && group.includes(other));
    const narrowed = { allowed: true, interchangeable };
    expect(substitutionOf(prescribed, generic, narrowed)).toEqual({ kind: 'refused', why: 'notInterchangeable' });
    expect(substitutionOf(prescribed, { ...generic, code: 'MP-3' }, narrowed)).toEqual({ kind: 'substitute' });
  });

  it('never stands in the way of the prescribed product itself', () => {
    const strict = { allowed: false, interchangeable: () => false };
    expect(substitutionOf(prescribed, prescribed, strict)).toEqual({ kind: 'prescribed' });
  });
});

describe('a strength', () => {
  it.each([
    ['1 g', '1,000 mg'],
    ['0.5 mg/mL', '500 micrograms/mL'],
    ['62.5 micrograms', '0.0625 mg'],
  ])('%s is %s', (one, other) => expect(strengthKey(one)).toBe(strengthKey(other)));

  it.each([
    ['100 mg/5 mL', '200 mg/10 mL'],
    ['4,000 units/0.4 mL', '8,000 units/0.8 mL'],
    ['400 mg', '40 mg'],
  ])('%s is not %s', (one, other) => expect(strengthKey(one)).not.toBe(strengthKey(other)));
});

it('nothing in the formulary is a substitute of another product of a different substance', () => {
  const one = products.find(({ code }) => code === 'MP-30031');
  if (one === undefined) throw new Error('ibuprofen 400 mg is gone');
  const fitting = products.filter((other) => substitutionOf(one, other, free).kind !== 'refused');
  expect(fitting.every(({ name }) => name === 'ibuprofen')).toBe(true);
});

it.each([
  ['amlodipine 5 mg tablet', ['MP-14210', 'MP-14212', 'MP-14213']],
  ['ramipril 5 mg capsule', ['MP-14301', 'MP-14303', 'MP-14304']],
])('the formulary has several products that stand for one another: %s', (title, codes) => {
  const alike = products.filter((product) => `${product.name} ${product.strength} ${product.form}` === title);
  expect(alike.map(({ code }) => code)).toEqual(codes);
  for (const one of alike) {
    const fitting = products.filter((other) => substitutionOf(one, other, free).kind === 'substitute');
    expect(fitting.map(({ code }) => code)).toEqual(codes.filter((code) => code !== one.code));
    for (const other of fitting)
      expect(substitutionOf(one, other, { allowed: false })).toMatchObject({ why: 'excluded' });
  }
  expect(new Set(alike.map(({ brand = '' }) => brand)).size).toBe(codes.length);
});
