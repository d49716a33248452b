import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { patientIds } from '#chaincode/testing/samples.ts';
import { practitionerIdOf } from '#chaincode/testing/world.ts';
import { newPrescriptionId } from '#crypto/identifier.ts';
import { systems } from '#fhir/coding.ts';
import { products } from '#formulary/products.ts';
import type { FhirClient, Reply } from '../client/client.ts';
import { acceptanceOf, endingOf, handOverOf, orderOf } from '../client/resources.ts';
import { checkAnswer } from '../testing/fhirAnswers.ts';
import { createFhirWorld, type FhirWorld } from '../testing/fhirWorld.ts';

/** What each of a house's systems sees of what went through here, and what that asks of the ledger. */

const medicine = products.find(({ controlled, unit }) => !controlled && unit === 'capsule');
if (!medicine) throw new Error('the formulary has no capsules');
const doctor = { id: practitionerIdOf('doctor'), name: 'Dr Weiss' };
const pharmacist = { id: practitionerIdOf('pharmacist'), name: 'Rosa Méndez' };
const patient = { pseudonym: patientIds.patient, name: 'Jonas Lind', birthDate: '1968-03-14', identifier: 'LK-1' };

let fhir: FhirWorld;
beforeAll(async () => {
  fhir = await createFhirWorld([medicine.code]);
});
afterAll(() => fhir.close());

const answer = z.looseObject({
  id: z.string(),
  meta: z.looseObject({ versionId: z.string() }),
  extension: z.array(z.looseObject({ url: z.string(), valueString: z.string().optional() })).default([]),
});
const good = ({ status, body }: Reply, wanted: 200 | 201 = 200) => {
  expect(status, JSON.stringify(body)).toBe(wanted);
  return answer.parse(checkAnswer(body));
};
const codeIn = (reply: Reply, wanted: 200 | 201 = 200) =>
  good(reply, wanted).extension.find(({ url }) => url === systems.accessCode)?.valueString;
const get = (who: FhirClient, path: string) => who.request('GET', path);
const total = async (who: FhirClient, query: string) => {
  const reply = await get(who, query);
  return z.looseObject({ total: z.number() }).parse(checkAnswer(reply.body)).total;
};

let number = 0;
let sent: ReturnType<typeof orderOf>;
let id: string;
let code: string;
const create = (who: FhirClient) =>
  who.request('POST', 'MedicationRequest', sent, { 'if-none-exist': `identifier=urn:example:order|A-${number}` });
beforeEach(async () => {
  number += 1;
  sent = orderOf({ patient, doctor, number: `A-${number}`, medicine, quantity: 20, repeats: 1 });
  const reply = await create(fhir.software.hospital);
  code = codeIn(reply, 201) ?? '';
  ({ id } = good(reply, 201));
});
const accept = () => fhir.software.pharmacy.request('POST', 'Task', acceptanceOf(code, pharmacist));

describe('an access code', () => {
  it('is answered to the system that orders, when it orders and when it does so again, and to nobody who reads', async () => {
    const { hospital } = fhir.software;
    expect(code).toMatch(/^[0-9A-Z-]{33}$/);
    expect(codeIn(await create(hospital))).toBe(code);
    const archive = await fhir.connect('hospital', 'system/MedicationRequest.crs');
    for (const who of [hospital, archive]) {
      expect(codeIn(await get(who, `MedicationRequest/${id}`))).toBeUndefined();
      expect(JSON.stringify((await get(who, 'MedicationRequest')).body)).not.toContain(systems.accessCode);
    }
    expect(codeIn(await create(archive))).toBeUndefined();
  });

  it('is forgotten by the author’s system once somebody has accepted it, and by the pharmacy’s with the hold', async () => {
    const { hospital, pharmacy } = fhir.software;
    const kept = (site: 'hospital' | 'pharmacy') => fhir.sites[site].kept.find(id);
    expect(kept('hospital')?.code).toBeDefined();
    good(await accept(), 201);
    expect(codeIn(await create(hospital))).toBeUndefined();
    good(await get(hospital, `MedicationRequest/${id}`));
    expect(kept('hospital')).not.toHaveProperty('code');
    const { meta } = good(await get(pharmacy, `Task/${id}`));
    expect(kept('pharmacy')?.code).toBeDefined();
    const ending = endingOf(id, 'completed', 'not needed');
    good(await pharmacy.request('PUT', `Task/${id}`, ending, { 'if-match': `W/"${meta.versionId}"` }));
    expect(await total(pharmacy, `MedicationRequest?_id=${id}`)).toBe(1);
    await fhir.restart();
    for (const site of ['hospital', 'pharmacy'] as const) expect(kept(site)).not.toHaveProperty('code');
  });
});

describe('a system that asks in the names of some', () => {
  const scope = 'system/MedicationRequest.crus system/Task.crus system/MedicationDispense.crus';

  it('sees what was written and taken on in those names, and nothing else', async () => {
    good(await accept(), 201);
    const hand = handOverOf({
      ...{ prescription: id, pharmacist, number: `S-${number}`, packs: [], withoutSerial: 'old stock' },
      ...{ quantity: { value: 1, unit: medicine.unit }, medicine: { text: medicine.name } },
    });
    const dispense = good(await fhir.software.pharmacy.request('POST', 'MedicationDispense', hand), 201);
    const paths = {
      hospital: [`MedicationRequest/${id}`, `Task/${id}`],
      pharmacy: [`MedicationRequest/${id}`, `Task/${id}`, `MedicationDispense/${dispense.id}`],
    };
    const own = { hospital: doctor.id, pharmacy: pharmacist.id };
    const others = { hospital: practitionerIdOf('otherDoctor'), pharmacy: practitionerIdOf('colleague') };
    for (const site of ['hospital', 'pharmacy'] as const) {
      const [theirs, anothers] = [
        await fhir.connect(site, scope, [own[site]]),
        await fhir.connect(site, scope, [others[site]]),
      ];
      for (const path of paths[site]) {
        good(await get(theirs, path));
        expect((await get(anothers, path)).status).toBe(404);
        const [type = ''] = path.split('/');
        expect(await total(theirs, type)).toBeGreaterThan(0);
        expect(await total(anothers, type)).toBe(0);
      }
    }
    const other = await fhir.connect('hospital', scope, [others.hospital]);
    expect((await create(other)).status).toBe(403);
  });

  it('does not get another’s prescription by its number of an order', async () => {
    const other = { id: practitionerIdOf('otherDoctor'), name: 'Dr Okoye' };
    const client = await fhir.connect('hospital', scope, [other.id]);
    const { requester } = orderOf({ patient, doctor: other, number: `A-${number}`, medicine, quantity: 20 });
    const reply = await client.request(
      'POST',
      'MedicationRequest',
      { ...sent, requester },
      {
        'if-none-exist': `identifier=urn:example:order|A-${number}`,
      },
    );
    expect(reply.status).toBe(403);
    expect(JSON.stringify(reply.body)).not.toContain(patient.name);
  });
});

it('asks the ledger for what is answered, and never for all that was ever kept', async () => {
  const { hospital } = fhir.software;
  const site = fhir.sites.hospital;
  const one = site.kept.find(id);
  if (!one) throw new Error('nothing is kept');
  const asked: string[] = [];
  const { ledger } = site;
  site.ledger = {
    ...ledger,
    prescriptions: (ids) => {
      asked.push(...ids);
      return ledger.prescriptions(ids);
    },
  };
  const before = site.kept.all().length;
  const open = site.kept.all().filter(({ ended }) => !ended).length;
  // Others of years ago.
  const many = Array.from({ length: 2_000 }, () => newPrescriptionId(patient.pseudonym));
  const document = one.document.replace(/"authoredOn":"\d{4}/, '"authoredOn":"2019');
  const { code: _, ...rest } = one;
  await Promise.all(many.map((other) => site.kept.put({ ...rest, id: other, document, identifiers: [] })));

  const search = async (query: string) => {
    asked.length = 0;
    const { status, body } = await get(hospital, query);
    return { status, body, asked: asked.length };
  };
  expect(await search('MedicationRequest?_count=1')).toMatchObject({
    ...{ status: 200, asked: 1, body: { total: before + many.length, entry: [{ resource: { id } }] } },
  });
  expect(await search(`MedicationRequest?identifier=urn:example:order|A-${number}`)).toMatchObject({
    ...{ status: 200, asked: 1, body: { total: 1 } },
  });
  expect(await search('MedicationRequest?status=active&authoredon=ge2020')).toMatchObject({
    status: 200,
    asked: open,
  });
  expect(await search(`Task?focus=MedicationRequest/${id}`)).toMatchObject({
    status: 200,
    asked: 1,
    body: { total: 1 },
  });
  for (const query of ['MedicationRequest?status=active', 'Task?code=prescription']) {
    expect(await search(query)).toMatchObject({ status: 422, asked: 0, body: { issue: [{ code: 'too-costly' }] } });
  }

  // Those that have ended are not asked for again, not even after a restart.
  site.ledger = ledger;
  const withdrawn = { ...sent, id, status: 'cancelled', statusReason: { text: 'not needed' } };
  const { meta } = good(await get(hospital, `MedicationRequest/${id}`));
  good(await hospital.request('PUT', `MedicationRequest/${id}`, withdrawn, { 'if-match': `W/"${meta.versionId}"` }));
  const ended = site.kept.find(id)?.ended;
  if (!ended) throw new Error('its end is not kept');
  const endedAs = (other: string) => ({ ...ended, prescription: { ...ended.prescription, id: other } });
  await Promise.all(many.map((other) => site.kept.change(other, (now) => now && { ...now, ended: endedAs(other) })));
  await fhir.restart();
  const found = await get(fhir.software.hospital, 'MedicationRequest?status=cancelled&_count=0');
  expect(found.body).toMatchObject({ total: many.length + 1 });
}, 60_000);
