import { describe, expect, it } from 'vitest';
import { signalCodes } from '#coverage/fraud.ts';
import { type ClaimStep, claimStepCodes, stepVerdicts } from '#fhir/claimStep.ts';
import { stepWords } from './stepWords.ts';

const step = (change: Partial<ClaimStep> & Pick<ClaimStep, 'code'>): ClaimStep => ({
  ...{ verdict: 'passed', numbers: {} },
  ...change,
});

describe('the words of a step', () => {
  it('are there for every code with every verdict, and name nothing that is not there', () => {
    for (const code of claimStepCodes) {
      for (const verdict of stepVerdicts) {
        const words = stepWords(step({ code, verdict, subject: 'x', words: 'the rule' }), 'EUR');
        expect(words, `${code} ${verdict}`).not.toMatch(/undefined|NaN|\[object/);
        expect(words.length, `${code} ${verdict}`).toBeGreaterThan(0);
      }
    }
  });

  it('are there for every signal that there is', () => {
    for (const subject of signalCodes) {
      const words = stepWords(step({ code: 'signal', verdict: 'review', subject }), 'EUR');
      expect(words, subject).not.toContain(subject);
    }
  });

  it('write amounts as money and counts as numbers', () => {
    expect(stepWords(step({ code: 'coPay', numbers: { coPay: 150 } }), 'EUR')).toBe(
      'The patient pays €1.50 of each claim.',
    );
    expect(stepWords(step({ code: 'filing', numbers: { days: 3, filingDays: 90 } }), 'EUR')).toBe(
      'It was claimed after 3 days, of 90 that there are.',
    );
    const outlier = { samples: 40, value: 9_000, median: 4_000, score: 5 };
    expect(
      stepWords(step({ code: 'signal', verdict: 'review', subject: 'priceOutlier', numbers: outlier }), 'EUR'),
    ).toContain('€90.00 where €40.00 is in the middle of 40');
  });

  it('name the item where there are several, and a fault by its name where it has no words', () => {
    expect(stepWords(step({ code: 'coPay', item: 2, numbers: { coPay: 100 } }), 'EUR')).toMatch(/^Item 2: /);
    expect(stepWords(step({ code: 'evidence', verdict: 'denied', subject: 'constructor' }), 'EUR')).toBe(
      'The evidence does not hold: constructor.',
    );
  });
});
