import { describe, expect, it } from 'vitest';
import { medicines } from '#formulary/products.ts';
import { checkPrescription } from './check.ts';
import { substancesOf } from './recognise.ts';
import { known } from './subject.ts';
import { healthy, orderOf, productOf } from './testing.ts';

const paracetamol = 'N02BE01';
const codeine = 'R05DA04';
const inWords = (text: string, code?: string) => substancesOf({ text, ...(code !== undefined && { code }) });

describe('the substances of a line', () => {
  it.each([
    ['Paracetamol 500 mg / codeine 30 mg', [paracetamol, codeine]],
    ['Paracetamol/codeine 500/30 mg tablets', [paracetamol, codeine]],
    ['Codeine and PARACETAMOL', [paracetamol, codeine]],
    ['Hydrochlorothiazide + lisinopril', ['C03AA03', 'C09AA03']],
    ['Lisinopril, hydrochlorothiazide', ['C03AA03', 'C09AA03']],
  ])('%s: all of them', (text, atc) => {
    expect(inWords(text)).toEqual({ atc, isWhole: true });
  });

  it.each([
    ['Amoxicillin and clavulanic acid 875/125 mg', 'J01CR02'],
    ['Amoxicillin 875 mg/clavulanic acid 125 mg', 'J01CR02'],
    ['clavulanic acid + amoxicillin', 'J01CR02'],
    ['Sacubitril/valsartan 49/51 mg', 'C09DX04'],
    ['Amoxicillin 250 mg/5 mL oral suspension', 'J01CA04'],
    ['Ramipril 5 mg tablet, one in the morning and one at night', 'C09AA05'],
    ['Insulin glargine 100 units/mL', 'A10AE04'],
  ])('%s: one', (text, atc) => {
    expect(inWords(text)).toEqual({ atc: [atc], isWhole: true });
  });

  it.each([
    ['Paracetamol/foobarine 500/30 mg', [paracetamol]],
    ['Paracetamol 500 mg + foobarine 30 mg', [paracetamol]],
    ['Ramipril und Hydrochlorothiazid', ['C09AA05']],
    ['Foobarine', []],
  ])('%s: not the whole of it', (text, atc) => {
    expect(inWords(text)).toEqual({ atc, isWhole: false });
  });

  it('are what the code says, and all that the words name where these are several', () => {
    expect(inWords('Prednisolone eye drops', 'atc|S01BA04').atc).toEqual(['S01BA04']);
    expect(inWords('Lisinopril/hydrochlorothiazide', 'atc|C09BA03').atc).toEqual(['C09BA03', 'C03AA03', 'C09AA03']);
    expect(inWords('Zestoretic', 'atc|C09BA03')).toEqual({ atc: ['C09BA03'], isWhole: true });
  });

  it('are one for each name of the formulary', () => {
    for (const { name } of medicines) expect(inWords(name), name).toMatchObject({ atc: { length: 1 }, isWhole: true });
  });
});

describe('a line with two substances', () => {
  const check = (product: string, strength: string, ...texts: string[]) =>
    checkPrescription(
      { ...healthy, medicines: known(texts.map((text) => ({ text }))) },
      orderOf(productOf(product, strength)),
    );
  const rules = (...of: Parameters<typeof check>) => check(...of).findings.map(({ rule }) => rule);

  it('is checked for each of them', () => {
    const both = 'Paracetamol 500 mg / codeine 30 mg';
    expect(rules('diazepam', '5 mg', both)).toEqual(rules('diazepam', '5 mg', 'Codeine 30 mg'));
    expect(rules('diazepam', '5 mg', both)).not.toEqual([]);
    expect(rules('morphine', '10 mg', both)).toContain('duplicate-opioids');
    expect(rules('paracetamol', '500 mg', both)).toContain('duplicate-same-substance');
  });

  it('says so where one is not recognised, and still finds the other', () => {
    const { findings, unknown } = check('diazepam', '5 mg', 'Codeine/foobarine 30 mg');
    expect(findings).not.toEqual([]);
    expect(unknown).toContainEqual({ what: 'medicines', why: 'notRecognised', detail: 'Codeine/foobarine 30 mg' });
  });

  it('is an allergy to each', () => {
    const order = orderOf(productOf('ramipril', '5 mg'));
    const subject = { ...healthy, allergies: known([{ text: 'Hydrochlorothiazide/ramipril' }]) };
    expect(checkPrescription(subject, order).findings.map(({ severity }) => severity)).toContain('contraindicated');
  });
});
