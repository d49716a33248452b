import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { patientIds } from '#chaincode/testing/samples.ts';
import { practitionerIdOf, submitToRegistry } from '#chaincode/testing/world.ts';
import { formatAccessCode } from '#crypto/accessCode.ts';
import { openAuthorWrap, openPatientWrap } from '#crypto/prescription.ts';
import { medicationConcept, systems } from '#fhir/coding.ts';
import { findProduct, products } from '#formulary/products.ts';
import type { FhirClient, Reply } from '../client/client.ts';
import { acceptanceOf, endingOf, handOverOf, orderOf } from '../client/resources.ts';
import { checkAnswer } from '../testing/fhirAnswers.ts';
import { createFhirWorld, deliverPacks, type FhirWorld } from '../testing/fhirWorld.ts';

/** A hospital's and a pharmacy's software against the real contracts, over HTTP. */

const amoxicillin = products.find(
  ({ name, form, controlled }) => name === 'amoxicillin' && form === 'capsule' && !controlled,
);
const ibuprofen = products.find(({ name, controlled }) => name === 'ibuprofen' && !controlled);
const controlled = products.find((product) => product.controlled);
if (!amoxicillin || !ibuprofen || !controlled) throw new Error('the formulary has other medicines');
const size = amoxicillin.packs[0]?.size ?? 0;

let fhir: FhirWorld;
beforeEach(async () => {
  fhir = await createFhirWorld([amoxicillin.code, ibuprofen.code, 'MP-14303']);
});
afterEach(() => fhir.close());

const doctor = { id: practitionerIdOf('doctor'), name: 'Dr Weiss' };
const pharmacist = { id: practitionerIdOf('pharmacist'), name: 'Rosa Méndez' };
const patient = { pseudonym: patientIds.patient, name: 'Jonas Lind', birthDate: '1968-03-14', identifier: 'LK-1' };
const order = (number: string, change: object = {}) => ({
  ...orderOf({ patient, doctor, number, medicine: amoxicillin, quantity: size, repeats: 1 }),
  ...change,
});
const shape = z.looseObject({ id: z.string(), status: z.string(), meta: z.looseObject({ versionId: z.string() }) });
const bundle = z.looseObject({
  total: z.number(),
  link: z.array(z.object({ relation: z.string(), url: z.string() })),
  entry: z.array(z.looseObject({ resource: shape })).default([]),
});
const extensions = z.looseObject({
  extension: z.array(z.looseObject({ url: z.string(), valueString: z.string().optional() })).default([]),
});
const outcome = z.looseObject({
  resourceType: z.literal('OperationOutcome'),
  issue: z.array(
    z.looseObject({ code: z.string(), expression: z.array(z.string()).optional(), details: z.unknown().optional() }),
  ),
});
const codeOf = ({ body }: Reply) =>
  extensions.parse(body).extension.find(({ url }) => url === systems.accessCode)?.valueString ?? '';
const issueOf = ({ status, body }: Reply) => {
  checkAnswer(body);
  const [first] = outcome.parse(body).issue;
  return `${status} ${first?.code} ${first?.expression?.[0] ?? ''}`.trim();
};
const good = ({ status, body }: Reply, wanted: 200 | 201 = 200) => {
  expect(status, JSON.stringify(body)).toBe(wanted);
  return shape.parse(checkAnswer(body));
};
const post = (who: FhirClient, type: string, body: unknown, headers?: Record<string, string>) =>
  who.request('POST', type, body, headers);
const get = (who: FhirClient, path: string, headers?: Record<string, string>) =>
  who.request('GET', path, undefined, headers);
const issue = async (number = 'A-1', change: object = {}) => {
  const reply = await post(fhir.software.hospital, 'MedicationRequest', order(number, change));
  return { ...good(reply, 201), reply, code: codeOf(reply) };
};
const accept = (code: string, who: FhirClient = fhir.software.pharmacy, by = pharmacist) =>
  post(who, 'Task', acceptanceOf(code, by));
const packsOf = (links: string[]) => links.map((link) => ({ link, batch: 'B-1', expiry: '2099-06-30' }));
const handOver = (prescription: string, number: string, links: string[], change: object = {}) => ({
  ...handOverOf({
    ...{ prescription, pharmacist, number, packs: packsOf(links) },
    medicine: { coding: [{ system: systems.product, code: amoxicillin.code }] },
  }),
  ...change,
});
const update = (who: FhirClient, type: string, body: { id: string }, version: string) =>
  who.request('PUT', `${type}/${body.id}`, body, { 'if-match': `W/"${version}"` });

describe('a whole prescription', () => {
  it('is issued by a hospital’s software, and taken on, handed out in packs and closed by a pharmacy’s', async () => {
    const { hospital, pharmacy } = fhir.software;
    const issued = await issue();
    expect(issued.reply.headers.get('location')).toBe(`${hospital.base}/MedicationRequest/${issued.id}`);
    expect(issued.code).toMatch(/^[0-9A-Z-]{33}$/);
    // No wallet of the doctor's is here, so that there is no token, which is said.
    expect(extensions.parse(issued.reply.body).extension).toContainEqual({ url: systems.token, valueCode: 'none' });
    const onLedger = await fhir.sites.hospital.ledger.prescription(issued.id);
    expect(onLedger?.prescription).toMatchObject({ author: doctor.id, via: fhir.devices.hospital.id, fills: 2 });

    const task = good(await accept(issued.code), 201);
    expect(task).toMatchObject({ id: issued.id, status: 'accepted' });
    const opened = good(await get(pharmacy, `MedicationRequest/${issued.id}`));
    expect(opened).toMatchObject({ subject: { display: 'Jonas Lind' }, status: 'active' });

    const [first = '', second = ''] = await deliverPacks(fhir.supply, amoxicillin.code, [1, 2], 'pharmacy');
    const dispensed = good(await post(pharmacy, 'MedicationDispense', handOver(issued.id, 'S-1', [first])), 201);
    expect(dispensed).toMatchObject({ status: 'completed', quantity: { value: size } });
    const gtin = amoxicillin.packs[0]?.gtin ?? '';
    expect(await fhir.supply.pack(1, gtin)).toMatchObject({ state: 'dispensed' });
    expect(good(await get(pharmacy, `Task/${issued.id}`))).toMatchObject({ status: 'in-progress' });
    expect(await get(hospital, `MedicationDispense/${dispensed.id}`)).toMatchObject({ status: 404 });

    const { meta } = good(await get(pharmacy, `Task/${issued.id}`));
    const closed = await update(
      pharmacy,
      'Task',
      endingOf(issued.id, 'completed', 'the rest is not needed'),
      meta.versionId,
    );
    expect(good(closed)).toMatchObject({ status: 'completed' });
    expect(good(await get(hospital, `MedicationRequest/${issued.id}`))).toMatchObject({
      status: 'stopped',
      statusReason: { text: 'the rest is not needed' },
    });
    const late = await post(pharmacy, 'MedicationDispense', handOver(issued.id, 'S-2', [second]));
    expect(issueOf(late)).toBe('409 conflict');
    expect(await fhir.supply.pack(2, gtin)).toMatchObject({ state: 'active' });
  });

  it('is written so that the patient opens it, and no other pharmacy', async () => {
    const issued = await issue();
    await accept(issued.code);
    const other = { id: practitionerIdOf('otherPharmacist'), name: 'Elias' };
    expect(issueOf(await accept(issued.code, fhir.software.otherPharmacy, other))).toBe('409 conflict');
    expect((await get(fhir.software.otherPharmacy, `MedicationRequest/${issued.id}`)).status).toBe(404);
    const wraps = async (who: 'patient' | 'doctor') => {
      const call = { channel: 'care-0', contract: 'care', function: 'readWraps', args: [JSON.stringify([issued.id])] };
      const answer = await fhir.world.ledger.evaluate({ ...call, caller: fhir.world.people[who] });
      return z.array(z.object({ wrap: z.string() })).parse(answer)[0]?.wrap ?? '';
    };
    const { seed } = fhir.reading;
    const opened = await openPatientWrap(seed, issued.id, patient.pseudonym, await wraps('patient'));
    expect(formatAccessCode(opened.code)).toBe(issued.code);
    expect(await openAuthorWrap(seed, issued.id, doctor.id, await wraps('doctor'))).toEqual(opened.dataKey);
    // The storage holds ciphertext alone, and the state of the ledger no word of it.
    const blocks = [...fhir.storage.blocks.values()].map((bytes) => Buffer.from(bytes).toString('latin1')).join();
    expect(blocks).not.toMatch(/Lind|amoxicillin/);
    expect(JSON.stringify(fhir.world.ledger.publicRecords)).not.toMatch(/Lind|amoxicillin|LK-1/);
  });

  it('is given back, and forgotten by the pharmacy that handed nothing out', async () => {
    const { pharmacy } = fhir.software;
    const issued = await issue();
    const task = good(await accept(issued.code), 201);
    good(await update(pharmacy, 'Task', endingOf(issued.id, 'rejected'), task.meta.versionId));
    expect((await get(pharmacy, `MedicationRequest/${issued.id}`)).status).toBe(404);
    expect((await fhir.sites.pharmacy.ledger.prescription(issued.id))?.prescription.state).toBe('active');
    good(await accept(issued.code), 201);
  });

  it('is withdrawn by its author while nobody holds it', async () => {
    const { hospital } = fhir.software;
    const issued = await issue();
    const withdrawn = { ...order('A-1'), id: issued.id, status: 'cancelled', statusReason: { text: 'wrong dose' } };
    expect(issueOf(await hospital.request('PUT', `MedicationRequest/${issued.id}`, withdrawn))).toBe('428 required');
    expect(issueOf(await update(hospital, 'MedicationRequest', withdrawn, '7'))).toBe('412 conflict');
    expect(good(await update(hospital, 'MedicationRequest', withdrawn, '1'))).toMatchObject({ status: 'cancelled' });
    expect(issueOf(await accept(issued.code))).toBe('409 conflict');
    const unchanged = { ...withdrawn, status: 'active' };
    expect(issueOf(await update(hospital, 'MedicationRequest', unchanged, '2'))).toBe(
      '422 value MedicationRequest.status',
    );
  });
});

describe('an answer that is lost', () => {
  it('loses and doubles nothing of an issue, also after a restart', async () => {
    const { hospital } = fhir.software;
    fhir.lost.push('issue');
    expect((await post(hospital, 'MedicationRequest', order('A-1'))).status).toBe(500);
    await fhir.restart();
    const condition = { 'if-none-exist': 'identifier=urn:example:order|A-1' };
    const again = await post(fhir.software.hospital, 'MedicationRequest', order('A-1'), condition);
    good(again);
    expect(codeOf(again)).toMatch(/^[0-9A-Z-]{33}$/);
    const found = bundle.parse((await get(fhir.software.hospital, 'MedicationRequest')).body);
    expect(found.total).toBe(1);
    expect(issueOf(await post(fhir.software.hospital, 'MedicationRequest', order('A-1')))).toBe('409 duplicate');
  });

  it.each(['reserve', 'capture', 'dispense'])('loses and doubles nothing of a hand-over: %s', async (step) => {
    const issued = await issue();
    await accept(issued.code);
    const [link = ''] = await deliverPacks(fhir.supply, amoxicillin.code, [1], 'pharmacy');
    fhir.lost.push(step);
    const sent = handOver(issued.id, 'S-1', [link]);
    expect((await post(fhir.software.pharmacy, 'MedicationDispense', sent)).status).toBe(500);
    await fhir.restart();
    const condition = { 'if-none-exist': 'identifier=urn:example:sale|S-1' };
    good(await post(fhir.software.pharmacy, 'MedicationDispense', sent, condition));
    const seen = await fhir.sites.pharmacy.ledger.prescription(issued.id);
    expect(seen?.prescription).toMatchObject({ left: size, state: 'partial' });
    expect(seen?.prescription.reservation).toBeUndefined();
    expect(await fhir.supply.pack(1, amoxicillin.packs[0]?.gtin)).toMatchObject({ state: 'dispensed' });
  });

  it('is answered 503 while the storage is away, and what was begun is not on the ledger', async () => {
    fhir.storage.away = true;
    expect((await post(fhir.software.hospital, 'MedicationRequest', order('A-1'))).status).toBe(503);
    fhir.storage.away = false;
    await issue('A-1');
    expect(bundle.parse((await get(fhir.software.hospital, 'MedicationRequest')).body).total).toBe(1);
  });
});

describe('what is refused', () => {
  it.each<[string, object, string]>([
    [
      'a free text dosage',
      { dosageInstruction: [{ text: 'as before' }] },
      '422 value MedicationRequest.dosageInstruction[0].timing',
    ],
    [
      'an unknown product',
      { medicationCodeableConcept: { text: 'x' } },
      '422 value MedicationRequest.medicationCodeableConcept',
    ],
    [
      'a controlled medicine',
      { medicationCodeableConcept: { coding: [{ system: systems.product, code: controlled.code }] } },
      '422 business-rule MedicationRequest.medicationCodeableConcept',
    ],
    ['an element that would be lost', { encounter: { display: 'x' } }, '422 not-supported MedicationRequest.encounter'],
    ['a patient without pseudonym', { subject: { reference: '#patient' } }, '422 value MedicationRequest.subject'],
    ['an unknown status', { status: 'prescribed' }, '400 value MedicationRequest.status'],
    [
      'a practitioner who delegated nothing',
      {
        requester: {
          identifier: { system: systems.practitioner, value: practitionerIdOf('otherDoctor') },
          display: 'X',
        },
      },
      '403 forbidden',
    ],
    [
      'Medloom’s own system',
      { identifier: [{ system: systems.prescription, value: 'x' }] },
      '422 value MedicationRequest.identifier[0]',
    ],
  ])('%s', async (_why, change, expected) => {
    const { hospital } = fhir.software;
    expect(issueOf(await post(hospital, 'MedicationRequest', order('A-1', change)))).toBe(expected);
    expect(bundle.parse((await get(hospital, 'MedicationRequest')).body).total).toBe(0);
  });

  it('packs that are another medicine, of somebody else, or unknown; and nothing stays reserved', async () => {
    const issued = await issue();
    await accept(issued.code);
    const { pharmacy } = fhir.software;
    const hand = (links: string[]) => post(pharmacy, 'MedicationDispense', handOver(issued.id, `S-${links[0]}`, links));
    const [other = ''] = await deliverPacks(fhir.supply, ibuprofen.code, [5], 'pharmacy');
    expect(issueOf(await hand([other]))).toBe('422 business-rule MedicationDispense.contained');
    const [elsewhere = ''] = await deliverPacks(fhir.supply, amoxicillin.code, [6], 'otherPharmacy');
    expect(issueOf(await hand([elsewhere]))).toBe('422 business-rule MedicationDispense.contained');
    expect(issueOf(await hand(['https://id.gs1.org/01/x']))).toMatch(/^422 value/);
    const seen = await fhir.sites.pharmacy.ledger.prescription(issued.id);
    expect(seen?.prescription).toMatchObject({ state: 'accepted', left: 2 * size });
    expect(seen?.prescription.reservation).toBeUndefined();
  });

  it('a substitute that the formulary excludes, once it does', async () => {
    const [plain, generic] = ['MP-14301', 'MP-14303'].map((code) => findProduct(code));
    if (!plain || !generic) throw new Error('the formulary lost its ramipril');
    const given = { patient, doctor, number: 'A-1', medicine: plain, quantity: plain.packs[0]?.size ?? 0, repeats: 1 };
    const reply = await post(fhir.software.hospital, 'MedicationRequest', orderOf(given));
    const { id } = good(reply, 201);
    await accept(codeOf(reply));
    const [first = '', second = ''] = await deliverPacks(fhir.supply, generic.code, [7, 8], 'pharmacy');
    const reason = { wasSubstituted: true, reason: [{ coding: [{ code: 'generic' }] }] };
    const change = { medicationCodeableConcept: medicationConcept(plain), substitution: reason };
    const hand = (link: string) =>
      post(fhir.software.pharmacy, 'MedicationDispense', handOver(id, `S-${link}`, [link], change));
    good(await hand(first), 201);
    const excluded = { code: generic.code, atc: generic.atc, tier: 'notCovered' };
    const terms = JSON.stringify({ scope: 'national', entries: [excluded] });
    await submitToRegistry(fhir.world, fhir.world.people.regulator, 'formulary:put', terms);
    expect(issueOf(await hand(second))).toBe('422 business-rule MedicationDispense.contained');
  });

  it('what was delegated no longer', async () => {
    const issued = await issue();
    await submitToRegistry(fhir.world, fhir.world.people.doctor, 'endDelegation', fhir.delegation('hospital'));
    expect(issueOf(await post(fhir.software.hospital, 'MedicationRequest', order('A-2')))).toBe('403 forbidden');
    expect(good(await get(fhir.software.hospital, `MedicationRequest/${issued.id}`)).status).toBe('active');
  });

  it('a wrong access code, and one that is none', async () => {
    await issue();
    expect(issueOf(await accept('0000-0000-0000-0000-0000-0000-000'))).toBe('403 security');
    expect(issueOf(await accept('what'))).toMatch(/^400 value/);
  });
});

describe('the interface', () => {
  it('says what it can, and how software gets in', async () => {
    const statement = await fetch(`${fhir.software.hospital.base}/metadata`);
    expect(statement.headers.get('content-type')).toContain('application/fhir+json');
    expect(checkAnswer(await statement.json())).toMatchObject({
      resourceType: 'CapabilityStatement',
      fhirVersion: '4.0.1',
    });
    const smart = await fetch(`${fhir.software.hospital.base}/.well-known/smart-configuration`);
    expect(await smart.json()).toMatchObject({ token_endpoint_auth_methods_supported: ['private_key_jwt'] });
  });

  it('is for tokens of this site with the scope for it', async () => {
    const { base, request } = fhir.software.hospital;
    const none = await fetch(`${base}/MedicationRequest`);
    expect(none.status).toBe(401);
    expect(none.headers.get('www-authenticate')).toBe('Bearer');
    expect(checkAnswer(await none.json())).toMatchObject({ issue: [{ code: 'login' }] });
    const reader = await fhir.connect('hospital', 'system/MedicationRequest.rs');
    expect(issueOf(await post(reader, 'MedicationRequest', order('A-1')))).toBe('403 forbidden');
    expect(issueOf(await get(reader, 'Medication'))).toBe('403 forbidden');
    expect((await get(reader, 'MedicationRequest')).status).toBe(200);
    // A token of the hospital's is nothing at the pharmacy's.
    const elsewhere = await request('GET', `${fhir.software.pharmacy.base}/MedicationRequest`);
    expect(elsewhere.status).toBe(401);
  });

  it('refuses what is no JSON, too long, of another type, or not served', async () => {
    const { hospital } = fhir.software;
    expect(issueOf(await post(hospital, 'MedicationRequest', '{'))).toBe('400 structure');
    expect(issueOf(await post(hospital, 'MedicationRequest', 'x'.repeat(300_000)))).toBe('413 too-long');
    expect(issueOf(await post(hospital, 'MedicationRequest', {}, { 'content-type': 'application/xml' }))).toBe(
      '415 not-supported',
    );
    expect(issueOf(await get(hospital, 'MedicationRequest', { accept: 'application/fhir+xml' }))).toBe(
      '406 not-supported',
    );
    expect(issueOf(await get(hospital, 'Patient/1'))).toBe('404 not-supported');
    expect(issueOf(await hospital.request('DELETE', 'MedicationRequest/rx-0-x'))).toBe('405 not-supported');
    expect(issueOf(await get(hospital, 'MedicationRequest?colour=red'))).toBe('400 not-supported');
    expect((await get(hospital, 'MedicationRequest?colour=red', { prefer: 'handling=lenient' })).status).toBe(200);
  });

  it('searches by patient, state and time, page by page', async () => {
    const { hospital } = fhir.software;
    const issued = [await issue('A-1'), await issue('A-2'), await issue('A-3')];
    const search = async (query: string) =>
      bundle.parse(checkAnswer((await get(hospital, `MedicationRequest?${query}`)).body));
    const first = await search('_count=2');
    expect(first).toMatchObject({ total: 3 });
    const next = first.link.find(({ relation }) => relation === 'next')?.url ?? '';
    const second = bundle.parse((await hospital.request('GET', next)).body);
    const ids = [...first.entry, ...second.entry].map(({ resource }) => resource.id);
    expect(ids.sort()).toEqual(issued.map(({ id }) => id).sort());
    const total = async (query: string) => (await search(query)).total;
    expect(await total(`patient:identifier=${systems.patient}|LK-1&_count=0`)).toBe(3);
    expect(await total(`subject:identifier=${systems.pseudonym}|${patient.pseudonym}`)).toBe(3);
    expect(await total('patient:identifier=LK-2')).toBe(0);
    expect(await total('identifier=urn:example:order|A-2')).toBe(1);
    expect(await total('status=active&authoredon=ge2020-01-01&authoredon=lt2999')).toBe(3);
    expect(await total('status=completed,stopped')).toBe(0);
    expect(await total('_lastUpdated=gt2999-01-01')).toBe(0);
    expect(issueOf(await get(hospital, 'MedicationRequest?authoredon=yesterday'))).toBe('400 value');
    const byPost = await hospital.request('POST', 'MedicationRequest/_search', 'patient:identifier=LK-1');
    expect(bundle.parse(byPost.body).total).toBe(3);
  });

  it('answers the formulary by code, ATC, GTIN and name', async () => {
    const { hospital } = fhir.software;
    expect(good(await get(hospital, `Medication/${amoxicillin.code}`)).id).toBe(amoxicillin.code);
    const total = async (query: string) =>
      bundle.parse(checkAnswer((await get(hospital, `Medication?${query}`)).body)).total;
    expect(await total(`code=${systems.product}|${amoxicillin.code}`)).toBe(1);
    expect(await total(`code=${amoxicillin.packs[0]?.gtin}`)).toBe(1);
    expect(await total(`code=${systems.atc}|${amoxicillin.atc}`)).toBe(
      products.filter(({ atc }) => atc === amoxicillin.atc).length,
    );
    expect(await total('code:text=amox')).toBeGreaterThan(1);
    expect(await total('_count=0')).toBe(products.length);
    expect(findProduct('MP-x')).toBeUndefined();
  });
});
