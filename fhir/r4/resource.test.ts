import { describe, expect, it } from 'vitest';
import { typeOf } from './datatypes.ts';
import { checkResource, resourceTypes } from './resource.ts';

const subject = { reference: 'Patient/example' };
const loinc = (code: string, display: string) => ({
  coding: [{ system: 'http://loinc.org', code, display }],
  text: display,
});
const ucum = (value: number, unit: string, code = unit) => ({ value, unit, system: 'http://unitsofmeasure.org', code });
const status = (system: string, code: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }],
});

/** One of each type in the shape in which hospitals and test data send them, with members that the schemas do not name. */
const valid: Record<string, Record<string, unknown>> = {
  Patient: {
    text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">Peter</div>' },
    identifier: [
      {
        use: 'usual',
        type: status('v2-0203', 'MR'),
        system: 'urn:oid:1.2.36',
        value: '12345',
        assigner: { display: 'Acme' },
      },
    ],
    active: true,
    name: [
      {
        use: 'official',
        family: 'Chalmers',
        given: ['Peter', null, 'James'],
        _given: [null, { extension: [{ url: 'http://x.example' }] }, null],
      },
    ],
    telecom: [{ system: 'phone', value: '(03) 5555 6473', use: 'work', rank: 1 }],
    gender: 'male',
    birthDate: '1974-12-25',
    _birthDate: {
      extension: [
        {
          url: 'http://hl7.org/fhir/StructureDefinition/patient-birthTime',
          valueDateTime: '1974-12-25T14:35:45-05:00',
        },
      ],
    },
    deceasedBoolean: false,
    address: [{ use: 'home', line: ['534 Erewhon St'], city: 'PleasantVille', postalCode: '3999' }],
    communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'en-AU' }] } }],
    managingOrganization: { reference: 'Organization/1' },
  },
  AllergyIntolerance: {
    clinicalStatus: status('allergyintolerance-clinical', 'active'),
    verificationStatus: status('allergyintolerance-verification', 'confirmed'),
    type: 'allergy',
    category: ['food'],
    criticality: 'high',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '227493005', display: 'Cashew nuts' }] },
    patient: subject,
    onsetDateTime: '2004',
    reaction: [{ manifestation: [{ text: 'Anaphylactic reaction' }], severity: 'severe', onset: '2012-06-12' }],
  },
  Condition: {
    clinicalStatus: status('condition-clinical', 'resolved'),
    verificationStatus: status('condition-ver-status', 'confirmed'),
    category: [status('condition-category', 'problem-list-item')],
    code: { coding: [{ system: 'http://snomed.info/sct', code: '39065001', display: 'Burn of ear' }] },
    subject: { reference: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0' },
    onsetDateTime: '2012-05-24',
    abatementAge: ucum(52, 'years', 'a'),
  },
  Observation: {
    meta: {
      versionId: '1',
      lastUpdated: '2024-05-17T13:28:17.239+02:00',
      profile: ['http://hl7.org/fhir/StructureDefinition/bp'],
    },
    status: 'final',
    category: [status('observation-category', 'vital-signs')],
    code: loinc('85354-9', 'Blood pressure panel'),
    subject,
    effectiveDateTime: '2012-09-17',
    interpretation: [status('v3-ObservationInterpretation', 'L')],
    component: [
      { code: loinc('8480-6', 'Systolic'), valueQuantity: ucum(107, 'mmHg', 'mm[Hg]') },
      { code: loinc('8462-4', 'Diastolic'), dataAbsentReason: status('data-absent-reason', 'not-performed') },
    ],
  },
  Immunization: {
    status: 'completed',
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '140', display: 'Influenza' }] },
    patient: { reference: 'https://fhir.example/r4/Patient/1' },
    occurrenceDateTime: '2013-01-10',
    doseQuantity: ucum(5, 'mg'),
    protocolApplied: [{ doseNumberPositiveInt: 1 }],
  },
  MedicationStatement: {
    contained: [{ resourceType: 'Medication', id: 'med', code: { text: 'Paracetamol' } }],
    status: 'active',
    medicationReference: { reference: '#med' },
    subject,
    effectivePeriod: { start: '2015-01-23', end: '2015-01' },
    dosage: [
      { text: 'one tablet', timing: { repeat: { frequency: 3, period: 1, periodUnit: 'd' } }, asNeededBoolean: true },
    ],
  },
  MedicationRequest: {
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { text: 'Simvastatin 20 MG Oral Tablet' },
    subject: { reference: 'Patient?identifier=https://x.example|1' },
    authoredOn: '2019-02-01T08:10:00+01:00',
  },
  DiagnosticReport: {
    status: 'final',
    code: loinc('58410-2', 'CBC panel'),
    subject,
    issued: '2011-03-04T11:45:33+11:00',
    result: [{ reference: 'Observation/r1' }],
    presentedForm: [{ contentType: 'application/pdf', data: 'JVBERi0=', title: 'HTML Report' }],
  },
  DocumentReference: {
    status: 'current',
    docStatus: 'final',
    type: loinc('34108-1', 'Outpatient Note'),
    date: '2005-12-24T09:35:00+11:00',
    securityLabel: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'V' }] }],
    content: [
      { attachment: { contentType: 'application/hl7-v3+xml', url: 'https://example.org/xds/mhd/document/07a6483f' } },
    ],
  },
  Encounter: {
    status: 'finished',
    class: { system: 'http://x.example', code: 'AMB' },
    period: { start: '2019-02-01', end: '2019-02-01' },
  },
  Procedure: {
    status: 'completed',
    code: { text: 'Appendectomy' },
    subject,
    performedDateTime: '2013-04-05',
    followUp: [{ text: 'ROS 5 days' }],
  },
};
const of = (type: string, change: object = {}) => ({ resourceType: type, id: 'example', ...valid[type], ...change });
const issues = (value: unknown) => {
  const checked = checkResource(value);
  return checked.ok ? [] : checked.issues.map(({ path, reason }) => `${path}: ${reason}`);
};

describe('resources as others send them', () => {
  it.each(resourceTypes)('%s passes and keeps what is not known here', (type) => {
    const value = of(type, { somethingElse: { deep: [1, 2] }, _status: { extension: [{ url: 'http://x.example' }] } });
    expect(issues(value)).toEqual([]);
    const checked = checkResource(value);
    expect(checked.ok && checked.resource).toEqual(value);
  });
});

describe('a wrong resource', () => {
  const wrong: [string, object, string][] = [
    ['Patient', { birthDate: '1974-25-12' }, 'Patient.birthDate: must be written as a FHIR date'],
    ['Patient', { birthDate: '1974-02-30' }, 'Patient.birthDate: must be a day of the calendar'],
    ['Patient', { gender: 'Male' }, 'Patient.gender: must be one of male, female, other, unknown'],
    ['Patient', { name: [{ given: 'Peter' }] }, 'Patient.name[0].given: must be of type array'],
    ['Patient', { name: [{ family: '' }] }, 'Patient.name[0].family: must not be empty'],
    ['Patient', { name: [] }, 'Patient.name: must not be an empty list'],
    ['Patient', { id: 'a b' }, 'Patient.id: must be an id: 1 to 64 letters, digits, - or .'],
    [
      'Patient',
      { deceasedDateTime: '2020' },
      'Patient.deceased[x]: must be given once, not as deceasedBoolean and deceasedDateTime',
    ],
    ['Patient', { multipleBirthString: 'yes' }, 'Patient.multipleBirthString: must be one of Boolean, Integer'],
    [
      'Patient',
      { managingOrganization: { reference: 'Practitioner/1' } },
      'Patient.managingOrganization.reference: must refer to Organization',
    ],
    [
      'AllergyIntolerance',
      { clinicalStatus: undefined },
      'AllergyIntolerance.clinicalStatus: must be given unless entered in error (ait-1)',
    ],
    ['AllergyIntolerance', { reaction: [{}] }, 'AllergyIntolerance.reaction[0].manifestation: must be given'],
    [
      'Condition',
      { clinicalStatus: { text: 'active' } },
      'Condition.clinicalStatus: must be one of active, recurrence, relapse, inactive, remission, resolved of http://terminology.hl7.org/CodeSystem/condition-clinical',
    ],
    [
      'Condition',
      { clinicalStatus: status('condition-clinical', 'active') },
      'Condition.clinicalStatus: must be inactive, resolved or remission where the condition abated (con-4)',
    ],
    ['Condition', { subject: { reference: 'Group/1' } }, 'Condition.subject.reference: must refer to Patient'],
    ['Condition', { subject: undefined }, 'Condition.subject: must be given'],
    [
      'Observation',
      { status: 'done' },
      'Observation.status: must be one of registered, preliminary, final, amended, corrected, cancelled, entered-in-error, unknown',
    ],
    [
      'Observation',
      { component: [{ code: loinc('1', 'x'), valueQuantity: { value: '107', unit: 'mmHg' } }] },
      'Observation.component[0].valueQuantity.value: must be of type number',
    ],
    [
      'Observation',
      { component: [{ code: loinc('1', 'x'), valueQuantity: { value: 1, code: 'mg' } }] },
      'Observation.component[0].valueQuantity.system: must be given where the unit has a code',
    ],
    [
      'Observation',
      { component: [{ code: loinc('1', 'x'), valueString: 'a', dataAbsentReason: { text: 'b' } }] },
      'Observation.component[0].dataAbsentReason: must not be given beside a value (obs-6)',
    ],
    [
      'Observation',
      { valueString: 'a', valueBoolean: true },
      'Observation.value[x]: must be given once, not as valueString and valueBoolean',
    ],
    [
      'Observation',
      { referenceRange: [{}] },
      'Observation.referenceRange[0].low: must be given, or a high or a text (obs-3)',
    ],
    ['Observation', { issued: '2020-01-01' }, 'Observation.issued: must be written as a FHIR instant'],
    ['Immunization', { occurrenceDateTime: undefined }, 'Immunization.occurrence[x]: must be given'],
    [
      'Immunization',
      { doseQuantity: { value: 1, comparator: '<' } },
      'Immunization.doseQuantity.comparator: must not be given here',
    ],
    ['MedicationStatement', { medicationReference: undefined }, 'MedicationStatement.medication[x]: must be given'],
    [
      'MedicationStatement',
      { effectivePeriod: { start: '2020', end: '2019' } },
      'MedicationStatement.effectivePeriod.end: must not lie before the start',
    ],
    [
      'MedicationRequest',
      { intent: undefined },
      'MedicationRequest.intent: must be one of proposal, plan, order, original-order, reflex-order, filler-order, instance-order, option',
    ],
    [
      'DiagnosticReport',
      { presentedForm: [{ data: 'JVBERi0=' }] },
      'DiagnosticReport.presentedForm[0].contentType: must be given where there is data',
    ],
    [
      'DiagnosticReport',
      { result: [{ reference: 'somewhere' }] },
      'DiagnosticReport.result[0].reference: must be a reference: Type/id, urn:uuid:… or an address',
    ],
    ['DiagnosticReport', { result: [{}] }, 'DiagnosticReport.result[0].reference: must say what it refers to'],
    ['DocumentReference', { content: undefined }, 'DocumentReference.content: must be given'],
    ['Encounter', { class: undefined }, 'Encounter.class: must be given'],
    [
      'Encounter',
      { status: 'finished ' },
      'Encounter.status: must be one of planned, arrived, triaged, in-progress, onleave, finished, cancelled, entered-in-error, unknown',
    ],
    [
      'Procedure',
      { code: { coding: [{ code: 'a  b' }] } },
      'Procedure.code.coding[0].code: must be a code: no spaces around it',
    ],
    [
      'Procedure',
      { modifierExtension: [{ url: 'http://x.example' }] },
      'Procedure.modifierExtension: changes the meaning in a way that Medloom does not know',
    ],
    [
      'Procedure',
      { implicitRules: 'http://x.example' },
      'Procedure.implicitRules: names rules that Medloom does not know',
    ],
  ];
  it.each(wrong)('%s with %j is refused where it is wrong', (type, change, expected) => {
    expect(issues(of(type, change))).toContain(expected);
  });

  it.each([
    [null, 'resourceType: must name the type of the resource'],
    [{ resourceType: 'Claim' }, 'resourceType: a record keeps no Claim'],
    [{ resourceType: 'constructor' }, 'resourceType: a record keeps no constructor'],
  ])('%j is none', (value, expected) => {
    expect(issues(value)).toEqual([expected]);
  });
});

describe('a reference', () => {
  it.each([
    ['Patient/1', 'Patient'],
    ['Patient/1/_history/2', 'Patient'],
    ['https://fhir.example/r4/Observation/5', 'Observation'],
    ['Practitioner?identifier=x|1', 'Practitioner'],
    ['urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0', undefined],
    ['#med', undefined],
  ])('%s names the type %s', (written, type) => {
    expect(typeOf(written)).toBe(type);
  });
});
