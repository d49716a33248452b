import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { day, instant, patientIds } from '#chaincode/testing/samples.ts';
import { practitionerIdOf } from '#chaincode/testing/world.ts';
import { systems } from '#fhir/coding.ts';
import { products } from '#formulary/products.ts';
import type { Reply } from '../client/client.ts';
import { acceptanceOf, orderOf } from '../client/resources.ts';
import { checkAnswer } from '../testing/fhirAnswers.ts';
import { createFhirWorld, type FhirWorld } from '../testing/fhirWorld.ts';

/** What a hospital's software orders is what is signed, or nothing is. */

const capsule = products.find(({ unit, route, controlled }) => unit === 'capsule' && route === 'oral' && !controlled);
const other = products.find(({ code, controlled }) => code !== capsule?.code && !controlled);
if (!capsule || !other) throw new Error('the formulary has other medicines');

let fhir: FhirWorld;
beforeAll(async () => {
  fhir = await createFhirWorld([capsule.code]);
});
afterAll(() => fhir.close());

const doctor = { id: practitionerIdOf('doctor'), name: 'Dr Weiss' };
const pharmacist = { id: practitionerIdOf('pharmacist'), name: 'Rosa Méndez' };
const patient = { pseudonym: patientIds.patient, name: 'Jonas Lind', birthDate: '1968-03-14', identifier: 'LK-1' };
const usual = (number: string) => orderOf({ patient, doctor, number, medicine: capsule, quantity: 20, repeats: 2 });
let number = 0;
/** The usual order with some of its members changed. */
const send = (change: (usual: ReturnType<typeof orderOf>) => object) => {
  number += 1;
  const order = usual(`A-${number}`);
  return fhir.software.hospital.request('POST', 'MedicationRequest', { ...order, ...change(order) });
};
const refusal = z.looseObject({
  issue: z.array(z.looseObject({ code: z.string(), expression: z.tuple([z.string()]) })).min(1),
});
const refused = ({ status, body }: Reply) =>
  `${status} ${refusal
    .parse(checkAnswer(body))
    .issue.map(({ code, expression }) => `${code} ${expression[0]}`)
    .join(', ')}`;
const dosed = (change: object) => (order: ReturnType<typeof orderOf>) => ({
  dosageInstruction: order.dosageInstruction.map((one) => ({ ...one, ...change })),
});
const timed = (change: object, beside: object = {}) =>
  dosed({ timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd', ...change }, ...beside } });
const amount = (doseQuantity: object, beside: object = {}) => dosed({ doseAndRate: [{ doseQuantity, ...beside }] });
const filled = (change: object) => (order: ReturnType<typeof orderOf>) => ({
  dispenseRequest: { ...order.dispenseRequest, ...change },
});
const ofPatient = (change: object) => (order: ReturnType<typeof orderOf>) => ({
  contained: order.contained.map((one) => ({ ...one, ...change })),
});
const dose = 'MedicationRequest.dosageInstruction[0]';
const fills = 'MedicationRequest.dispenseRequest';
const person = 'MedicationRequest.contained[0]';
const milligrams = { value: 500, system: systems.ucum, code: 'mg' };

it.each<[string, Parameters<typeof send>[0], string]>([
  [
    'a dose in milligrams',
    amount(milligrams),
    `value ${dose}.doseAndRate[0].doseQuantity.unit, value ${dose}.doseAndRate[0].doseQuantity.code`,
  ],
  [
    'a code that is not the unit’s',
    amount({ ...milligrams, unit: capsule.unit }),
    `value ${dose}.doseAndRate[0].doseQuantity.code`,
  ],
  ['a dose of nothing', amount({ value: 2 }), `value ${dose}.doseAndRate[0].doseQuantity.unit`],
  [
    'a quantity in grams',
    filled({ quantity: { value: 28, system: systems.ucum, code: 'g' } }),
    `value ${fills}.quantity.unit, value ${fills}.quantity.code`,
  ],
  ['a quantity of packs', filled({ quantity: { value: 2, unit: 'pack' } }), `value ${fills}.quantity.unit`],
  ['words beside the dose that say another', dosed({ text: 'half a capsule in the morning' }), `value ${dose}.text`],
  [
    'a rate',
    amount({ value: 1, unit: capsule.unit }, { rateQuantity: { value: 1 } }),
    notKept('doseAndRate[0].rateQuantity'),
  ],
  ['a named timing', timed({}, { code: { text: 'BID' } }), notKept('timing.code')],
  ['moments', timed({}, { event: ['2099-01-01'] }), notKept('timing.event')],
  ['a dose after meals', timed({ when: ['PC'] }), notKept('timing.repeat.when')],
  [
    'a length in weeks',
    timed({ boundsDuration: { value: 2, unit: 'weeks', system: systems.ucum, code: 'wk' } }),
    notDays('timing.repeat.boundsDuration'),
  ],
  [
    'a reason that is coded',
    dosed({ asNeededCodeableConcept: { text: 'pain', coding: [{ code: 'x' }] } }),
    notKept('asNeededCodeableConcept.coding'),
  ],
  ['a route in words', dosed({ route: { text: 'rectal' } }), `value ${dose}.route`],
  [
    'a route of another system',
    dosed({ route: { coding: [{ system: 'http://standardterms.edqm.eu', code: '20061000' }] } }),
    `value ${dose}.route`,
  ],
  [
    'an unknown route',
    dosed({ route: { coding: [{ system: systems.snomed, code: '12130007' }] } }),
    `value ${dose}.route`,
  ],
  [
    'a first fill of its own',
    filled({ initialFill: { quantity: { value: 5 } } }),
    `not-supported ${fills}.initialFill`,
  ],
  [
    'a fill of some days',
    filled({ expectedSupplyDuration: { value: 28 } }),
    `not-supported ${fills}.expectedSupplyDuration`,
  ],
  [
    'months between fills',
    filled({ dispenseInterval: { value: 1, system: systems.ucum, code: 'mo' } }),
    `value ${fills}.dispenseInterval.code`,
  ],
  [
    'an interval of one fill',
    filled({ numberOfRepeatsAllowed: 0, dispenseInterval: { value: 28, system: systems.ucum, code: 'd' } }),
    `value ${fills}.dispenseInterval`,
  ],
  ['an end before the start', filled({ validityPeriod: { start: '2099-02-01', end: '2099-01-01' } }), ''],
  ['an end that is over', filled({ validityPeriod: { end: '2020-01-01' } }), `value ${fills}.validityPeriod.end`],
  ['a hurry', () => ({ priority: 'stat' }), 'value MedicationRequest.priority'],
  ['a category', () => ({ category: [{ text: 'discharge' }] }), 'not-supported MedicationRequest.category'],
  ['what was written long ago', () => ({ authoredOn: '2020-01-01T08:00:00Z' }), 'value MedicationRequest.authoredOn'],
  [
    'who wrote a note',
    () => ({ note: [{ text: 'x', authorString: 'y' }] }),
    'not-supported MedicationRequest.note[0].authorString',
  ],
  [
    'a reason without words',
    () => ({ reasonCode: [{ coding: [{ system: 'urn:x', code: 'y' }] }] }),
    'required MedicationRequest.reasonCode[0]',
  ],
  [
    'a reason against substitution',
    () => ({ substitution: { allowedBoolean: false, reason: { text: 'x' } } }),
    'not-supported MedicationRequest.substitution.reason',
  ],
  [
    'two products',
    () => ({
      medicationCodeableConcept: { coding: [capsule, other].map(({ code }) => ({ system: systems.product, code })) },
    }),
    'value MedicationRequest.medicationCodeableConcept',
  ],
  ['an address', ofPatient({ address: [{ city: 'x' }] }), `not-supported ${person}.address`],
  ['two names', ofPatient({ name: [{ text: 'Jonas Lind' }, { text: 'Jo' }] }), `value ${person}.name`],
  [
    'another’s pseudonym',
    ofPatient({
      identifier: [
        { system: systems.pseudonym, value: patientIds.patient.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')) },
      ],
    }),
    `value ${person}.identifier`,
  ],
  [
    'another’s name beside',
    ({ subject }) => ({ subject: { ...subject, display: 'Elias Lind' } }),
    'value MedicationRequest.subject.display',
  ],
])('%s is refused', async (_what, change, expected) => {
  const reply = await send(change);
  // What contradicts itself is refused as no FHIR at all.
  if (expected === '') return expect(reply.status).toBe(400);
  return expect(refused(reply)).toBe(`422 ${expected}`);
});

function notKept(member: string) {
  return `not-supported ${dose}.${member}`;
}
function notDays(member: string) {
  return `value ${dose}.${member}.unit, value ${dose}.${member}.code`;
}

const issued = z.looseObject({
  id: z.string(),
  extension: z.array(z.looseObject({ url: z.string(), valueString: z.string().optional() })),
  dispenseRequest: z.unknown(),
  dosageInstruction: z.tuple([z.looseObject({ text: z.string() })]),
});

it('signs the start, the interval, the language and the coded unit that were sent', async () => {
  const start = instant(2 * day);
  const reply = await send((order) => ({
    ...filled({
      validityPeriod: { start },
      dispenseInterval: { value: 28, unit: 'days', system: systems.ucum, code: 'd' },
    })(order),
    ...amount({ value: 1, unit: 'capsule', system: systems.ucum, code: '{capsule}' })(order),
    ...ofPatient({ communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'de' }] } }] })(order),
    reasonCode: [{ text: 'Cough', coding: [{ system: systems.snomed, code: '49727002', display: 'Cough (finding)' }] }],
  }));
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  const { id, extension, ...said } = issued.parse(checkAnswer(reply.body));
  expect(said).toMatchObject({
    dispenseRequest: { validityPeriod: { start }, dispenseInterval: { value: 28, code: 'd' } },
    reasonCode: [{ coding: [{ display: 'Cough (finding)' }] }],
    dosageInstruction: [{ _text: { extension: [{ extension: [{ valueCode: 'de' }, {}] }] } }],
  });
  const seen = await fhir.sites.hospital.ledger.prescription(id);
  expect(seen?.prescription).toMatchObject({ validFrom: start, fillEveryDays: 28, fills: 3 });
  const end = Date.parse(seen?.prescription.expires ?? '');
  expect(Math.round((end - Date.parse(start)) / day)).toBe(90);

  const code = extension.find(({ url }) => url === systems.accessCode)?.valueString ?? '';
  const early = await fhir.software.pharmacy.request('POST', 'Task', acceptanceOf(code, pharmacist));
  expect(early.status).toBe(409);
  expect(JSON.stringify(early.body)).toContain('NOT_YET_VALID');
});

it('takes the very sentence that it makes of the structure, in a language that it has', async () => {
  const first = await send(() => ({}));
  const [{ text }] = issued.parse(first.body).dosageInstruction;
  expect((await send(dosed({ text }))).status).toBe(201);
  const german = 'Nehmen Sie alle 12 Stunden 1 Kapsel ein, 7 Tage lang.';
  expect((await send(dosed({ text: german }))).status).toBe(201);
  const route = { coding: [{ system: systems.snomed, code: '26643006' }], text: 'oral' };
  expect((await send(dosed({ route }))).status).toBe(201);
});
