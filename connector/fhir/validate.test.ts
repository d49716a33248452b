import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { patientIds } from '#chaincode/testing/samples.ts';
import { practitionerIdOf } from '#chaincode/testing/world.ts';
import { systems } from '#fhir/coding.ts';
import { products } from '#formulary/products.ts';
import { accessCodeOf, answered } from '../client/answers.ts';
import type { FhirClient } from '../client/client.ts';
import { acceptanceOf, changeOf, endingOf, handOverOf, orderOf, renewalOf, renewing } from '../client/resources.ts';
import { checkAnswer } from '../testing/fhirAnswers.ts';
import { createFhirWorld, type FhirWorld } from '../testing/fhirWorld.ts';

/** `$validate` on the real contracts: judges as a create or update would, and leaves nothing. */

const product = products.find(({ name, controlled }) => name === 'amoxicillin' && !controlled);
if (!product) throw new Error('the formulary has other medicines');

let fhir: FhirWorld;
beforeEach(async () => {
  fhir = await createFhirWorld([]);
});
afterEach(() => fhir.close());

const doctor = { id: practitionerIdOf('doctor'), name: 'Dr Weiss' };
const pharmacist = { id: practitionerIdOf('pharmacist'), name: 'Rosa Méndez' };
const patient = { pseudonym: patientIds.patient, name: 'Jonas Lind', birthDate: '1968-03-14' };
const order = orderOf({ patient, doctor, number: 'A-1', medicine: product, quantity: 20 });

const outcome = z.looseObject({
  issue: z.array(z.looseObject({ severity: z.string(), code: z.string(), expression: z.array(z.string()).optional() })),
});
/** `severity code expression` of each issue. */
const validate = async (who: FhirClient, type: string, resource: object) => {
  const { status, body } = await who.request('POST', `${type}/$validate`, resource);
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body.resourceType).toBe('OperationOutcome');
  return outcome
    .parse(checkAnswer(body))
    .issue.map(({ severity, code, expression = [] }) => [severity, code, ...expression].join(' '));
};
const held = async () => {
  const { hospital, pharmacy } = fhir.software;
  const issued = answered.parse((await hospital.request('POST', 'MedicationRequest', order)).body);
  const code = accessCodeOf(issued);
  return { id: issued.id, code, accept: () => pharmacy.request('POST', 'Task', acceptanceOf(code, pharmacist)) };
};
const hand = (prescription: string, quantity: number) =>
  handOverOf({
    ...{
      prescription,
      pharmacist,
      number: 'S-1',
      packs: [],
      quantity: { value: quantity, unit: product.unit },
      withoutSerial: 'old stock',
    },
    medicine: { coding: [{ system: systems.product, code: product.code }] },
  });

it('judges a MedicationRequest with its clinical check, and issues nothing', async () => {
  const { hospital } = fhir.software;
  const warned = await validate(hospital, 'MedicationRequest', order);
  expect(new Set(warned)).toEqual(new Set(['warning incomplete']));
  expect(
    await validate(hospital, 'MedicationRequest', {
      resourceType: 'Parameters',
      parameter: [{ name: 'resource', resource: order }],
    }),
  ).toEqual(warned);
  const free = { ...order, dosageInstruction: [{ text: 'as before' }] };
  expect(await validate(hospital, 'MedicationRequest', free)).toEqual([
    'error value MedicationRequest.dosageInstruction[0].timing',
    'error value MedicationRequest.dosageInstruction[0].doseAndRate',
  ]);
  expect(await validate(hospital, 'MedicationRequest', { ...order, status: 'prescribed' })).toEqual([
    'error value MedicationRequest.status',
  ]);
  expect(await validate(hospital, 'MedicationRequest', renewing(order, `rn-0-${'a'.repeat(26)}`))).toEqual([
    'error value MedicationRequest.supportingInformation',
  ]);
  expect(await validate(hospital, 'MedicationRequest', { resourceType: 'Parameters', parameter: [] })).toEqual([
    'error structure MedicationRequest',
  ]);
  expect(fhir.sites.hospital.kept.all()).toEqual([]);
  expect(fhir.storage.blocks.size).toBe(0);
});

it('judges a Task that accepts, changes or asks, and changes nothing', async () => {
  const { pharmacy } = fhir.software;
  const { id, code, accept } = await held();
  const before = await fhir.sites.pharmacy.ledger.prescription(id);
  expect(await validate(pharmacy, 'Task', acceptanceOf(code, pharmacist))).toEqual(['information informational']);
  expect(await validate(pharmacy, 'Task', acceptanceOf('0000-0000-0000-0000-0000-0000-000', pharmacist))).toEqual([
    'error security',
  ]);
  expect(await validate(pharmacy, 'Task', renewalOf(id, pharmacist))).toEqual(['error not-found']);
  expect(await fhir.sites.pharmacy.ledger.prescription(id)).toEqual(before);
  await accept();
  expect(await validate(pharmacy, 'Task', renewalOf(id, pharmacist))).toEqual(['information informational']);
  expect(await validate(pharmacy, 'Task', endingOf(id, 'completed'))).toEqual(['error required Task.statusReason']);
  expect(await validate(pharmacy, 'Task', endingOf(id, 'rejected'))).toEqual(['information informational']);
  expect(await validate(pharmacy, 'Task', changeOf(id, 'offer-transfer'))).toEqual([
    'error value Task.input.valueIdentifier',
  ]);
  expect(await validate(fhir.software.hospital, 'Task', endingOf(id, 'rejected'))).toEqual(['error forbidden']);
  expect((await fhir.sites.pharmacy.ledger.prescription(id))?.prescription).toMatchObject({
    state: 'accepted',
    version: 2,
  });
});

it('judges a MedicationDispense, and reserves nothing', async () => {
  const { pharmacy } = fhir.software;
  const { id, accept } = await held();
  expect(await validate(pharmacy, 'MedicationDispense', hand(id, 1))).toEqual(['error not-found']);
  await accept();
  expect(await validate(pharmacy, 'MedicationDispense', hand(id, 20))).toEqual(['information informational']);
  expect(await validate(pharmacy, 'MedicationDispense', hand(id, 21))).toEqual([
    'error business-rule MedicationDispense.quantity',
  ]);
  expect(fhir.sites.pharmacy.kept.find(id)?.dispenses).toEqual([]);
  expect((await fhir.sites.pharmacy.ledger.prescription(id))?.prescription.version).toBe(2);
});

it('needs the scope of a create, is told by the CapabilityStatement, and is no operation of the formulary', async () => {
  const reader = await fhir.connect('hospital', 'system/MedicationRequest.rs system/Medication.rs');
  expect((await reader.request('POST', 'MedicationRequest/$validate', order)).status).toBe(403);
  expect((await fhir.software.hospital.request('GET', 'MedicationRequest/$validate')).status).toBe(405);
  expect((await fhir.software.hospital.request('POST', 'Medication/$validate', {})).status).toBe(405);
  const statement = await (await fetch(`${fhir.software.hospital.base}/metadata`)).json();
  const { rest } = z
    .looseObject({
      rest: z.array(
        z.looseObject({
          resource: z.array(
            z.looseObject({ type: z.string(), operation: z.array(z.looseObject({ name: z.string() })).optional() }),
          ),
        }),
      ),
    })
    .parse(checkAnswer(statement));
  const offered = rest[0]?.resource.flatMap(({ type, operation = [] }) =>
    operation.map(({ name }) => `${type} ${name}`),
  );
  expect(offered).toEqual(['MedicationRequest validate', 'Task validate', 'MedicationDispense validate']);
});
