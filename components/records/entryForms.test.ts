import { describe, expect, it } from 'vitest';
import { checkResource } from '#fhir/r4/resource.ts';
import { entryForms, faultsOf, initialValues, type Values } from './entryForms.ts';

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
      const checked = checkResource(form.build(said, values));
      expect(checked).toMatchObject({ ok: true });
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
