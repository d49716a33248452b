import type { Prescription } from '#chaincode/model/prescription.ts';
import type { Renewal } from '#chaincode/model/renewal.ts';
import { capabilityStatement } from '#connector/fhir/capability.ts';
import type { KeptPrescription } from '#connector/fhir/kept.ts';
import { medicationOf } from '#connector/fhir/medication.ts';
import { answeredDispense } from '#connector/fhir/medicationDispense.ts';
import { taskOf } from '#connector/fhir/prescriptionTask.ts';
import { outcomeOf, refuse } from '#connector/fhir/refusal.ts';
import { renewalTaskOf } from '#connector/fhir/renewalTask.ts';
import { answeredRequest } from '#connector/fhir/requestAnswer.ts';
import { resourceTypes } from '#connector/fhir/server.ts';
import { itemUri } from '#epcis/write.ts';
import { buildMedicationDispense } from '#fhir/medicationDispense.ts';
import { buildMedicationRequest } from '#fhir/medicationRequest.ts';
import { products } from '#formulary/products.ts';

/** What the connector's FHIR interface answers: one of each resource, in the middle of a prescription's life. */
export function answeredFhir(today: Date): Map<string, object> {
  const product = products.find(({ controlled, unit }) => !controlled && unit === 'tablet');
  const [pack] = product?.packs ?? [];
  if (!product || !pack) throw new Error('the formulary has no tablet');
  const at = today.toISOString();
  const [id, dispenseId] = [`rx-0-${'a'.repeat(26)}`, `disp-${'b'.repeat(26)}`];
  const [doctor, pharmacist] = [`prac-${'c'.repeat(26)}`, `prac-${'d'.repeat(26)}`];
  const patient = `pt-0-${'e'.repeat(26)}`;
  const device = `dev-${'f'.repeat(26)}`;
  const request = buildMedicationRequest({
    ...{ id, product, authoredOn: at, quantity: pack.size, repeats: 1 },
    expires: new Date(today.getTime() + 90 * 24 * 60 * 60 * 1000).toISOString(),
    patient: { name: 'Jonas Lind', birthDate: '1968-03-14', identifier: 'LK-680314-217', sex: 'male' },
    requester: { id: doctor, name: 'Dr Amara Weiss', institution: 'Lakeside Hospital' },
    dose: {
      amount: 1,
      unit: product.unit,
      route: product.route,
      frequency: 2,
      period: 1,
      periodUnit: 'd',
      durationDays: 7,
    },
    reason: { text: 'Cough' },
  });
  const item = { gtin: pack.gtin, serial: 'S1' };
  const dispense = buildMedicationDispense({
    ...{ id: dispenseId, request, quantity: pack.size, fillComplete: true, handedOver: at },
    performer: { id: pharmacist, name: 'Rosa Méndez', institution: 'Harbour Pharmacy' },
    packs: { salt: 'A'.repeat(22), scanned: [{ ...item, link: itemUri(item), batch: 'B-1', expiry: '2099-06-30' }] },
  });
  const sold = {
    id: dispenseId,
    practitioner: pharmacist,
    identifiers: [{ system: 'urn:example:sale', value: 'S-1' }],
  };
  const kept: KeptPrescription = {
    ...{ id, patient, device, part: 'holder', practitioner: pharmacist, client: 'example', dataKey: '' },
    identifiers: [{ system: 'urn:example:order', value: 'A-1' }],
    document: JSON.stringify(request),
    dispenses: [{ ...sold, document: JSON.stringify(dispense), envelope: '', dispense: '', chains: [], state: 'done' }],
  };
  const content = { cid: `b${'a'.repeat(58)}`, contentHash: '0'.repeat(64) };
  const prescription: Prescription = {
    ...{ ...content, id, patient, redeemHash: '1'.repeat(64), commitment: `0x${'2'.repeat(64)}` },
    ...{ quantity: pack.size, fills: 2, expires: request.dispenseRequest.validityPeriod.end, authoredOn: at },
    ...{ author: doctor, authorInstitution: 'inst-lakeside-hospital', state: 'partial', left: pack.size },
    holder: { practitionerId: pharmacist, institutionId: 'inst-harbour-pharmacy', since: at },
    dispenses: [
      {
        ...{ ...content, id: dispenseId, quantity: pack.size, practitionerId: pharmacist },
        ...{ institutionId: 'inst-harbour-pharmacy', at },
      },
    ],
    ...{ codeValid: true, via: device, version: 4 },
  };
  /** With everything that a Task can say. */
  const disturbed: Prescription = {
    ...prescription,
    transfer: { to: 'inst-old-town-pharmacy', at },
    cancelRequest: {
      ...{ by: doctor, at, reason: 'another dose is needed' },
      refused: { by: pharmacist, at, reason: 'handed out already' },
    },
  };
  const renewal: Renewal = {
    ...{ id: `rn-0-${'g'.repeat(26)}`, prescription: id, patient, author: doctor, at, version: 2 },
    ...{ authorInstitution: prescription.authorInstitution, by: pharmacist, byInstitution: 'inst-harbour-pharmacy' },
    ...{ state: 'approved', answeredAt: at, answeredBy: doctor, next: `rx-0-${'h'.repeat(26)}` },
  };
  const seen = { prescription, lastUpdated: at };
  const [hand] = kept.dispenses;
  if (!hand) throw new Error('nothing was handed over');
  const base = 'https://connector.example/pharmacy/fhir';
  const site = { base, institution: { id: 'inst-harbour-pharmacy', name: 'Harbour Pharmacy' } };
  const answered = answeredRequest(kept, seen, today);
  const found = {
    ...{ resourceType: 'Bundle', type: 'searchset', total: 1 },
    link: [{ relation: 'self', url: `${base}/MedicationRequest?_count=20&_offset=0` }],
    entry: [{ fullUrl: `${base}/MedicationRequest/${id}`, resource: answered, search: { mode: 'match' } }],
  };
  return new Map<string, object>([
    ['answered-MedicationRequest', answered],
    ['answered-Task', taskOf(site.institution.id, seen)],
    ['answered-Task-disturbed', taskOf(site.institution.id, { ...seen, prescription: disturbed })],
    ['answered-Task-renewal', renewalTaskOf(renewal)],
    ['answered-MedicationDispense', answeredDispense(kept, hand)],
    ['answered-Medication', medicationOf(product)],
    ['answered-CapabilityStatement', capabilityStatement(site, resourceTypes)],
    ['answered-OperationOutcome', outcomeOf(refuse(422, 'value', 'must be active', 'MedicationRequest.status').issues)],
    ['answered-Bundle', found],
  ]);
}
