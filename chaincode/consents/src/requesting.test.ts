import { beforeEach, expect, it } from 'vitest';
import type { FullConsentRequest, RequestTerms } from '../../model/consent.ts';
import type { Page } from '../../model/registry.ts';
import { refusal, thrownCode } from '../../testing/ledger.ts';
import { createRecordWorld, ids, RecordCare, termsFor } from '../../testing/records.ts';
import { bytesOf, patientIds, serial } from '../../testing/samples.ts';
import { practitionerIdOf, suspend } from '../../testing/world.ts';
import { answer, requestActions } from './transitions.ts';

let care: RecordCare;

beforeEach(async () => {
  care = new RecordCare(await createRecordWorld());
  await care.open();
});

const { patient } = patientIds;
const terms: RequestTerms = { categories: ['clinical', 'hiv'], purposes: ['TREAT'], reason: 'before an operation' };
const list = (by = care.world.people.patient) =>
  care.evaluate<Page<FullConsentRequest>>(by, 'consents:listRequests', patient, '10', '');
const read = (by = care.world.people.doctor) =>
  care.evaluate<FullConsentRequest>(by, 'consents:readRequest', ids.request(1));

it('a clinician asks, the patient sees what for, and nobody else does', async () => {
  const { simulation } = await care.requestConsent(1, terms);
  expect(simulation.event?.name).toBe('ConsentChanged');
  const asked = { id: ids.request(1), patient, requester: practitionerIdOf('doctor'), state: 'open', terms };
  expect((await list()).items).toMatchObject([asked]);
  expect(await read()).toMatchObject(asked);
  expect(await read(care.world.people.patient)).toMatchObject(asked);
  expect(await refusal(read(care.world.people.otherDoctor))).toBe('NOT_AUTHORISED');
  expect(await refusal(read(care.world.people.otherPatient))).toBe('NOT_AUTHORISED');
  expect(await refusal(list(care.world.people.doctor))).toBe('NOT_REGISTERED');
});

it('is for clinicians in standing, of a patient with a record, once by an id', async () => {
  for (const name of ['admin', 'regulator', 'insurer', 'supplier'] as const) {
    expect(await refusal(care.requestConsent(1, terms, care.staff(name)))).toBe('NOT_AUTHORISED');
  }
  expect(await refusal(care.requestConsent(1, terms, care.patient))).toBe('NOT_REGISTERED');
  await care.requestConsent(1, terms);
  expect(await refusal(care.requestConsent(1, terms))).toBe('ALREADY_EXISTS');
  expect(await refusal(care.requestConsent(2, { ...terms, categories: [] }))).toBe('INVALID_ARGUMENT');
  const ask = (id: string, of: string) =>
    refusal(
      care.submit(care.world.people.doctor, 'consents:request', [JSON.stringify({ id, patient: of })], {
        consent: bytesOf(terms),
      }),
    );
  expect(await ask(`req-1-${serial(1)}`, patient)).toBe('WRONG_CHANNEL');
  expect(await ask(ids.request(3), `pt-0-${serial(99)}`)).toBe('NOT_FOUND');
  expect(await ask(ids.request(3), patientIds.otherPatient)).toBe('RECORD_NOT_OPENED');
  await suspend(care.world, 'doctor');
  expect(await refusal(care.requestConsent(4, terms))).toBe('SUSPENDED');
});

it('a consent for who asked answers it, once', async () => {
  await care.requestConsent(1, terms);
  const grant = (...[given, answers = ids.request(1)]: [Parameters<typeof termsFor>, string?]) =>
    refusal(care.grant(1, termsFor(...given), care.patient, { answers }));
  expect(await grant(['otherDoctor'])).toBe('INVALID_ARGUMENT');
  expect(await grant(['doctor', { decision: 'deny' }])).toBe('INVALID_ARGUMENT');
  expect(await grant(['doctor'], ids.request(2))).toBe('NOT_FOUND');
  await care.grant(1, termsFor('doctor'), care.patient, { answers: ids.request(1) });
  expect(await read()).toMatchObject({ state: 'granted', version: 2 });
  expect(await refusal(care.grant(2, termsFor('doctor'), care.patient, { answers: ids.request(1) }))).toBe(
    'WRONG_STATE',
  );
});

it('the owner declines, who asked withdraws', async () => {
  const act = (by: typeof care.patient, name: string) => care.submit(by.identity, `consents:${name}`, [ids.request(1)]);
  expect(await refusal(act(care.patient, 'decline'))).toBe('NOT_FOUND');
  await care.requestConsent(1, terms);
  expect(await refusal(act(care.staff('doctor'), 'decline'))).toBe('NOT_REGISTERED');
  expect(await refusal(act(care.staff('otherDoctor'), 'withdraw'))).toBe('NOT_AUTHORISED');
  await act(care.patient, 'decline');
  expect(await read()).toMatchObject({ state: 'declined' });
  expect(await refusal(act(care.staff('doctor'), 'withdraw'))).toBe('WRONG_STATE');
  await care.requestConsent(2, terms);
  await care.submit(care.world.people.doctor, 'consents:withdraw', [ids.request(2)]);
  expect((await list()).items.map(({ state }) => state).toSorted()).toEqual(['declined', 'withdrawn']);
});

it.each(requestActions)('what is answered is not answered again: %s', (action) => {
  for (const state of ['granted', 'declined', 'withdrawn'] as const) {
    const request = { id: 'r', patient, requester: 'p', institution: 'i', state, at: '', version: 2 };
    expect(thrownCode(() => answer(request, action))).toBe('WRONG_STATE');
  }
});
