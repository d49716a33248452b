import { describe, expect, it } from 'vitest';
import { institutionProposal } from '#chaincode/model/records.ts';
import { employers } from '#chaincode/model/registry.ts';
import { channels } from '../channels.ts';
import { demonstrationPassword, demonstrationPin, institutions, invited, patients, staff } from './people.ts';

describe('the demonstration’s people', () => {
  it('are employed where the registry allows their role', () => {
    for (const person of staff) {
      const institution = institutions.find(({ id }) => id === person.institutionId);
      expect(employers[person.role], person.name).toContain(institution?.kind);
    }
  });

  it('belong to institutions that the registry accepts', () => {
    for (const { place: _, ...admission } of institutions)
      expect(institutionProposal.parse(admission)).toEqual(admission);
  });

  it('have e-mail addresses and identifiers of their own, under a name that nobody can own', () => {
    const everybody = [...staff, ...patients, invited];
    expect(new Set(everybody.map(({ email }) => email)).size).toBe(everybody.length);
    expect(everybody.every(({ email }) => email.endsWith('.example'))).toBe(true);
    expect(new Set([...patients, invited].map(({ identifier }) => identifier)).size).toBe(patients.length + 1);
    expect(demonstrationPassword.length).toBeGreaterThanOrEqual(12);
    expect(demonstrationPin.length).toBeGreaterThanOrEqual(6);
  });

  it('have an admin in every institution', () => {
    const administered = staff.filter(({ role }) => role === 'admin').map(({ institutionId }) => institutionId);
    expect(administered.toSorted()).toEqual(institutions.map(({ id }) => id).toSorted());
  });

  it('are one of each role, and patients on every care channel', () => {
    expect(new Set(staff.map(({ role }) => role)).size).toBe(6);
    const care = channels.filter(({ kind }) => kind === 'care').map(({ name }) => name);
    expect(new Set(patients.map(({ channel }) => `care-${channel}`))).toEqual(new Set(care));
  });
});
