import { describe, expect, it } from 'vitest';
import { categories } from '#chaincode/model/category.ts';
import { categoryOf, categoryOfLabel, labelOf } from './category.ts';
import { checkResource } from './r4/resource.ts';

const subject = { reference: 'Patient/1' };
const coded = (system: string, code: string) => ({ coding: [{ system, code }] });
const act = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const observationCategory = 'http://terminology.hl7.org/CodeSystem/observation-category';
const icd10 = 'http://hl7.org/fhir/sid/icd-10';
const categoryFor = (value: object) => {
  const checked = checkResource(value);
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
  return categoryOf(checked.resource);
};
const labelled = (...codes: string[]) => ({ meta: { security: codes.map((code) => ({ system: act, code })) } });
const observation = { resourceType: 'Observation', status: 'final', code: { text: 'any' }, subject };
const condition = { resourceType: 'Condition', subject };

describe('the category of a resource', () => {
  it.each([
    ['results', observation],
    ['results', { ...observation, category: [coded(observationCategory, 'laboratory')] }],
    ['clinical', { ...observation, category: [coded(observationCategory, 'social-history')] }],
    ['clinical', { ...condition, code: coded(icd10, 'I10') }],
    ['clinical', { resourceType: 'Patient' }],
    ['medication', { resourceType: 'MedicationStatement', status: 'active', medicationCodeableConcept: {}, subject }],
    ['documents', { resourceType: 'DocumentReference', status: 'current', content: [{ attachment: {} }] }],
    [
      'genetic',
      { resourceType: 'DiagnosticReport', status: 'final', code: {}, subject, category: [coded('v2-0074', 'GE')] },
    ],
    ['mental', { ...condition, ...labelled('PSY') }],
    ['substance', { ...condition, ...labelled('ETH') }],
    ['hiv', { ...observation, ...labelled('MH', 'HIV') }],
    [
      'sexual',
      {
        resourceType: 'DocumentReference',
        status: 'current',
        content: [{ attachment: {} }],
        securityLabel: [coded(act, 'SDV')],
      },
    ],
    ['mental', { ...condition, code: coded(icd10, 'F32.1') }],
    ['substance', { ...condition, code: coded(icd10, 'F10.2') }],
    ['clinical', { ...condition, code: coded(icd10, 'F17.2') }],
    ['hiv', { ...condition, code: coded('http://snomed.info/sct', '86406008') }],
    ['hiv', { ...observation, code: coded('http://loinc.org', '20447-9') }],
    ['mental', { ...observation, code: coded('http://loinc.org', '44261-6') }],
    ['sexual', { ...condition, code: coded(icd10, 'A51.0') }],
    ['summary', { ...condition, meta: { security: [labelOf('summary')] } }],
    // What is sensitive by itself does not become ordinary by a label for something else.
    ['mental', { ...condition, ...labelled('R'), code: coded(icd10, 'F32.1') }],
  ])('is %s for %j', (category, value) => {
    expect(categoryFor(value)).toBe(category);
  });

  it('comes back from the label that is written for it', () => {
    for (const category of categories) {
      expect(categoryOfLabel(labelOf(category))).toBe(category);
      expect(categoryFor({ ...observation, meta: { security: [labelOf(category)] } })).toBe(category);
    }
    expect(categoryOfLabel({ system: act, code: 'EMP' })).toBeUndefined();
    expect(categoryOfLabel({ system: 'urn:medloom:category', code: 'constructor' })).toBeUndefined();
  });
});
