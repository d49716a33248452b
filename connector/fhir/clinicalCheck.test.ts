import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { patientIds } from '#chaincode/testing/samples.ts';
import { practitionerIdOf } from '#chaincode/testing/world.ts';
import { safetyMatches } from '#crypto/safety.ts';
import { medicationRequest, safetyOf } from '#fhir/medicationRequest.ts';
import { safetyRuleSystem } from '#fhir/safety.ts';
import { products } from '#formulary/products.ts';
import { acceptanceOf, orderOf } from '../client/resources.ts';
import { checkAnswer } from '../testing/fhirAnswers.ts';
import { createFhirWorld, type FhirWorld } from '../testing/fhirWorld.ts';

/** The clinical check of what software prescribes, on the real contracts. */

const amoxicillin = products.find(({ name, controlled }) => name === 'amoxicillin' && !controlled);
if (!amoxicillin) throw new Error('the formulary has other medicines');

let fhir: FhirWorld;
beforeEach(async () => {
  fhir = await createFhirWorld([]);
});
afterEach(() => fhir.close());

const doctor = { id: practitionerIdOf('doctor'), name: 'Dr Weiss' };
const patient = { pseudonym: patientIds.patient, name: 'Jonas Lind', birthDate: '1968-03-14' };
const order = orderOf({ patient, doctor, number: 'A-1', medicine: amoxicillin, quantity: 20 });

const clinicalStatus = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
};
const allergy = {
  ...{ resourceType: 'AllergyIntolerance', id: 'allergy', clinicalStatus, patient: { reference: '#patient' } },
  code: { coding: [{ system: 'http://snomed.info/sct', code: '91936005' }], text: 'Allergy to penicillin' },
};
const answer = (rule: string, evidence?: string) => ({
  ...{ resourceType: 'DetectedIssue', id: 'answer', status: 'final' },
  identifier: [{ system: safetyRuleSystem, value: rule }],
  ...(evidence !== undefined && { evidence: [{ code: [{ text: evidence }] }] }),
  mitigation: [{ action: { text: 'tolerated in 2024 under observation' } }],
});
const refer = (id: string) => [{ reference: `#${id}` }];
const allergic = { ...order, contained: [...order.contained, allergy], supportingInformation: refer('allergy') };
const answered = (rule: string, evidence?: string) => ({
  ...allergic,
  contained: [...allergic.contained, answer(rule, evidence)],
  detectedIssue: refer('answer'),
});

const post = (body: unknown, headers?: Record<string, string>) =>
  fhir.software.hospital.request('POST', 'MedicationRequest', body, headers);
const outcome = z.looseObject({
  resourceType: z.literal('OperationOutcome'),
  issue: z.array(
    z.looseObject({
      ...{ severity: z.string(), code: z.string(), diagnostics: z.string() },
      expression: z.array(z.string()).optional(),
      details: z.looseObject({ coding: z.array(z.looseObject({ code: z.string() })) }).optional(),
    }),
  ),
});
const issuesOf = (body: unknown) => outcome.parse(checkAnswer(body)).issue;
/** What was signed, with what the ledger has of its check. */
const signed = async (body: Record<string, unknown>) => {
  const id = z.string().parse(body.id);
  const kept = fhir.sites.hospital.kept.find(id);
  const seen = await fhir.sites.hospital.ledger.prescription(id);
  const safety = safetyOf(medicationRequest.parse(JSON.parse(kept?.document ?? '')));
  if (!safety || !seen) throw new Error(`${id} has no check`);
  expect(safetyMatches(id, safety, seen.prescription.safety)).toBe(true);
  return safety;
};

describe('what software prescribes', () => {
  it('carries the check, which says that the record was not read', async () => {
    const { status, body } = await post(order);
    expect(status, JSON.stringify(body)).toBe(201);
    const safety = await signed(body);
    expect(safety).toMatchObject({ outcome: 'incomplete', findings: [] });
    expect(safety.unknown).toContainEqual({ what: 'allergies', why: 'failed', detail: 'clinical' });
    expect(safety.unknown).toContainEqual({ what: 'medicines', why: 'failed', detail: 'medication' });
    expect(JSON.stringify(checkAnswer(body))).toContain('urn:medloom:safety-check');
  });

  it('is answered with warnings where the request prefers an OperationOutcome', async () => {
    const { status, body } = await post(order, { prefer: 'return=OperationOutcome' });
    expect(status).toBe(201);
    const issues = issuesOf(body);
    expect(issues.map(({ severity }) => severity)).not.toContain('error');
    expect(issues).toContainEqual(
      expect.objectContaining({ code: 'incomplete', diagnostics: 'not checked: allergies, failed (clinical)' }),
    );
  });

  it('is refused where something serious was found and nobody says why it is prescribed all the same', async () => {
    const { status, body } = await post(allergic);
    expect(status, JSON.stringify(body)).toBe(422);
    const [found] = issuesOf(body);
    expect(found).toMatchObject({
      severity: 'error',
      code: 'business-rule',
      expression: ['MedicationRequest.detectedIssue'],
    });
    expect(found?.diagnostics).toContain('Allergy to penicillin');
    expect(fhir.sites.hospital.kept.all()).toEqual([]);
    const rule = found?.details?.coding[0]?.code ?? '';

    const other = await post(answered(rule, 'Allergy to latex'));
    expect(other.status).toBe(422);
    const taken = await post(answered(rule));
    expect(taken.status, JSON.stringify(taken.body)).toBe(201);
    const safety = await signed(taken.body);
    expect(safety).toMatchObject({
      outcome: 'overridden',
      findings: [{ rule, kind: 'allergy', override: 'tolerated in 2024 under observation' }],
    });
    checkAnswer(taken.body);
    expect(taken.body).toMatchObject({ detectedIssue: [{ reference: '#issue-1' }] });
  });

  it('comes to the pharmacy’s software with the check', async () => {
    const { body } = await post(order);
    const { extension } = z
      .looseObject({ extension: z.array(z.looseObject({ url: z.string(), valueString: z.string().optional() })) })
      .parse(body);
    const code = extension.find(({ url }) => url === 'urn:medloom:access-code')?.valueString ?? '';
    const pharmacist = { id: practitionerIdOf('pharmacist'), name: 'Rosa Méndez' };
    await fhir.software.pharmacy.request('POST', 'Task', acceptanceOf(code, pharmacist));
    const read = await fhir.software.pharmacy.request('GET', `MedicationRequest/${body.id}`);
    expect(JSON.stringify(read.body)).toContain('urn:medloom:safety-check');
  });

  it.each<[string, object, string]>([
    [
      'that nothing refers to',
      { contained: [...order.contained, allergy] },
      'invariant MedicationRequest.contained[1]',
    ],
    [
      'of another type',
      { contained: [...order.contained, { resourceType: 'Practitioner', id: 'x' }], supportingInformation: refer('x') },
      'not-supported MedicationRequest.contained[1]',
    ],
    [
      'that is malformed',
      {
        contained: [...order.contained, { ...allergy, patient: undefined }],
        supportingInformation: refer('allergy'),
      },
      'value MedicationRequest.contained[1].AllergyIntolerance.patient',
    ],
    [
      'that answers nothing',
      { contained: [...order.contained, { ...answer('x'), mitigation: undefined }], detectedIssue: refer('answer') },
      'value MedicationRequest.contained[1]',
    ],
  ])('is refused with something %s', async (_what, change, expected) => {
    const { status, body } = await post({ ...order, ...change });
    const [issue] = issuesOf(body);
    expect(`${status} ${issue?.code} ${issue?.expression?.[0]}`).toBe(`422 ${expected}`);
  });
});
