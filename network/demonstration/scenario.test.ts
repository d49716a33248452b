import { describe, expect, it } from 'vitest';
import { fromBase64Url } from '#crypto/bytes.ts';
import { openRegisterEntry } from '#crypto/controlledRegister.ts';
import { newIdentifier, newPseudonym } from '#crypto/identifier.ts';
import { openContent, openPatientWrap } from '#crypto/prescription.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import { parseMedicationDispense } from '#fhir/medicationDispense.ts';
import { parseMedicationRequest, patientIdentity } from '#fhir/medicationRequest.ts';
import { leafletOf } from '#formulary/leaflets/leaflets.ts';
import { findProduct } from '#formulary/products.ts';
import type { Role } from '#server/people/schema.ts';
import { transactionIntent } from '#server/transactions/schema.ts';
import { composeHandOver, composePrescription } from './compose.ts';
import { institutions, patients, staff } from './people.ts';
import { scenario } from './scenario.ts';

const staffOf = (email: string) => staff.find((person) => person.email === email);
const patientOf = (email: string) => patients.find((person) => person.email === email);

async function participant(role: Role, name: string, subjectId: string) {
  const { publicKey, seed } = await createReadingKey();
  const actor = {
    ...{ personId: 'a', sessionId: 'b', role, name, subjectId, mspId: 'HospitalMSP', enrolled: true },
    ...{ institutionId: institutions[0].id, institutionName: institutions[0].name },
  };
  return { actor, readingKey: publicKey, certificatePem: '', seed };
}

const notShared = { why: 'notShared' } as const;

describe('the scenario', () => {
  it('has two doctors, patients of all four channels, and every state', () => {
    expect(new Set(scenario.map(({ doctor }) => doctor)).size).toBe(2);
    expect(new Set(scenario.map(({ patient }) => patientOf(patient)?.channel)).size).toBe(4);
    expect(new Set(scenario.map(({ key }) => key)).size).toBe(scenario.length);
    const left = ({ quantity, repeats, pharmacy }: (typeof scenario)[number]) =>
      quantity * (repeats + 1) - (pharmacy?.dispensed ?? []).reduce((sum, each) => sum + each, 0);
    expect(scenario.every((item) => left(item) >= 0)).toBe(true);
    expect(scenario.some(({ pharmacy, cancelled }) => !pharmacy && !cancelled)).toBe(true);
    expect(scenario.some(({ cancelled }) => cancelled)).toBe(true);
    expect(scenario.some(({ pharmacy }) => pharmacy?.dispensed.length === 0)).toBe(true);
    expect(scenario.some((item) => item.pharmacy && left(item) > 0 && item.pharmacy.dispensed.length > 0)).toBe(true);
    expect(scenario.some((item) => left(item) === 0)).toBe(true);
    expect(scenario.some(({ pharmacy }) => pharmacy?.closed)).toBe(true);
    expect(scenario.filter(({ product }) => findProduct(product)?.controlled).length).toBeGreaterThan(1);
  });

  it('lets doctors prescribe to patients of their own institution', () => {
    for (const { key, doctor, patient } of scenario) {
      const institutionId = staffOf(doctor)?.institutionId;
      expect(patientOf(patient)?.treatedAt, key).toContain(institutionId);
    }
  });

  it.each(scenario)('composes $key so that portal and patient can read it', async (item) => {
    const details = patientOf(item.patient);
    if (!details) throw new Error(item.patient);
    const { publicKey: readingKey, seed } = await createReadingKey();
    const authority = { id: 'inst-medicines-authority', readingKey, generation: 1 };
    const doctor = await participant('doctor', staffOf(item.doctor)?.name ?? '', newIdentifier('prac'));
    const patient = await participant('patient', details.name, newPseudonym(details.channel));
    const { code, ...composed } = await composePrescription(
      item,
      doctor,
      { ...patient, details },
      notShared,
      authority,
    );
    const { issue, envelope, tokenHolder, resumePacket, secrets, register } = composed;
    const intent = { kind: 'issue', issue, envelope, tokenHolder, resumePacket, secrets, register };
    expect(transactionIntent.parse(intent)).toMatchObject({ issue: { fills: item.repeats + 1 } });

    const { controlled = false } = findProduct(item.product) ?? {};
    expect([issue.controlled === true, register !== undefined]).toEqual([controlled, controlled]);
    if (register) {
      const held = { ...register, id: issue.id, author: doctor.actor.subjectId, quantity: issue.quantity };
      const entry = await openRegisterEntry(seed, authority.id, { ...held, authoredOn: '2026-11-01T08:00:00.000Z' });
      expect(entry).toMatchObject({ medicine: item.product, quantity: item.quantity });
    }

    const opened = await openPatientWrap(patient.seed, issue.id, patient.actor.subjectId, secrets.patientWrap);
    expect(opened.code).toEqual(code);
    const recorded = { ...issue, author: doctor.actor.subjectId };
    const request = parseMedicationRequest(await openContent(opened.dataKey, fromBase64Url(envelope), recorded));
    expect(patientIdentity(request)).toMatchObject({ name: details.name, birthDate: details.birthDate });
    expect(request.medicationCodeableConcept.text).toContain(findProduct(item.product)?.name);

    const pharmacist = await participant('pharmacist', 'Rosa Méndez', newIdentifier('prac'));
    const handOver = await composeHandOver(request, opened.dataKey, pharmacist, item.quantity);
    expect(transactionIntent.parse(handOver)).toMatchObject({ kind: 'dispense', id: issue.id });
    const dispensed = { ...handOver.dispense, author: pharmacist.actor.subjectId };
    const document = await openContent(opened.dataKey, fromBase64Url(handOver.envelope), dispensed);
    expect(parseMedicationDispense(document).quantity.value).toBe(item.quantity);
  });

  it('prescribes only what patients have a leaflet of', () => {
    const without = scenario.filter(({ product }) => leafletOf(findProduct(product)?.atc ?? '') === undefined);
    expect(without.map(({ key }) => key)).toEqual([]);
  });
});
