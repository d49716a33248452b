import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unknownReasons } from '#fhir/safety.ts';
import { products } from '#formulary/products.ts';
import { checkPrescription } from './check.ts';
import { outcomeOf } from './finding.ts';
import { type Entry, known, type Order, type Subject, unknown, unknownSubject } from './subject.ts';
import { aged, healthy, orderOf, productOf } from './testing.ts';

const rulesOf = (subject: Partial<Subject>, order: Order) =>
  checkPrescription({ ...healthy, ...subject }, order).findings.map(({ rule }) => rule);
const takes = (...texts: string[]): Partial<Subject> => ({ medicines: known(texts.map((text) => ({ text }))) });
const allergicTo = (...entries: Entry[]): Partial<Subject> => ({ allergies: known(entries) });
const amoxicillin = orderOf(productOf('amoxicillin', '500 mg'), { frequency: 3 });

describe('the check', () => {
  it('is clear where all is known and nothing is wrong', () => {
    const check = checkPrescription(healthy, amoxicillin);
    expect(check).toMatchObject({ findings: [], unknown: [] });
    expect(outcomeOf(check)).toBe('clear');
  });

  it('finds an allergy by code, by words and by another substance of the group', () => {
    for (const entry of [
      { text: 'Allergy', code: 'sct|91936005' },
      { text: 'Penicillin V' },
      { text: 'Flucloxacillin' },
      { text: 'Allergie: PÉNICILLINE', code: 'sct|91936005' },
    ])
      expect(rulesOf(allergicTo(entry), amoxicillin), entry.text).toEqual(['allergy-penicillins']);
    expect(rulesOf(allergicTo({ text: 'Allergy to grass pollen' }), amoxicillin)).toEqual([]);
  });

  it('weighs a cross-reaction by the reaction', () => {
    const cefuroxime = orderOf(productOf('cefuroxime'), { frequency: 2 });
    const severity = (severe: boolean) =>
      checkPrescription(
        { ...healthy, ...allergicTo({ text: 'Penicillin', ...(severe && { severe }) }) },
        cefuroxime,
      ).findings.map((finding) => finding.severity);
    expect([severity(false), severity(true)]).toEqual([['moderate'], ['serious']]);
  });

  it('finds interactions in both directions', () => {
    expect(rulesOf(takes('Warfarin 3 mg tablet'), orderOf(productOf('ibuprofen', '400 mg')))).toEqual([
      'interaction-warfarin-nsaid',
    ]);
    expect(rulesOf(takes('Ibuprofen 400 mg'), orderOf(productOf('warfarin', '3 mg')))).toContain(
      'interaction-warfarin-nsaid',
    );
    expect(rulesOf(takes('Paracetamol'), orderOf(productOf('warfarin', '3 mg')))).toEqual([]);
    expect(
      rulesOf(
        { medicines: known([{ text: 'something', code: 'atc|C10AA01' }]) },
        orderOf(productOf('clarithromycin', '250 mg')),
      ),
    ).toContain('interaction-simvastatin-macrolide');
  });

  it('finds what is taken already', () => {
    expect(rulesOf(takes('Amoxicillin 250 mg capsule'), amoxicillin)).toEqual(['duplicate-same-substance']);
    expect(rulesOf(takes('Naproxen 250 mg'), orderOf(productOf('ibuprofen', '400 mg')))).toEqual(['duplicate-nsaids']);
    expect(rulesOf(takes('Lansoprazole'), orderOf(productOf('omeprazole', '20 mg')))).toEqual([
      'duplicate-acid-suppressants',
    ]);
    // A long and a short acting insulin belong together.
    expect(rulesOf(takes('insulin aspart'), orderOf(productOf('insulin glargine')))).toEqual([]);
  });

  it('says what it did not recognise', () => {
    const check = checkPrescription({ ...healthy, ...takes('Grandmother’s drops') }, amoxicillin);
    expect(check.unknown).toEqual([{ what: 'medicines', why: 'notRecognised', detail: 'Grandmother’s drops' }]);
    expect(outcomeOf(check)).toBe('incomplete');
    expect(checkPrescription({ ...healthy, ...allergicTo({ text: 'Xyz' }) }, amoxicillin).unknown).toEqual([
      { what: 'allergies', why: 'notRecognised', detail: 'Xyz' },
    ]);
  });

  it.each([
    ['paracetamol', '500 mg', 2, 4, false],
    ['paracetamol', '500 mg', 2, 5, true],
    ['paracetamol', '500 mg', 2.5, 1, true],
    ['amlodipine', '10 mg', 1, 1, false],
    ['amlodipine', '10 mg', 1.1, 1, true],
    ['digoxin', '250 micrograms', 2, 1, false],
    ['digoxin', '250 micrograms', 2, 2, true],
  ] as const)('%s %s, %s at once, %s times a day: too much is %s', (name, strength, amount, frequency, tooMuch) => {
    const rules = rulesOf({}, orderOf(productOf(name, strength), { amount, frequency }));
    expect(rules.some((rule) => rule.startsWith('dose-'))).toBe(tooMuch);
  });

  it('knows what is taken once a week', () => {
    const methotrexate = productOf('methotrexate', '2.5 mg');
    expect(rulesOf({}, orderOf(methotrexate))).toContain('dose-interval-L01BA01');
    expect(rulesOf({}, orderOf(methotrexate, { amount: 4, period: 1, periodUnit: 'wk' }))).toEqual([]);
    expect(rulesOf({}, orderOf(methotrexate, { amount: 4, period: 6 }))).toContain('dose-interval-L01BA01');
    expect(rulesOf({}, orderOf(methotrexate, { amount: 4, period: 7 }))).toEqual([]);
  });

  it('doses children by weight, and says where the weight is missing', () => {
    const ibuprofen = (amount: number) => orderOf(productOf('ibuprofen', '100 mg/5 mL'), { amount, frequency: 3 });
    const child = { birthDate: aged(5), weight: known(20) };
    // 20 kg × 30 mg/kg = 600 mg: three times 10 mL of 20 mg/mL.
    expect(rulesOf(child, ibuprofen(10))).toEqual([]);
    expect(rulesOf(child, ibuprofen(10.1))).toEqual(['dose-child-M01AE01']);
    const light = checkPrescription({ ...healthy, ...child, weight: unknown('notRecorded') }, ibuprofen(10));
    expect(light.unknown).toEqual([{ what: 'weight', why: 'notRecorded' }]);
    // An adult's weight is not asked for.
    expect(checkPrescription({ ...healthy, weight: unknown('notRecorded') }, ibuprofen(10)).unknown).toEqual([]);
  });

  it('gives a heavy child no more than an adult', () => {
    const paracetamol = (amount: number, frequency = 4) =>
      orderOf(productOf('paracetamol', '120 mg/5 mL'), { amount: amount / 24, frequency });
    const rules = (kilograms: number, order: Order) =>
      rulesOf({ birthDate: aged(11), weight: known(kilograms) }, order);
    // 65 kg × 75 mg/kg would be 4,875 mg a day, 65 kg × 20 mg/kg 1,300 mg at once.
    expect(rules(65, paracetamol(1000))).toEqual([]);
    expect(rules(65, paracetamol(1200))).toEqual(['dose-adult-N02BE01']);
    expect(rules(65, paracetamol(820, 5))).toEqual(['dose-adult-N02BE01']);
    expect(rules(20, paracetamol(500))).toEqual(['dose-child-N02BE01']);
    // Without a weight the adult's limit stands all the same.
    const unweighed = { ...healthy, birthDate: aged(11), weight: unknown('notRecorded') };
    const [found] = checkPrescription(unweighed, paracetamol(1200)).findings;
    expect(found?.explanation).toBe('The most is 4,000 mg a day from 12 years on; no child takes more.');
  });

  it('says that a child’s dose of what is taken once a week is not limited', () => {
    const weekly = { amount: 4, period: 1, periodUnit: 'wk' } as const;
    const unknownOf = (years: number) =>
      checkPrescription({ ...healthy, birthDate: aged(years) }, orderOf(productOf('methotrexate', '2.5 mg'), weekly))
        .unknown;
    expect(unknownOf(8)).toContainEqual({ what: 'dose', why: 'noRule', detail: 'no limits for this age' });
    expect(unknownOf(40)).toEqual([]);
    expect(rulesOf({ birthDate: aged(8) }, orderOf(productOf('methotrexate', '2.5 mg')))).toContain(
      'dose-interval-L01BA01',
    );
    const alendronate = (amount: number) => orderOf(productOf('alendronic acid'), { ...weekly, amount });
    expect(checkPrescription(healthy, alendronate(1))).toMatchObject({ findings: [], unknown: [] });
    expect(rulesOf({}, alendronate(2))).toEqual(['dose-adult-M05BA04']);
  });

  it('asks after breast-feeding where only pregnancy is ruled out, and the other way round', () => {
    const asked = (name: string, strength: string, pregnancy: Subject['pregnancy']) =>
      checkPrescription(
        { ...healthy, sex: known('female'), pregnancy },
        orderOf(productOf(name, strength)),
      ).unknown.filter(({ what }) => what === 'pregnancy');
    const tested = { value: 'no', missing: { why: 'notRecorded', detail: 'breast-feeding' } } as const;
    const nursing = { value: 'breastfeeding', missing: { why: 'notRecorded', detail: 'pregnancy' } } as const;
    expect(asked('codeine', '30 mg', tested)).toEqual([{ what: 'pregnancy', ...tested.missing }]);
    // Warfarin has no row for breast-feeding.
    expect(asked('warfarin', '3 mg', tested)).toEqual([]);
    expect(asked('warfarin', '3 mg', nursing)).toEqual([{ what: 'pregnancy', ...nursing.missing }]);
    expect(asked('codeine', '30 mg', known('no'))).toEqual([]);
    expect(asked('codeine', '30 mg', unknown('notShared', 'clinical'))).toHaveLength(1);
  });

  it.each([
    ['codeine', '30 mg', 11.9, 12.1, 'age-codeine'],
    ['doxycycline', '100 mg', 7.9, 8.1, 'age-tetracycline'],
    ['acetylsalicylic acid', '75 mg', 15.9, 16.1, 'age-aspirin'],
  ] as const)('%s %s is not for %s years, but for %s', (name, strength, below, from, rule) => {
    const order = orderOf(productOf(name, strength));
    expect(rulesOf({ birthDate: aged(below) }, order)).toContain(rule);
    expect(rulesOf({ birthDate: aged(from) }, order)).not.toContain(rule);
  });

  it.each([
    [29.9, 1, ['kidney-metformin-30']],
    [30, 1, []],
    [44.9, 2, []],
    [44.9, 3, ['kidney-metformin-45']],
    [45, 4, []],
    [59.9, 5, ['kidney-metformin-60']],
    [60, 5, []],
  ])('metformin 500 mg at an eGFR of %s, %s times a day: %j', (eGFR, frequency, rules) => {
    expect(rulesOf({ kidney: known(eGFR) }, orderOf(productOf('metformin', '500 mg'), { frequency }))).toEqual(rules);
  });

  it('asks for kidney function, pregnancy and age only where they matter', () => {
    const woman = { sex: known('female' as const), pregnancy: unknown('notRecorded'), kidney: unknown('notShared') };
    const ask = (order: Order, more: Partial<Subject> = {}) =>
      checkPrescription({ ...healthy, ...woman, ...more }, order).unknown.map(({ what, why }) => `${what} ${why}`);
    expect(ask(orderOf(productOf('ramipril', '5 mg')))).toEqual(['kidney notShared', 'pregnancy notRecorded']);
    expect(ask(orderOf(productOf('ramipril', '5 mg')), { birthDate: aged(56.1) })).toEqual(['kidney notShared']);
    expect(ask(orderOf(productOf('ramipril', '5 mg')), { sex: known('male') })).toEqual(['kidney notShared']);
    expect(ask(orderOf(productOf('loratadine')))).toEqual([]);
    expect(ask(orderOf(productOf('loratadine')), { birthDate: unknown('notRecorded') })).toEqual(['age notRecorded']);
  });

  it('protects the unborn child and the child at the breast', () => {
    const ramipril = orderOf(productOf('ramipril', '5 mg'));
    expect(rulesOf({ sex: known('female'), pregnancy: known('pregnant') }, ramipril)).toEqual(['pregnancy-raas']);
    expect(rulesOf({ sex: known('female'), pregnancy: known('no') }, ramipril)).toEqual([]);
    expect(
      rulesOf({ sex: known('female'), pregnancy: known('breastfeeding') }, orderOf(productOf('codeine', '30 mg'))),
    ).toEqual(['breastfeeding-codeine']);
  });

  it('puts the worst first', () => {
    const severities = checkPrescription(
      { ...healthy, ...takes('Warfarin', 'Naproxen', 'Ramipril', 'Citalopram'), kidney: known(20) },
      orderOf(productOf('ibuprofen', '400 mg'), { frequency: 8 }),
    ).findings.map(({ severity }) => severity);
    const order = ['contraindicated', 'serious', 'moderate', 'minor'];
    expect(severities.length).toBeGreaterThan(4);
    expect(severities).toEqual(severities.toSorted((one, other) => order.indexOf(one) - order.indexOf(other)));
  });
});

const anyOrder = fc
  .record({
    product: fc.constantFrom(...products),
    amount: fc.integer({ min: 1, max: 40 }).map((quarters) => quarters / 4),
    frequency: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ product, amount, frequency }) => orderOf(product, { amount, frequency }));
const facts = ['birthDate', 'weight', 'kidney', 'pregnancy', 'allergies', 'medicines'] as const;
const anyReason = fc.constantFrom(...unknownReasons);
const texts = [
  'Warfarin 3 mg',
  'Ibuprofen',
  'Ramipril 5 mg',
  'Sertraline',
  'Simvastatin 40 mg',
  'Sumatriptan',
  'herbs',
  'Insulin glargine',
];
const allergies = ['Penicillin', 'Sulfonamides', 'Aspirin', 'Peanut', 'Grass pollen', 'unclear', 'Codeine'];

describe('whatever the patient and the order', () => {
  it('nothing known is never clear', () => {
    fc.assert(
      fc.property(anyOrder, anyReason, (order, why) => {
        expect(outcomeOf(checkPrescription(unknownSubject(why), order))).not.toBe('clear');
      }),
      { numRuns: 300 },
    );
  });

  it('a missing fact that could change the answer is told', () => {
    fc.assert(
      fc.property(
        anyOrder,
        fc.constantFrom(...facts),
        anyReason,
        fc.constantFrom<Subject>(
          { ...healthy, sex: known('female'), pregnancy: known('pregnant') },
          { ...healthy, kidney: known(8) },
          { ...healthy, birthDate: aged(3), weight: known(0.5) },
          { ...healthy, ...allergicTo(...allergies.map((text) => ({ text }))) },
          { ...healthy, ...takes(...texts) },
        ),
        (order, fact, why, bad) => {
          const fine = checkPrescription(
            { ...bad, [fact]: healthy[fact], ...(fact === 'pregnancy' && { sex: known('female') }) },
            order,
          );
          const found = checkPrescription(bad, order);
          const hidden = checkPrescription({ ...bad, [fact]: unknown(why) }, order);
          const isRelevant = JSON.stringify(fine.findings) !== JSON.stringify(found.findings);
          if (isRelevant)
            expect(hidden.unknown.length, JSON.stringify({ fact, found: found.findings })).toBeGreaterThan(0);
          if (fact === 'allergies' || fact === 'medicines') expect(outcomeOf(hidden)).not.toBe('clear');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('the order of a list changes nothing', () => {
    fc.assert(
      fc.property(anyOrder, fc.shuffledSubarray(texts), fc.shuffledSubarray(allergies), (order, taken, against) => {
        const subjectOf = (some: string[], more: string[]) => ({
          ...healthy,
          ...takes(...some),
          ...allergicTo(...more.map((text) => ({ text }))),
        });
        const one = checkPrescription(subjectOf(taken, against), order);
        expect(checkPrescription(subjectOf(taken.toReversed(), against.toSorted()), order)).toEqual(one);
      }),
      { numRuns: 300 },
    );
  });

  it('more that is known never takes a finding away', () => {
    fc.assert(
      fc.property(anyOrder, fc.subarray(texts), (order, taken) => {
        const few = rulesOf(takes(...taken), order);
        const many = rulesOf(takes(...texts), order);
        expect(many).toEqual(expect.arrayContaining(few));
      }),
      { numRuns: 200 },
    );
  });
});
