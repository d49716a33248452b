import { beforeEach, expect, it, vi } from 'vitest';
import type { AccessView, FullAccess } from '../../model/access.ts';
import { type Category, categories } from '../../model/category.ts';
import type { OpenableDocument } from '../../model/healthRecord.ts';
import type { Page } from '../../model/registry.ts';
import { createRecordWorld, RecordCare, termsFor } from '../../testing/records.ts';
import { patientIds } from '../../testing/samples.ts';
import { SimulationStub } from '../../testing/stub.ts';
import { practitionerIdOf } from '../../testing/world.ts';

let care: RecordCare;

beforeEach(async () => {
  care = new RecordCare(await createRecordWorld());
  await care.open();
});

it('a patient grants, a doctor reads what is granted and nothing else, and the patient sees who read', async () => {
  const id = await care.add(1, 'clinical');
  await care.add(2, 'mental');
  await care.grant(1, termsFor('doctor'));
  const access = await care.requestAccess(1, { categories: ['clinical', 'mental'], purpose: 'TREAT' });
  const { doctor, patient } = care.world.people;
  const view = await care.evaluate<AccessView>(doctor, 'access:read', access);
  expect(view.categories.map(({ category }) => category)).toEqual(['clinical']);
  expect(view.withheld).toContain('mental');
  expect(view.categories[0]?.wrap?.reader).toBe(practitionerIdOf('doctor'));
  expect(view.categories[0]?.tail.map(({ document }) => document.id)).toEqual([id]);
  const opened = await care.evaluate<OpenableDocument[]>(doctor, 'access:readDocuments', access, JSON.stringify([id]));
  expect(opened[0]?.document.id).toBe(id);
  const log = await care.evaluate<Page<FullAccess>>(patient, 'access:listByPatient', patientIds.patient, '10', '');
  expect(log.items).toMatchObject([
    { id: access, reader: practitionerIdOf('doctor'), terms: { categories: ['clinical'], purpose: 'TREAT' } },
  ]);
});

it('takes as many questions to the peer for all parts as for one', async () => {
  await care.grant(1, termsFor('doctor', { categories: [...categories] }));
  const methods = ['getState', 'getPrivateData', 'getPrivateDataByPartialCompositeKey'] as const;
  const asked = async (seed: number, of: readonly Category[]) => {
    const access = await care.requestAccess(seed, { categories: [...of], purpose: 'TREAT' });
    const spies = methods.map((method) => vi.spyOn(SimulationStub.prototype, method));
    const view = await care.evaluate<AccessView>(care.world.people.doctor, 'access:read', access);
    const questions = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
    for (const spy of spies) spy.mockRestore();
    return { parts: view.categories.length, questions };
  };
  const one = await asked(1, ['clinical']);
  const all = await asked(2, categories);
  expect([one.parts, all.parts]).toEqual([1, 10]);
  expect(all.questions).toBe(one.questions);
  expect(all.questions).toBeLessThanOrEqual(16);
});
