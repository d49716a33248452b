import { beforeEach, describe, expect, it } from 'vitest';
import type { CategoryView, NewIndex } from '../../model/healthRecord.ts';
import { refusal } from '../../testing/ledger.ts';
import { createRecordWorld, ids, RecordCare, termsFor } from '../../testing/records.ts';
import { bytesOf, patientIds } from '../../testing/samples.ts';

let care: RecordCare;

beforeEach(async () => {
  care = new RecordCare(await createRecordWorld());
  await care.open();
  await care.add(1, 'clinical');
  await care.add(2, 'clinical');
});

const one = { id: ids.document(1), version: 1 };
const two = { id: ids.document(2), version: 1 };
const clinical = async () => {
  const views = await care.evaluate<CategoryView[]>(care.world.people.patient, 'records:readOwn', patientIds.patient);
  const view = views.find(({ category }) => category === 'clinical');
  return { head: view?.index?.version, by: view?.index?.by, tail: view?.tail.map(({ document }) => document.id) };
};
const refused = (...given: Parameters<RecordCare['putIndex']>) => refusal(care.putIndex(...given));

it('takes what it covers from the tail', async () => {
  await care.putIndex('clinical', 1, [one]);
  expect(await clinical()).toEqual({ head: 1, by: patientIds.patient, tail: [two.id] });
  await care.putIndex('clinical', 2, [two]);
  expect(await clinical()).toEqual({ head: 2, by: patientIds.patient, tail: [] });
});

describe('a document that changed', () => {
  it('comes back into the tail, and is covered in the version that it has then', async () => {
    await care.putIndex('clinical', 1, [one, two]);
    await care.retract(one.id);
    expect(await clinical()).toMatchObject({ tail: [one.id] });
    expect(await refused('clinical', 2, [one])).toBe('WRONG_STATE');
    await care.putIndex('clinical', 2, [{ ...one, version: 2 }]);
    expect(await clinical()).toMatchObject({ head: 2, tail: [] });
  });

  it('while an index was made is not lost', async () => {
    const record: NewIndex = { head: care.headOf('clinical', 1), covers: [one] };
    const transient = { record: bytesOf(record) };
    const order = care.order(care.patient.identity, 'records:putIndex', [patientIds.patient], transient);
    const endorsed = await care.world.ledger.endorse(order);
    await care.retract(one.id);
    expect(care.world.ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
  });
});

it('is the next version, for the present epoch, about documents of the category', async () => {
  expect(await refused('clinical', 2, [])).toBe('WRONG_STATE');
  expect(await refused('results', 1, [one])).toBe('INVALID_ARGUMENT');
  expect(await refused('clinical', 1, [{ ...one, id: ids.document(9) }])).toBe('NOT_FOUND');
  expect(await refused('clinical', 1, [], care.patient, { epoch: 2 })).toBe('STALE_KEY');
  expect(await refused('clinical', 1, [], care.patient, { signature: 'S'.repeat(96) })).toBe('INVALID_ARGUMENT');
  const asAnother = { ...care.patient, id: patientIds.otherPatient };
  expect(await refused('clinical', 1, [], asAnother)).toBe('INVALID_ARGUMENT');
});

it('is for the owner and for whom a consent permits the category to treat', async () => {
  const by = care.staff('doctor');
  expect(await refused('clinical', 1, [], by)).toBe('NO_CONSENT');
  await care.grant(1, termsFor('doctor', { categories: ['results'] }));
  expect(await refused('clinical', 1, [], by)).toBe('NO_CONSENT');
  await care.grant(2, termsFor('doctor', { purposes: ['HRESCH'] }));
  expect(await refused('clinical', 1, [], by)).toBe('NO_CONSENT');
  const consent = await care.grant(3, termsFor('doctor'));
  await care.putIndex('clinical', 1, [one], by);
  expect(await clinical()).toMatchObject({ head: 1, by: by.id });
  await care.revoke(consent, ['clinical']);
  expect(await refused('clinical', 2, [two], by)).toBe('NO_CONSENT');
});
