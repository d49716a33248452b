import { describe, expect, it } from 'vitest';
import { checkResource } from '#fhir/r4/resource.ts';
import { entryForms, faultsOf, formsFor, initialValues, type Values, valuesOf } from './entryForms.ts';

const said = {
  id: 'entry-1',
  patient: `pt-0-${'a'.repeat(26)}`,
  author: { id: `prac-${'b'.repeat(26)}`, name: 'Dr Test' },
  recorded: '2026-03-01T10:00:00.000Z',
};
const today = '2026-03-01';

describe.each(entryForms)('$label', (form) => {
  const filled: Values = Object.fromEntries(
    form.fields.map(({ name, kind, options }) => [
      name,
      kind === 'choice'
        ? (options?.at(-1)?.value ?? '')
        : kind === 'number'
          ? '12,5'
          : kind === 'date'
            ? '2026-02-01'
            : kind === 'check'
              ? 'yes'
              : 'Some words',
    ]),
  );

  it('makes a resource that is valid, whatever was left empty', () => {
    const least = { ...initialValues(form, today) };
    for (const { name, kind, required } of form.fields) {
      if (required) least[name] = filled[name] ?? '';
      else if (kind !== 'choice') least[name] = '';
    }
    for (const values of [filled, least]) {
      expect(faultsOf(form, values, today)).toEqual({});
      const resource = form.build(said, values);
      expect(checkResource(resource)).toMatchObject({ ok: true });
      expect(resource.resourceType).toBe(form.type);
    }
  });

  it('says what is missing and what is no number or still to come', () => {
    const empty = Object.fromEntries(form.fields.map(({ name }) => [name, '']));
    const required = form.fields.filter((field) => field.required).map(({ name }) => name);
    expect(Object.keys(faultsOf(form, empty, today)).sort()).toEqual(required.sort());
    for (const { name, kind } of form.fields) {
      if (kind === 'number') expect(faultsOf(form, { ...filled, [name]: 'x' }, today)).toHaveProperty(name);
      if (kind === 'date') expect(faultsOf(form, { ...filled, [name]: '2026-03-02' }, today)).toHaveProperty(name);
    }
  });
});

it('a sensitive entry carries the label of its category', () => {
  const [form] = entryForms;
  const resource = form?.build({ ...said, category: 'mental' }, { what: 'Depression', status: 'active' });
  expect(resource?.meta?.security).toHaveLength(1);
});

describe('a correction', () => {
  it('stays of its type and kind', () => {
    const names = (entry: Parameters<typeof formsFor>[0]) => formsFor(entry).map(({ name }) => name);
    expect(names({ y: 'Condition', k: 'problem' })).toEqual(['problem']);
    expect(names({ y: 'Observation', k: 'vital' })).toEqual(['result', 'pressure']);
    expect(names({ y: 'Observation', k: 'social' })).toEqual(['finding']);
  });

  it('has no form for what would become another resource', () => {
    expect(formsFor({ y: 'MedicationRequest', k: 'medicine' })).toEqual([]);
    expect(formsFor({ y: 'DocumentReference', k: 'document' })).toEqual([]);
  });

  it('begins with what the chart shows of the entry', () => {
    const [form] = formsFor({ y: 'Procedure', k: 'procedure' });
    if (form === undefined) throw new Error('no form of a procedure');
    expect(valuesOf(form, { x: 'Appendectomy', a: '2019-04-02T08:00:00Z' }, today)).toEqual({
      ...{ what: 'Appendectomy', at: '2019-04-02', outcome: '', note: '' },
    });
    expect(valuesOf(form, { x: 'Appendectomy' }, today)).toMatchObject({ at: today });
  });
});
