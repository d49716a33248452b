import { describe, expect, it } from 'vitest';
import { checkPrescription } from './check.ts';
import { type Check, keyOf } from './finding.ts';
import { counterRecordOf, recordOf, UnansweredError, unanswered, unansweredAtCounter } from './record.ts';
import { checkBy, localSource, type SafetySource } from './source.ts';
import { statedFacts, withStated } from './stated.ts';
import { known, unknown, unknownSubject } from './subject.ts';
import { at, healthy, orderOf, productOf } from './testing.ts';

const amoxicillin = orderOf(productOf('amoxicillin', '500 mg'), { frequency: 3 });
const allergic = { ...healthy, allergies: known([{ text: 'Penicillin' }]) };
const signed = { stated: [], at, salt: 's'.repeat(22) };

describe('what a prescription keeps of its check', () => {
  const check = checkPrescription(allergic, amoxicillin);
  const [finding] = check.findings;
  if (finding === undefined) throw new Error('nothing found');

  it('is not made before everything serious has a reason', () => {
    expect(unanswered(check, {})).toEqual([finding]);
    for (const reasons of [{}, { [keyOf(finding)]: '' }, { [keyOf(finding)]: ' no ' }, { other: 'long enough' }])
      expect(() => recordOf(check, { ...signed, reasons })).toThrow(UnansweredError);
  });

  it('has the reason, and says that something was overridden', () => {
    const record = recordOf(check, { ...signed, reasons: { [keyOf(finding)]: ' tolerated since ' } });
    expect(record).toMatchObject({
      outcome: 'overridden',
      at,
      findings: [{ ...finding, override: 'tolerated since' }],
    });
  });

  it('wants no reason for what is moderate, and does not call it clear', () => {
    const mild = checkPrescription(
      { ...healthy, medicines: known([{ text: 'Ramipril' }]) },
      orderOf(productOf('ibuprofen', '400 mg')),
    );
    expect(recordOf(mild, { ...signed, reasons: {} }).outcome).toBe('overridden');
  });

  it('calls what was not known incomplete, and all else clear', () => {
    const hidden = checkPrescription({ ...healthy, medicines: unknown('notShared') }, amoxicillin);
    expect(recordOf(hidden, { ...signed, reasons: {} }).outcome).toBe('incomplete');
    expect(recordOf(checkPrescription(healthy, amoxicillin), { ...signed, reasons: {} }).outcome).toBe('clear');
  });

  it('says so where there are more findings than it holds', () => {
    const many: Check = {
      ...check,
      findings: Array.from({ length: 45 }, (_, index) => ({ ...finding, severity: 'minor', evidence: `${index}` })),
    };
    const record = recordOf(many, { ...signed, reasons: {} });
    expect(record.findings).toHaveLength(40);
    expect(record.unknown).toEqual([{ what: 'check', why: 'failed', detail: '5 lesser findings left out' }]);
  });
});

describe('what a dispense keeps of the pharmacist’s check', () => {
  const check = checkPrescription(allergic, amoxicillin);
  const [finding] = check.findings;
  if (finding === undefined) throw new Error('nothing found');
  const prescriber = recordOf(check, { ...signed, reasons: { [keyOf(finding)]: 'Tolerated since.' } });
  const counter = (more: { prescriber?: typeof prescriber; note?: string }) =>
    counterRecordOf(check, { prescriber: undefined, note: '', ...signed, ...more });

  it('is not made while something serious has neither the prescriber’s reason nor a word of the pharmacist', () => {
    expect(unansweredAtCounter(check, undefined, ' no ')).toEqual([finding]);
    expect(() => counter({})).toThrow(UnansweredError);
    const other = { ...prescriber, findings: [{ ...finding, evidence: 'something else', override: 'Known.' }] };
    expect(() => counter({ prescriber: other })).toThrow(UnansweredError);
    const unexplained = { ...prescriber, findings: [finding] };
    expect(() => counter({ prescriber: unexplained })).toThrow(UnansweredError);
  });

  it('has the prescriber’s reason, else the pharmacist’s', () => {
    expect(counter({ prescriber, note: 'Called the doctor.' }).findings[0]?.override).toBe('Tolerated since.');
    expect(counter({ note: 'Called the doctor.' })).toMatchObject({
      outcome: 'overridden',
      findings: [{ override: 'Called the doctor.' }],
    });
  });

  it('says what could not be checked', () => {
    const hidden = checkPrescription(unknownSubject('failed'), amoxicillin);
    const kept = counterRecordOf(hidden, { prescriber: undefined, note: '', ...signed });
    expect(kept.outcome).toBe('incomplete');
    expect(kept.unknown).toContainEqual({ what: 'allergies', why: 'failed' });
  });
});

describe('the prescriber’s answers', () => {
  it('take the place of what the record does not say, and of nothing that it says', () => {
    const subject = withStated(
      { ...unknownSubject('notShared'), allergies: allergic.allergies },
      { allergies: true, weight: 20, pregnancy: 'no' },
    );
    expect(subject).toMatchObject({ allergies: allergic.allergies, weight: { value: 20 }, pregnancy: { value: 'no' } });
    expect(subject.medicines.missing).toEqual({ why: 'notShared' });
    expect(statedFacts({ allergies: true, weight: 20 })).toEqual([
      { what: 'allergies', value: 'no others' },
      { what: 'weight', value: '20 kg' },
    ]);
  });
});

describe('a source', () => {
  const broken = (check: SafetySource['check']): SafetySource => ({ version: 'x', check });
  it('that fails or does not answer is a check that says so', async () => {
    const failed = { tableVersion: 'x', findings: [], unknown: [{ what: 'check', why: 'failed' }] };
    await expect(
      checkBy(
        broken(async () => Promise.reject(new Error('away'))),
        healthy,
        amoxicillin,
      ),
    ).resolves.toMatchObject(failed);
    await expect(
      checkBy(
        broken(() => new Promise(() => {})),
        healthy,
        amoxicillin,
        1,
      ),
    ).resolves.toMatchObject(failed);
    await expect(checkBy(localSource, allergic, amoxicillin)).resolves.toEqual(
      checkPrescription(allergic, amoxicillin),
    );
  });
});
