import { afterEach, beforeEach, expect, it } from 'vitest';
import { institutions, patientIds } from '#chaincode/testing/samples.ts';
import { practitionerIdOf } from '#chaincode/testing/world.ts';
import { products } from '#formulary/products.ts';
import { createFhirWorld, deliverPacks, type FhirWorld } from '../testing/fhirWorld.ts';
import { runFlow } from './flow.ts';

/** The example's software on the real contracts. */

const product = products.find(({ name, controlled }) => name === 'amoxicillin' && !controlled);
const [pack] = product?.packs ?? [];
if (!product || !pack) throw new Error('the formulary has other medicines');

let fhir: FhirWorld;
beforeEach(async () => {
  fhir = await createFhirWorld([product.code]);
});
afterEach(() => fhir.close());

it('goes through all that may happen to a prescription', async () => {
  const [link = ''] = await deliverPacks(fhir.supply, product.code, [1], 'pharmacy');
  const steps: [string, unknown][] = [];
  const done = await runFlow(
    fhir.software,
    {
      doctor: { id: practitionerIdOf('doctor'), name: 'Dr Weiss' },
      pharmacist: { id: practitionerIdOf('pharmacist'), name: 'Rosa Méndez' },
      other: { id: practitionerIdOf('otherPharmacist'), name: 'Elias', institution: institutions.otherPharmacy.id },
      patient: { pseudonym: patientIds.patient, name: 'Jonas Lind', birthDate: '1968-03-14', identifier: 'LK-1' },
      medicine: { code: product.code, unit: product.unit, packSize: pack.size },
      packs: [{ link, batch: 'B-1', expiry: '2099-06-30' }],
    },
    'A-1',
    (step, said) => steps.push([step, said.status ?? said.reason]),
  );
  expect(steps).toEqual([
    ['issued', 'active'],
    ['accepted', 'accepted'],
    ['dispensed', 'completed'],
    ['renewal asked', 'requested'],
    ['issued', 'active'],
    ['renewal answered', 'completed'],
    ['renewal asked', 'requested'],
    ['renewal answered', 'rejected'],
    ['closed', 'completed'],
    ['seen by the hospital', 'stopped'],
    ['issued', 'active'],
    ['accepted', 'accepted'],
    ['transfer offered', 'accepted'],
    ['transfer accepted', 'accepted'],
    ['given back', 'rejected'],
    ['issued', 'active'],
    ['withdrawn', 'cancelled'],
    ['issued', 'active'],
    ['accepted', 'accepted'],
    ['cancellation asked', 'another dose is needed'],
    ['cancellation refused', 'the patient is here to fetch it'],
    ['cancellation asked', 'another dose is needed'],
    ['cancelled', 'cancelled'],
  ]);
  const states = async (...ids: string[]) =>
    (await fhir.sites.hospital.ledger.prescriptions(ids)).map(({ prescription: { state } }) => state);
  expect(await states(done.prescription, done.renewal, done.transferred, ...done.cancelled)).toEqual([
    ...['completed', 'active', 'active', 'cancelled', 'cancelled'],
  ]);
  expect(await fhir.supply.pack(1, pack.gtin)).toMatchObject({ state: 'dispensed' });
});
