import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { delegableFunctions } from '#chaincode/model/delegation.ts';
import { day, instant, patientIds, serial } from '#chaincode/testing/samples.ts';
import { confirmed } from '#chaincode/testing/signing.ts';
import { practitionerIdOf, submitToRegistry } from '#chaincode/testing/world.ts';
import { systems } from '#fhir/coding.ts';
import { products } from '#formulary/products.ts';
import type { Reply } from '../client/client.ts';
import { acceptanceOf, handOverOf, orderOf, takenBackOf } from '../client/resources.ts';
import { checkAnswer } from '../testing/fhirAnswers.ts';
import { createFhirWorld, deliverPacks, type FhirWorld } from '../testing/fhirWorld.ts';

/** A hand-over that does not come to its end is taken back: packs, reservation, and what the software reads of it. */

const medicine = products.find(({ controlled, unit }) => !controlled && unit === 'capsule');
if (!medicine) throw new Error('the formulary has no capsules');
const [pack] = medicine.packs;
const size = pack?.size ?? 0;
const doctor = { id: practitionerIdOf('doctor'), name: 'Dr Weiss' };
const pharmacist = { id: practitionerIdOf('pharmacist'), name: 'Rosa Méndez' };
const patient = { pseudonym: patientIds.patient, name: 'Jonas Lind', birthDate: '1968-03-14', identifier: 'LK-1' };

let fhir: FhirWorld;
beforeAll(async () => {
  fhir = await createFhirWorld([medicine.code]);
});
afterAll(() => fhir.close());

let number = 0;
let id: string;
let link: string;
/** A prescription that the pharmacy holds, and a pack for it. */
beforeEach(async () => {
  number += 1;
  const order = orderOf({ patient, doctor, number: `A-${number}`, medicine, quantity: size, repeats: 1 });
  const { body } = await fhir.software.hospital.request('POST', 'MedicationRequest', order);
  const said = z.looseObject({ url: z.string(), valueString: z.string().optional() });
  const issued = z.looseObject({ id: z.string(), extension: z.array(said) }).parse(body);
  id = issued.id;
  const code = issued.extension.find(({ url }) => url === systems.accessCode)?.valueString ?? '';
  expect((await fhir.software.pharmacy.request('POST', 'Task', acceptanceOf(code, pharmacist))).status).toBe(201);
  [link = ''] = await deliverPacks(fhir.supply, medicine.code, [number], 'pharmacy');
});

const when = new Date().toISOString();
const hand = (sale: string, more: object = {}) => ({
  ...handOverOf({
    ...{ prescription: id, pharmacist, number: sale, packs: [{ link, batch: 'B-1', expiry: '2099-06-30' }] },
    medicine: { text: medicine.name },
  }),
  ...more,
});
const sell = (sale: string, more: object = {}) =>
  fhir.software.pharmacy.request('POST', 'MedicationDispense', hand(sale, more), {
    'if-none-exist': `identifier=urn:example:sale|${sale}`,
  });
const shape = z.looseObject({
  id: z.string(),
  status: z.string(),
  meta: z.looseObject({ versionId: z.string() }),
});
const good = ({ status, body }: Reply, wanted = 200) => {
  expect(status, JSON.stringify(body)).toBe(wanted);
  return shape.parse(checkAnswer(body));
};
const refusals = ({ status, body }: Reply) => {
  const issues = z
    .looseObject({ issue: z.array(z.looseObject({ code: z.string(), diagnostics: z.string() })) })
    .parse(checkAnswer(body)).issue;
  return { status, codes: issues.map(({ code }) => code), words: issues.map(({ diagnostics }) => diagnostics).join() };
};
const takeBack = (called: string, version = '1') =>
  fhir.software.pharmacy.request('PUT', `MedicationDispense/${called}`, takenBackOf(called, pharmacist), {
    'if-match': `W/"${version}"`,
  });
const prescription = async () => (await fhir.sites.pharmacy.ledger.prescription(id))?.prescription;
const packState = async () => (await fhir.supply.pack(number, pack?.gtin))?.state;

let delegations = 0;
/** What the pharmacist delegates to the pharmacy's system from now on, in the place of what was. */
async function delegate(functions: readonly string[], was: string): Promise<string> {
  await submitToRegistry(fhir.world, fhir.world.people.pharmacist, 'endDelegation', was);
  delegations += 1;
  const given = {
    ...{
      id: `dlg-${serial(900 + delegations)}`,
      device: fhir.devices.pharmacy.id,
      until: instant(30 * day),
      functions,
    },
  };
  const call = { channel: 'registry', contract: 'registry', function: 'delegate', args: [JSON.stringify(given)] };
  await fhir.world.ledger.submit({
    ...call,
    caller: fhir.world.people.pharmacist,
    transient: confirmed(fhir.factors.pharmacy, call),
  });
  return given.id;
}
let current: string;
beforeAll(() => {
  current = fhir.delegation('pharmacy');
});
const all = delegableFunctions.pharmacist;

describe('a hand-over whose dispense the ledger refuses after its packs are out', () => {
  it('is taken back, and the packs are handed out by another', async () => {
    current = await delegate(
      all.filter((name) => name !== 'dispense'),
      current,
    );
    const sale = `S-${number}`;
    const stuck = refusals(await sell(sale, { whenHandedOver: when }));
    expect(stuck).toMatchObject({ status: 403, codes: ['forbidden', 'business-rule'] });
    const called = /MedicationDispense\/(disp-\w+)/.exec(stuck.words)?.[1] ?? '';
    expect(await packState()).toBe('decommissioned');
    expect((await prescription())?.reservation?.dispenseId).toBe(called);
    const { pharmacy } = fhir.software;
    expect(good(await pharmacy.request('GET', `MedicationDispense/${called}`)).status).toBe('in-progress');

    expect(refusals(await takeBack(called, '2')).status).toBe(412);
    expect(good(await takeBack(called))).toMatchObject({ status: 'cancelled', meta: { versionId: '2' } });
    expect(await packState()).toBe('active');
    expect(await prescription()).toMatchObject({ state: 'accepted', left: 2 * size, dispenses: [] });
    expect((await prescription())?.reservation).toBeUndefined();
    expect(good(await takeBack(called, '2')).status).toBe('cancelled');

    current = await delegate(all, current);
    // The very same events would be taken for those that were withdrawn.
    expect(refusals(await sell(sale, { whenHandedOver: when }))).toMatchObject({ status: 422, codes: ['duplicate'] });
    expect(await packState()).toBe('active');
    good(await sell(sale), 201);
    expect(await packState()).toBe('dispensed');
    const found = await pharmacy.request('GET', `MedicationDispense?prescription=${id}&status=cancelled`);
    expect(found.body).toMatchObject({ total: 1, entry: [{ resource: { id: called } }] });
  });

  it('goes on being taken back after a lost answer and a restart, and is not carried on meanwhile', async () => {
    current = await delegate(
      all.filter((name) => name !== 'dispense'),
      current,
    );
    const sale = `S-${number}`;
    const called = /MedicationDispense\/(disp-\w+)/.exec(refusals(await sell(sale)).words)?.[1] ?? '';
    current = await delegate(all, current);
    for (const step of ['releaseReservation', 'capture']) {
      fhir.lost.push(step);
      expect((await takeBack(called)).status).toBe(500);
      await fhir.restart();
      expect(refusals(await sell(sale))).toMatchObject({ status: 409, codes: ['conflict'] });
    }
    expect(await packState()).toBe('active');
    expect((await prescription())?.dispenses).toEqual([]);
    expect(good(await takeBack(called)).status).toBe('cancelled');
    expect((await prescription())?.reservation).toBeUndefined();
  });

  it('is as before where nobody may release it, and goes on once it may', async () => {
    current = await delegate(
      all.filter((name) => name !== 'dispense' && name !== 'releaseReservation'),
      current,
    );
    const sale = `S-${number}`;
    const called = /MedicationDispense\/(disp-\w+)/.exec(refusals(await sell(sale)).words)?.[1] ?? '';
    expect(refusals(await takeBack(called)).status).toBe(403);
    expect(await packState()).toBe('decommissioned');
    current = await delegate(all, current);
    expect(good(await sell(sale))).toMatchObject({ id: called, status: 'completed' });
  });

  it('is not taken back once it is recorded, but goes on to its end', async () => {
    const sale = `S-${number}`;
    fhir.lost.push('dispense');
    expect((await sell(sale)).status).toBe(500);
    const { body } = await fhir.software.pharmacy.request('GET', `MedicationDispense?prescription=${id}`);
    const [found] = z.looseObject({ entry: z.array(z.looseObject({ resource: shape })) }).parse(body).entry;
    const called = found?.resource.id ?? '';
    expect(found?.resource.status).toBe('in-progress');
    expect(refusals(await takeBack(called)).status).toBe(409);
    expect(await packState()).toBe('decommissioned');
    expect(good(await sell(sale))).toMatchObject({ id: called, status: 'completed' });
    expect(await packState()).toBe('dispensed');
    expect(refusals(await takeBack(called, '2')).status).toBe(409);
  });
});
