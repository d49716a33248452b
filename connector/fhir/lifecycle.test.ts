import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { instant, institutions, patientIds } from '#chaincode/testing/samples.ts';
import { practitionerIdOf } from '#chaincode/testing/world.ts';
import { randomBytes } from '#crypto/bytes.ts';
import { newPickupCode, pickupHashOf } from '#crypto/pickup.ts';
import { openPatientWrap } from '#crypto/prescription.ts';
import { systems } from '#fhir/coding.ts';
import { products } from '#formulary/products.ts';
import type { FhirClient, Reply } from '../client/client.ts';
import {
  acceptanceOf,
  changeOf,
  endingOf,
  handOverOf,
  orderOf,
  renewalAnswerOf,
  renewalOf,
  renewing,
  withdrawalOf,
} from '../client/resources.ts';
import { checkAnswer } from '../testing/fhirAnswers.ts';
import { createFhirWorld, type FhirWorld } from '../testing/fhirWorld.ts';

/** What happens to a prescription besides issue and dispense, by a hospital's and two pharmacies' software on the real contracts. */

const amoxicillin = products.find(({ name, controlled }) => name === 'amoxicillin' && !controlled);
if (!amoxicillin) throw new Error('the formulary has other medicines');
const size = amoxicillin.packs[0]?.size ?? 0;

let fhir: FhirWorld;
beforeEach(async () => {
  fhir = await createFhirWorld([amoxicillin.code]);
});
afterEach(() => fhir.close());

const doctor = { id: practitionerIdOf('doctor'), name: 'Dr Weiss' };
const pharmacist = { id: practitionerIdOf('pharmacist'), name: 'Rosa Méndez' };
const other = { id: practitionerIdOf('otherPharmacist'), name: 'Elias Brandt' };
const patient = { pseudonym: patientIds.patient, name: 'Jonas Lind', birthDate: '1968-03-14', identifier: 'LK-1' };
const order = (number: string, quantity = size) =>
  orderOf({ patient, doctor, number, medicine: amoxicillin, quantity, repeats: 1 });

const value = z.looseObject({
  type: z.looseObject({ coding: z.array(z.looseObject({ code: z.string() })) }),
  valueString: z.string().optional(),
  valueIdentifier: z.looseObject({ value: z.string() }).optional(),
});
const shape = z.looseObject({
  ...{ id: z.string(), status: z.string(), meta: z.looseObject({ versionId: z.string() }) },
  extension: z.array(z.looseObject({ url: z.string(), valueString: z.string().optional() })).default([]),
  ...{ input: z.array(value).default([]), output: z.array(value).default([]) },
});
const good = ({ status, body }: Reply, wanted: 200 | 201 = 200) => {
  expect(status, JSON.stringify(body)).toBe(wanted);
  return shape.parse(checkAnswer(body));
};
const issues = z.looseObject({
  issue: z.array(z.looseObject({ code: z.string(), expression: z.array(z.string()).optional() })).min(1),
});
const refused = ({ status, body }: Reply) => {
  const [first] = issues.parse(checkAnswer(body)).issue;
  return `${status} ${first?.code} ${first?.expression?.[0] ?? ''}`.trim();
};
const get = (who: FhirClient, path: string) => who.request('GET', path);
const put = (who: FhirClient, type: string, body: { id: string }, version: string) =>
  who.request('PUT', `${type}/${body.id}`, body, { 'if-match': `W/"${version}"` });
/** At whatever version it is now. */
const change = async (who: FhirClient, body: { id: string }, type = 'Task') =>
  put(who, type, body, good(await get(who, `${type}/${body.id}`)).meta.versionId);
const tasks = async (who: FhirClient, query: string) => {
  const { body } = await get(who, `Task?${query}`);
  return z.looseObject({ entry: z.array(z.looseObject({ resource: shape })).default([]) }).parse(checkAnswer(body))
    .entry;
};
const issue = async (number: string, quantity?: number) => {
  const { id, extension } = good(
    await fhir.software.hospital.request('POST', 'MedicationRequest', order(number, quantity)),
    201,
  );
  return { id, code: extension.find(({ url }) => url === systems.accessCode)?.valueString ?? '' };
};
const held = async (number: string) => {
  const issued = await issue(number);
  good(await fhir.software.pharmacy.request('POST', 'Task', acceptanceOf(issued.code, pharmacist)), 201);
  return issued;
};
const onLedger = async (id: string) => {
  const seen = await fhir.sites.hospital.ledger.prescription(id);
  if (!seen) throw new Error(`no ${id}`);
  return seen.prescription;
};
const to = institutions.otherPharmacy.id;

describe('a transfer', () => {
  it('goes from one pharmacy’s software to another’s, which reads it without the code and dispenses', async () => {
    const { pharmacy, otherPharmacy } = fhir.software;
    const { id } = await held('A-1');
    expect(await tasks(otherPharmacy, 'status=requested')).toEqual([]);
    const offered = good(await change(pharmacy, changeOf(id, 'offer-transfer', { owner: pharmacist, to })));
    expect(offered.input[0]).toMatchObject({ valueIdentifier: { value: to } });
    expect(refused(await change(pharmacy, changeOf(id, 'offer-transfer', { to })))).toBe('409 conflict');

    const [found] = await tasks(otherPharmacy, `status=requested&patient:identifier=${patient.pseudonym}`);
    expect(found?.resource.id).toBe(id);
    expect((await get(otherPharmacy, `MedicationRequest/${id}`)).status).toBe(404);
    const accepted = good(await change(otherPharmacy, changeOf(id, 'accept-transfer', { owner: other })));
    expect(accepted.status).toBe('accepted');
    expect(good(await get(otherPharmacy, `MedicationRequest/${id}`))).toMatchObject({
      subject: { display: 'Jonas Lind' },
    });
    expect((await onLedger(id)).holder).toMatchObject({ institutionId: to, from: institutions.pharmacy.id });
    expect(await tasks(otherPharmacy, 'status=requested')).toEqual([]);

    // The first pharmacy handed nothing out: it sees once that it is gone, and keeps nothing.
    expect(good(await get(pharmacy, `Task/${id}`)).status).toBe('rejected');
    expect((await get(pharmacy, `MedicationRequest/${id}`)).status).toBe(404);
    const hand = handOverOf({
      ...{
        prescription: id,
        pharmacist: other,
        number: 'S-1',
        packs: [],
        quantity: { value: 5, unit: amoxicillin.unit },
        withoutSerial: 'old stock',
      },
      medicine: { text: 'amoxicillin' },
    });
    good(await otherPharmacy.request('POST', 'MedicationDispense', hand), 201);
    expect(await onLedger(id)).toMatchObject({ state: 'partial', left: 2 * size - 5 });
    expect((await onLedger(id)).dispenses[0]).toMatchObject({ withoutPacks: 'noSerial' });
  });

  it('is withdrawn by the one, or declined by the other', async () => {
    const { pharmacy, otherPharmacy } = fhir.software;
    const { id } = await held('A-1');
    const offer = () => change(pharmacy, changeOf(id, 'offer-transfer', { to }));
    good(await offer());
    expect(good(await change(pharmacy, changeOf(id, 'withdraw-transfer'))).input).toEqual([]);
    good(await offer());
    expect(refused(await change(otherPharmacy, changeOf(id, 'withdraw-transfer')))).toBe('422 value Task.owner');
    good(await change(otherPharmacy, changeOf(id, 'withdraw-transfer', { owner: other })));
    expect((await onLedger(id)).transfer).toBeUndefined();
    expect((await get(otherPharmacy, `Task/${id}`)).status).toBe(404);
  });

  it('of a prescription that was wrapped for a page takes the patient’s code besides', async () => {
    const { pharmacy, otherPharmacy } = fhir.software;
    const { id, code } = await held('A-1');
    good(await change(pharmacy, changeOf(id, 'offer-transfer', { to })));
    fhir.sites.otherPharmacy.readingSeed = randomBytes(32);
    const accept = (accessCode?: string) =>
      change(otherPharmacy, changeOf(id, 'accept-transfer', { owner: other, ...(accessCode && { accessCode }) }));
    expect(refused(await accept())).toBe('422 business-rule Task.input');
    const elsewhere = await issue('A-2');
    expect(refused(await accept(elsewhere.code))).toBe('403 security Task.input');
    expect((await onLedger(id)).holder?.institutionId).toBe(institutions.pharmacy.id);
    good(await accept(code));
    good(await get(otherPharmacy, `MedicationRequest/${id}`));
  });

  it('loses nothing with a lost answer', async () => {
    const { pharmacy, otherPharmacy } = fhir.software;
    const { id } = await held('A-1');
    good(await change(pharmacy, changeOf(id, 'offer-transfer', { to })));
    fhir.lost.push('acceptTransfer');
    const accept = () => change(otherPharmacy, changeOf(id, 'accept-transfer', { owner: other }));
    expect((await accept()).status).toBe(500);
    good(await accept());
    good(await get(otherPharmacy, `MedicationRequest/${id}`));
  });

  it.each([
    ['nobody', undefined, '422 value Task.input.valueIdentifier'],
    // Whose system accepts nothing, so that there is no key to wrap for.
    ['a hospital', institutions.hospital.id, '422 business-rule Task.input.valueIdentifier'],
    ['itself', institutions.pharmacy.id, '400 value'],
  ])('to %s is refused', async (_who, whom, expected) => {
    const { id } = await held('A-1');
    const reply = await change(
      fhir.software.pharmacy,
      changeOf(id, 'offer-transfer', whom === undefined ? {} : { to: whom }),
    );
    expect(refused(reply)).toBe(expected);
    expect((await onLedger(id)).transfer).toBeUndefined();
  });

  it('needs the version that is there, and whoever holds it', async () => {
    const { pharmacy, otherPharmacy, hospital } = fhir.software;
    const { id } = await held('A-1');
    const offer = changeOf(id, 'offer-transfer', { to });
    expect(refused(await pharmacy.request('PUT', `Task/${id}`, offer))).toBe('428 required');
    expect(refused(await put(pharmacy, 'Task', offer, '1'))).toBe('412 conflict');
    expect(refused(await change(hospital, offer))).toBe('403 forbidden');
    expect(refused(await put(otherPharmacy, 'Task', offer, '2'))).toBe('404 not-found');
  });
});

describe('a request to cancel', () => {
  it('reaches the holder’s software, which refuses it and then agrees', async () => {
    const { hospital, pharmacy } = fhir.software;
    const { id } = await held('A-1');
    const withdraw = () => change(hospital, withdrawalOf(order('A-1'), id, 'wrong dose'), 'MedicationRequest');
    expect(good(await withdraw()).status).toBe('active');
    const [asked] = await tasks(pharmacy, `focus=MedicationRequest/${id}`);
    expect(asked?.resource.input[0]).toMatchObject({ valueString: 'wrong dose' });
    expect(refused(await change(pharmacy, changeOf(id, 'refuse-cancel')))).toBe('422 required Task.statusReason');
    good(await change(pharmacy, changeOf(id, 'refuse-cancel', { reason: 'handed out already' })));
    expect(good(await get(hospital, `Task/${id}`)).output[0]).toMatchObject({ valueString: 'handed out already' });

    good(await withdraw());
    expect(refused(await change(pharmacy, endingOf(id, 'cancelled')))).toBe('422 required Task.statusReason');
    const agreed = good(await change(pharmacy, endingOf(id, 'cancelled', 'not handed out')));
    expect(agreed.status).toBe('cancelled');
    expect(good(await get(hospital, `MedicationRequest/${id}`)).status).toBe('cancelled');
  });

  it.each([
    ['the patient', 'not fetched by Mr LIND'],
    ['the patient’s number', 'lk 1 has died'],
    ['the medicine', 'Amoxicillin is not tolerated'],
  ])('says nothing of %s where everybody reads it', async (_what, words) => {
    const { hospital, pharmacy } = fhir.software;
    const { id } = await held('A-1');
    const withdrawal = withdrawalOf(order('A-1'), id, words);
    expect(refused(await change(hospital, withdrawal, 'MedicationRequest'))).toBe(
      '422 business-rule MedicationRequest.statusReason.text',
    );
    expect(refused(await change(pharmacy, endingOf(id, 'completed', words)))).toBe(
      '422 business-rule Task.statusReason.text',
    );
    const asked = good(await pharmacy.request('POST', 'Task', renewalOf(id, pharmacist)), 201);
    const denial = renewalAnswerOf(asked.id, { denies: doctor, reason: words });
    expect(refused(await change(hospital, denial))).toBe('422 business-rule Task.statusReason.text');
    expect((await onLedger(id)).version).toBe(2);
    expect(JSON.stringify(fhir.world.ledger.publicRecords)).not.toContain(words);
  });

  it('is answered only where somebody asks', async () => {
    const { pharmacy } = fhir.software;
    const { id } = await held('A-1');
    expect(refused(await change(pharmacy, endingOf(id, 'cancelled', 'nobody asked')))).toBe('409 conflict');
    expect(refused(await change(pharmacy, changeOf(id, 'refuse-cancel', { reason: 'nobody asked' })))).toBe(
      '409 conflict',
    );
    expect((await onLedger(id)).state).toBe('accepted');
  });
});

describe('a request for a renewal', () => {
  const ask = async (id: string) => fhir.software.pharmacy.request('POST', 'Task', renewalOf(id, pharmacist));

  it('is listed by the doctor’s software, and approved by a prescription that names it', async () => {
    const { hospital, pharmacy } = fhir.software;
    const { id } = await held('A-1');
    const asked = good(await ask(id), 201);
    expect(refused(await ask(id))).toBe('409 conflict');
    const [listed] = await tasks(hospital, 'code=renewal&status=requested');
    expect(listed?.resource).toMatchObject({ id: asked.id, focus: { reference: `MedicationRequest/${id}` } });

    const anew = await hospital.request('POST', 'MedicationRequest', renewing(order('A-2'), asked.id));
    const { id: next } = good(anew, 201);
    expect(anew.body).toMatchObject({ supportingInformation: [{ reference: `Task/${asked.id}` }] });
    const answered = good(await get(pharmacy, `Task/${asked.id}`));
    expect(answered).toMatchObject({ status: 'completed', businessStatus: { coding: [{ code: 'approved' }] } });
    expect(answered.output[0]).toMatchObject({ valueIdentifier: { value: next } });
    expect(await tasks(hospital, 'code=renewal&status=requested')).toEqual([]);
    const late = await hospital.request('POST', 'MedicationRequest', renewing(order('A-3'), asked.id));
    expect(refused(late)).toBe('409 conflict');
  });

  it('is answered by a changed prescription', async () => {
    const { id } = await held('A-1');
    const asked = good(await ask(id), 201);
    good(
      await fhir.software.hospital.request('POST', 'MedicationRequest', renewing(order('A-2', 2 * size), asked.id)),
      201,
    );
    expect(good(await get(fhir.software.pharmacy, `Task/${asked.id}`))).toMatchObject({
      businessStatus: { coding: [{ code: 'changed' }] },
    });
  });

  it('is denied with a reason, or withdrawn', async () => {
    const { hospital, pharmacy, otherPharmacy } = fhir.software;
    const { id } = await held('A-1');
    const first = good(await ask(id), 201);
    const denial = (reason: string) => change(hospital, renewalAnswerOf(first.id, { denies: doctor, reason }));
    expect(refused(await denial('no'))).toBe('422 required Task.statusReason');
    expect(good(await denial('please come and see me'))).toMatchObject({
      status: 'rejected',
      statusReason: { text: 'please come and see me' },
    });
    expect(refused(await denial('once more'))).toBe('409 conflict');

    const second = good(await ask(id), 201);
    expect((await get(otherPharmacy, `Task/${second.id}`)).status).toBe(404);
    const withdrawal = renewalAnswerOf(second.id, { withdraws: pharmacist });
    expect(refused(await put(pharmacy, 'Task', withdrawal, '9'))).toBe('412 conflict');
    expect(good(await change(pharmacy, withdrawal)).status).toBe('cancelled');
    expect(refused(await hospital.request('POST', 'MedicationRequest', renewing(order('A-9'), second.id)))).toBe(
      '409 conflict',
    );
  });

  it('is for what the pharmacy has to do with, and names what there is', async () => {
    const { hospital } = fhir.software;
    const { id } = await issue('A-1');
    expect(refused(await ask(id))).toBe('404 not-found');
    const none = renewing(order('A-2'), `rn-0-${'a'.repeat(26)}`);
    expect(refused(await hospital.request('POST', 'MedicationRequest', none))).toBe(
      '422 value MedicationRequest.supportingInformation',
    );
    const wrong = renewing(order('A-2'), id);
    expect(refused(await hospital.request('POST', 'MedicationRequest', wrong))).toBe(
      '422 value MedicationRequest.supportingInformation',
    );
  });
});

describe('a pickup', () => {
  it('counts its code once, and another is refused', async () => {
    const { pharmacy } = fhir.software;
    const { id } = await held('A-1');
    const call = { channel: 'care-0', contract: 'care', function: 'readWraps', args: [JSON.stringify([id])] };
    const answer = await fhir.world.ledger.evaluate({ ...call, caller: fhir.world.people.patient });
    const wrap = z.array(z.object({ wrap: z.string() })).parse(answer)[0]?.wrap ?? '';
    const { dataKey } = await openPatientWrap(fhir.reading.seed, id, patient.pseudonym, wrap);
    const code = newPickupCode();
    const pickup = { hash: pickupHashOf(dataKey, id, code), until: instant(60_000), kind: 'courier' };
    await fhir.world.ledger.submit({
      ...{ channel: 'care-0', contract: 'care', function: 'authorisePickup' },
      ...{ args: [id, JSON.stringify(pickup)], caller: fhir.world.people.patient },
    });
    const hand = (number: string, kind: 'courier' | 'representative', shown: string) =>
      pharmacy.request(
        'POST',
        'MedicationDispense',
        handOverOf({
          ...{
            prescription: id,
            pharmacist,
            number,
            packs: [],
            quantity: { value: 1, unit: amoxicillin.unit },
            withoutSerial: 'old stock',
          },
          ...{ pickup: { kind, code: shown }, medicine: { text: 'amoxicillin' } },
        }),
      );
    expect(refused(await hand('S-1', 'courier', 'x'))).toMatch(/^422 value MedicationDispense.extension/);
    expect(refused(await hand('S-2', 'courier', newPickupCode()))).toBe('409 conflict');
    expect(refused(await hand('S-3', 'representative', code))).toBe('409 conflict');
    good(await hand('S-4', 'courier', code.toLowerCase()), 201);
    expect(refused(await hand('S-5', 'courier', code))).toBe('409 conflict');
    expect((await onLedger(id)).dispenses).toMatchObject([{ handedTo: 'courier', quantity: 1 }]);
    expect(
      JSON.stringify(fhir.sites.pharmacy.kept.find(id)?.dispenses.filter(({ state }) => state === 'done')),
    ).not.toContain('pickupKey');
  });
});
