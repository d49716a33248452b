import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { patientIds } from '#chaincode/testing/samples.ts';
import { practitionerIdOf } from '#chaincode/testing/world.ts';
import { systems } from '#fhir/coding.ts';
import type { Product } from '#formulary/product.ts';
import { products } from '#formulary/products.ts';
import { substitutionOf } from '#formulary/substitution.ts';
import { acceptanceOf, handOverOf, orderOf } from '../client/resources.ts';
import { checkAnswer } from '../testing/fhirAnswers.ts';
import { createFhirWorld, deliverPacks, type FhirWorld } from '../testing/fhirWorld.ts';

/** What a pharmacy's software hands over is what is recorded, or nothing is. */

const plain = products.filter(({ controlled }) => !controlled);
const isSubstitute = (one: Product, other: Product) =>
  substitutionOf(one, other, { allowed: true }).kind === 'substitute';
const prescribed = plain.find((one) => plain.some((other) => isSubstitute(one, other)));
const substitute = prescribed && plain.find((other) => isSubstitute(prescribed, other));
const foreign = plain.find(({ atc }) => atc !== prescribed?.atc);
if (!prescribed || !substitute || !foreign) throw new Error('the formulary has no substitutes');

const doctor = { id: practitionerIdOf('doctor'), name: 'Dr Weiss' };
const pharmacist = { id: practitionerIdOf('pharmacist'), name: 'Rosa Méndez' };
const patient = { pseudonym: patientIds.patient, name: 'Jonas Lind', birthDate: '1968-03-14', identifier: 'LK-1' };
const size = prescribed.packs[0]?.size ?? 0;

let fhir: FhirWorld;
let id: string;
beforeAll(async () => {
  fhir = await createFhirWorld([prescribed.code, substitute.code]);
  const order = orderOf({ patient, doctor, number: 'A-1', medicine: prescribed, quantity: size, repeats: 1 });
  const { body } = await fhir.software.hospital.request('POST', 'MedicationRequest', order);
  const issued = z
    .looseObject({
      id: z.string(),
      extension: z.array(z.looseObject({ url: z.string(), valueString: z.string().optional() })),
    })
    .parse(body);
  id = issued.id;
  const code = issued.extension.find(({ url }) => url === systems.accessCode)?.valueString ?? '';
  expect((await fhir.software.pharmacy.request('POST', 'Task', acceptanceOf(code, pharmacist))).status).toBe(201);
});
afterAll(() => fhir.close());

const named = ({ code }: Product) => ({ coding: [{ system: systems.product, code }] });
let number = 0;
const send = (change: object, packs: string[] = []) => {
  number += 1;
  const hand = handOverOf({
    ...{ prescription: id, pharmacist, number: `S-${number}`, medicine: named(prescribed) },
    packs: packs.map((link) => ({ link, batch: 'B-1', expiry: '2099-06-30' })),
    ...(packs.length === 0 && { quantity: { value: 1, unit: prescribed.unit }, withoutSerial: 'old stock' }),
  });
  return fhir.software.pharmacy.request('POST', 'MedicationDispense', { ...hand, ...change });
};
const refusal = z.looseObject({
  issue: z.tuple([z.looseObject({ code: z.string(), expression: z.tuple([z.string()]) })]),
});
const onLedger = async () => (await fhir.sites.pharmacy.ledger.prescription(id))?.prescription;
const substituted = (reason: string) => ({
  substitution: { wasSubstituted: true, reason: [{ coding: [{ system: systems.substitutionReason, code: reason }] }] },
});

it.each<[string, object, string]>([
  ['two packs without their units', { quantity: { value: 2, unit: 'pack' } }, 'value quantity.unit'],
  ['a bare number', { quantity: { value: 2 } }, 'value quantity.unit'],
  [
    'instructions that are not the prescription’s',
    { dosageInstruction: [{ text: 'x' }] },
    'not-supported dosageInstruction',
  ],
  [
    'two who hand it over',
    { performer: [{ actor: { display: 'x' } }, { actor: { display: 'y' } }] },
    'value performer',
  ],
  ['a note with its author', { note: [{ text: 'x', authorString: 'y' }] }, 'not-supported note[0].authorString'],
  ['an extension that nobody reads', { extension: [{ url: 'urn:x', valueString: 'y' }] }, 'value extension[0].url'],
  ['another patient', { subject: { identifier: { value: 'LK-2' } } }, 'business-rule subject'],
  ['another medicine', { medicationCodeableConcept: named(foreign) }, 'business-rule medicationCodeableConcept'],
  ['a substitute without a reason', { medicationCodeableConcept: named(substitute) }, 'required substitution'],
  ['a reason without a substitute', substituted('shortage'), 'business-rule substitution'],
])('%s is refused', async (_what, change, expected) => {
  const { status, body } = await send(change);
  const [{ code, expression }] = refusal.parse(checkAnswer(body)).issue;
  expect(`${status} ${code} ${expression[0]}`).toBe(`422 ${expected.replace(' ', ' MedicationDispense.')}`);
  expect((await onLedger())?.dispenses).toEqual([]);
});

it('what is right is recorded: a substitute with its reason, and what has no packs with that', async () => {
  const [own = '', other = ''] = [
    ...(await deliverPacks(fhir.supply, prescribed.code, [1], 'pharmacy')),
    ...(await deliverPacks(fhir.supply, substitute.code, [2], 'pharmacy')),
  ];
  const good = async (change: object, packs: string[] = []) => {
    const { status, body } = await send(change, packs);
    expect(status, JSON.stringify(body)).toBe(201);
    return checkAnswer(body);
  };
  await good({ subject: { identifier: { system: systems.patient, value: 'LK-1' } } }, [own]);
  await good({ ...substituted('shortage'), quantity: { value: 2, unit: prescribed.unit } }, [other]);
  await good({ substitution: { wasSubstituted: false } });
  const last = await good({ ...substituted('generic'), medicationCodeableConcept: named(substitute) });
  expect(last).toMatchObject({
    medicationCodeableConcept: { coding: [{ code: substitute.code }, {}] },
    substitution: { wasSubstituted: true },
  });
  const dispenses = (await onLedger())?.dispenses ?? [];
  expect(dispenses).toMatchObject([
    { packs: 1, quantity: size },
    { packs: 1, quantity: 2, substitution: { reason: 'shortage' } },
    { withoutPacks: 'noSerial', quantity: 1 },
    { withoutPacks: 'noSerial', quantity: 1, substitution: { reason: 'generic' } },
  ]);
  for (const one of dispenses.slice(0, 2)) expect(one).not.toHaveProperty('withoutPacks');
});
